from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from ninja.testing import TestClient

from cityloop.business.cases.commands.reporters import follow_digest
from cityloop.business.cases.models import Case, Report, Reporter
from cityloop.business.notify import channels, receivers, tasks, texts
from cityloop.business.notify.api import notices
from cityloop.business.notify.domain import TEXT_OF
from cityloop.business.notify.models import Notice
from cityloop.business.notify.outbound import Answer
from cityloop.business.notify.queries import notices_of_reports
from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Holding, Role, Viewer
from cityloop.city.accounts.models import Department
from cityloop.city.audit import followers
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.audit.followers import Follower
from cityloop.city.db import write
from cityloop.city.jobs import registry, run
from cityloop.city.jobs.registry import JobKind
from cityloop.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_notices(monkeypatch) -> Iterator[None]:
    one = Follower("notices", receivers.tell_reporters, 500)
    kind = JobKind("notify.notice", tasks.send_one, True, 60)
    monkeypatch.setattr(followers, "FOLLOWERS", {"notices": one})
    for module in (registry, run):
        monkeypatch.setattr(module, "JOBS", {kind.kind: kind})
        monkeypatch.setattr(module, "PERIODIC", {})
        monkeypatch.setattr(module, "load", lambda: None)
    yield


def reported(number: str, *, into: Case | None = None, channel: str = "citizen", phone: str = ""):
    """(case, report) of one reporter; merged into another case where `into` says so."""
    case = Case.objects.create(
        number=number,
        state="merged" if into else "rejected",
        merged_into=into,
        title="井盖松动",
        channel=channel,
        stage_started_at=NOW,
        received_at=NOW,
        handle_due_at=NOW,
        lead_department=Department.objects.get_or_create(
            key="roads", defaults={"name_zh": "市政", "name_en": "Roads"}
        )[0],
    )
    report = Report.objects.create(
        channel=channel,
        external_id=number,
        case=case,
        title="井盖松动",
        received_at=NOW,
        content_hash="",
    )
    Reporter.objects.create(report=report, phone=phone)
    return case, report


def happen(case: Case, kind: str, private: dict[str, str] | None = None, **data: object) -> None:
    with write():
        record_many([Draft(kind, "case", case.pk, data, private)], actor=SYSTEM, now=NOW)
    run.run_until_quiet(NOW)


def told() -> list[tuple[int, str]]:
    return list(Notice.objects.order_by("pk").values_list("report_id", "text_zh"))


def test_every_reporter_of_merged_cases_is_told_under_the_own_number():
    main, first = reported("C1")
    middle, second = reported("C2", into=main)
    _, third = reported("C3", into=middle)
    happen(main, "case.dispatch")
    assert [report for report, _ in told()] == [first.pk, second.pk, third.pk]
    assert [n for n in ("C1", "C2", "C3") for _, text in told() if f"编号{n}的" in text] == [
        "C1",
        "C2",
        "C3",
    ]


def test_merging_names_the_case_it_goes_on_in():
    main, _ = reported("C1")
    other, second = reported("C2", into=main)
    happen(other, "case.merge", target_number="C1")
    [(report, text)] = told()
    assert report == second.pk
    assert "编号" in text and "C1" in text


def test_refusal_gives_the_reason_with_numbers_of_persons_masked():
    case, _ = reported("C1")
    happen(case, "case.reject", {"reason": "已由13800138000处理。"})
    [(_, text)] = told()
    assert "已由138****8000处理。" in text
    assert "13800138000" not in Notice.objects.get().text_en


def test_inner_steps_are_not_told():
    case, _ = reported("C1")
    for kind in ("case.comment", "case.near", "case.late", "case.urge", "case.reclassify"):
        happen(case, kind)
    assert told() == []


def test_report_without_a_place_is_asked_for_one():
    case, _ = reported("C1")
    happen(case, "case.receive", cell=None)
    assert "在什么地方" in told()[0][1]
    happen(case, "case.receive", cell=5)
    assert "已经收到" in told()[1][1]


