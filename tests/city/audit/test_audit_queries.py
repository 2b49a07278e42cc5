import base64

import pytest
from trace_samples import NOW, recorded, signed_log

from cityloop.city.accounts.domain import PUBLIC, Holding, Role, Viewer
from cityloop.city.audit.commands import checkpoint, sequence
from cityloop.city.audit.domain import masked_text
from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.queries import (
    consistency,
    entries,
    latest_checkpoint,
    public_key,
    receipt,
    receipt_of,
    trace,
)
from cityloop.kernel.errors import DomainError
from cityloop.verify import check

pytestmark = pytest.mark.django_db
WORKER = Viewer("person", 7, holdings=(Holding(Role.HANDLER, department_id=1),))
AUDITOR = Viewer("person", 8, holdings=(Holding(Role.AUDIT_ADMIN),))


def test_trace_private_text_is_open_masked_or_hidden_by_viewer():
    recorded(1, private="请打13800138000找我")
    [opened] = trace("case", 1, viewer=WORKER, may_read_private=True)
    [masked] = trace("case", 1, viewer=WORKER)
    [hidden] = trace("case", 1, viewer=PUBLIC)
    assert opened.private == {"text": "请打13800138000找我"}
    assert masked.private == {"text": "请打138****8000找我"}
    assert hidden.private is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800138000。", "电话138****8000。"),
        ("138 0013 8000", "138****8000"),
        ("座机010-65123456", "座机010****3456"),
        ("11010519491231002X", "1****************X"),
        ("信箱 wang@example.cn", "信箱 w***@example.cn"),
        ("3号楼2单元1201室", "3号楼2单元1201室"),
        ("2026年8月5日", "2026年8月5日"),
        ("2026-08-05 10:30", "2026-08-05 10:30"),
        ("证号４３０１０３１９８５０３１２１２３４", "证号４****************４"),
        ("身份证 430103 1985 0312 1234", "身份证 4*******************4"),
        ("打138.0013.8000", "打138****8000"),
        ("并入案卷202611230101012", "并入案卷202611230101012"),
    ],
)
def test_masked_text_numbers_of_persons_are_hidden_others_stay(text, shown):
    assert masked_text(text) == shown


def test_receipt_of_signed_event_is_accepted_by_the_verifier():
    signed_log(300)
    assert check(receipt_of("case", 7, "case.receive"), public_key())[0] == 0


def test_receipt_changed_entry_is_refused_by_the_verifier():
    events = signed_log(20)
    shown = receipt(events[3].pk)
    shown["entry"] = shown["entry"].replace('"case":4', '"case":5')
    assert check(shown, public_key())[0] == 1


def test_receipt_unsigned_event_says_wait():
    signed_log(1)
    late = recorded(1)[0]
    with pytest.raises(DomainError) as refused:
        receipt(late.pk)
    assert (refused.value.code, refused.value.status) == ("ledger.not_signed_yet", 409)


def test_consistency_two_checkpoints_is_accepted_by_the_verifier():
    signed_log(5)
    first = latest_checkpoint().size
    recorded(8)
    sequence()
    checkpoint(now=NOW.replace(hour=9))
    assert check(consistency(first), signing_key().verify_key.text)[0] == 0


def test_consistency_unsigned_sizes_gives_hashes_and_beyond_is_refused():
    signed_log(5)
    shown = consistency(2, 5)
    assert shown["kind"] == "hashes"
    assert {len(base64.b64decode(h)) for h in shown["proof"]} == {32}
    with pytest.raises(DomainError) as refused:
        consistency(2, 6)
    assert refused.value.code == "ledger.size_unknown"


def test_entries_only_the_auditor_reads_them():
    signed_log(3, private="13800138000")
    assert [row.position for row in entries(viewer=AUDITOR, after=0)] == [1, 2]
    assert "13800138000" not in repr(entries(viewer=AUDITOR))
    with pytest.raises(DomainError) as refused:
        entries(viewer=WORKER)
    assert refused.value.status == 403
