import pytest
from ninja.testing import TestClient
from trace_samples import signed_log

from cityloop.city.accounts.domain import PUBLIC, Holding, Role, Viewer
from cityloop.city.audit.api import router
from cityloop.city.audit.keys import signing_key
from cityloop.kernel.errors import DomainError
from cityloop.verify import check

pytestmark = pytest.mark.django_db
AUDITOR = Viewer("person", 8, holdings=(Holding(Role.AUDIT_ADMIN),))
client = TestClient(router)


def test_checkpoint_and_consistency_are_open_and_verifiable():
    signed_log(5)
    shown = client.get("/checkpoint").json()
    assert (shown["size"], shown["public_key"]) == (5, signing_key().verify_key.text)
    hashes = client.get("/consistency?first=2").json()
    assert (hashes["first"], hashes["second"]) == (2, 5)


def test_proof_is_what_the_verifier_takes_and_not_for_the_public():
    events = signed_log(5)
    shown = client.get(f"/proof/{events[2].pk}", viewer=AUDITOR).json()
    assert check(shown, signing_key().verify_key.text)[0] == 0
    with pytest.raises(DomainError) as refused:
        client.get(f"/proof/{events[2].pk}", viewer=PUBLIC)
    assert refused.value.status == 401


def test_entries_page_by_position_with_masked_text():
    signed_log(5, private="13800138000")
    page = client.get("/entries?after=1&limit=2", viewer=AUDITOR).json()
    assert [(row["position"], row["private"]) for row in page] == [
        (2, {"text": "138****8000"}),
        (3, {"text": "138****8000"}),
    ]


@pytest.mark.parametrize(
    "path",
    ["/consistency?first=-1", "/consistency?first=x", "/entries?limit=201", "/entries?after=-2"],
)
def test_numbers_out_of_range_are_answered_422(path):
    assert client.get(path, viewer=AUDITOR).status_code == 422