def test_machine_or_file_without_contact_is_not_told_and_with_contact_is():
    case, _ = reported("C1", channel="sensor")
    happen(case, "case.file")
    assert told() == []
    Reporter.objects.update(phone="sealed")
    happen(case, "case.file")
    assert len(told()) == 1


def test_erased_reporter_is_not_told():
    case, _ = reported("C1")
    Reporter.objects.update(erased_at=NOW)
    happen(case, "case.file")
    assert told() == []


@pytest.mark.parametrize("key", sorted({*TEXT_OF.values(), "need_place"}))
def test_profile_has_a_text_in_both_languages(key):
    row = texts.template(key)
    assert row["zh"] and row["en"]


def test_template_that_is_missing_is_an_error_and_not_a_silence():
    with pytest.raises(DomainError) as refused:
        texts.template("nothing")
    assert refused.value.code == "text.missing"


def test_gateway_sends_to_the_phone_once_and_marks_it(receiver, monkeypatch):
    monkeypatch.setenv("CITYLOOP_NOTICE_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    profile = channels.load_profile()
    monkeypatch.setitem(profile.settings, "notices", {"channel": "gateway", "url": receiver.url})
    monkeypatch.setattr(channels, "phone_for_notice", lambda report_id, now: "13800138000")
    receiver.answers = [500]
    case, report = reported("C1", phone="sealed")
    happen(case, "case.close", {"text": "已修好"})
    assert Notice.objects.get().delivered_at is None
    later = NOW.replace(hour=10)
    run.run_until_quiet(later)
    assert Notice.objects.get().delivered_at == later
    assert [b["to"] for b in receiver.bodies()] == ["13800138000"] * 2
    assert len({h["webhook-id"] for h, _ in receiver.got}) == 1
    assert [n.text_zh for n in notices_of_reports([report.pk])] == [receiver.bodies()[0]["text_zh"]]


def test_a_number_that_the_gateway_says_back_is_not_kept(monkeypatch):
    """What it answers stands in the failed job and in the log."""
    monkeypatch.setenv("CITYLOOP_NOTICE_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    said = Answer(400, '{"to":"13800138000","error":"blocked"}')
    monkeypatch.setattr(channels, "post", lambda *_: said)
    monkeypatch.setattr(channels, "phone_for_notice", lambda report_id, now: "13800138000")
    with pytest.raises(DomainError, match="blocked") as refused:
        channels.send_by_gateway(Notice(pk=1, report_id=1), NOW)
    assert "13800138000" not in refused.value.en + refused.value.zh


def test_channel_nobody_has_is_refused(monkeypatch):
    profile = channels.load_profile()
    monkeypatch.setitem(profile.settings, "notices", {"channel": "pigeon"})
    with pytest.raises(DomainError) as refused:
        channels.chosen_channel()
    assert refused.value.code == "notice.channel"


def test_key_shows_the_own_notices_and_nobody_elses(client_of_notices):
    main, first = reported("C1")
    reported("C2", into=main)
    Reporter.objects.filter(report=first).update(follow_digest=follow_digest("key-one"))
    happen(main, "case.dispatch")
    shown = client_of_notices.get("/key-one").json()
    assert [n["kind"] for n in shown] == ["case.dispatch"]
    assert "C1" in shown[0]["text_zh"]
    with pytest.raises(DomainError) as refused:
        client_of_notices.get("/key-two")
    assert refused.value.status == 404


def test_staff_of_the_area_see_all_notices_of_a_case_and_citizens_do_not(client_of_notices):
    main, _ = reported("C1")
    reported("C2", into=main)
    happen(main, "case.dispatch")
    analyst = Viewer("person", 1, holdings=(Holding(Role.ANALYST),))
    assert len(client_of_notices.get(f"/case/{main.pk}", viewer=analyst).json()) == 2
    for viewer in (PUBLIC, Viewer("person", 2, holdings=(Holding(Role.CITIZEN),))):
        with pytest.raises(DomainError) as refused:
            client_of_notices.get(f"/case/{main.pk}", viewer=viewer)
        assert refused.value.status == 403


@pytest.fixture
def client_of_notices() -> TestClient:
    return TestClient(notices)
