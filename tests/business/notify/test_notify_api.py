import pytest
from ninja.testing import TestClient

from cityloop.business.notify.api import router
from cityloop.business.notify.models import Webhook
from cityloop.city.accounts.domain import Holding, Role, Viewer
from cityloop.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
ADMIN = Viewer("person", 1, holdings=(Holding(Role.SYSTEM_ADMIN),))
CLERK = Viewer("person", 2, holdings=(Holding(Role.ACCEPTOR),))
GIVEN = {"name": "总台", "url": "https://other.example/hook", "kinds": ["case.close"]}
client = TestClient(router)


def test_create_answers_the_secret_once():
    made = client.post("", json=GIVEN, viewer=ADMIN)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    [listed] = client.get("", viewer=ADMIN).json()
    assert "secret" not in listed
    assert (listed["name"], listed["waiting"], listed["dead"]) == ("总台", 0, 0)


def test_change_what_is_given_and_nothing_else():
    made = client.post("", json=GIVEN, viewer=ADMIN).json()
    changed = client.patch(f"/{made['id']}", json={"active": False}, viewer=ADMIN).json()
    assert (changed["active"], changed["url"], changed["kinds"]) == (
        False,
        GIVEN["url"],
        ["case.close"],
    )


def test_redeliver_and_lists_answer_when_there_is_nothing():
    made = client.post("", json=GIVEN, viewer=ADMIN).json()
    assert client.post(f"/{made['id']}/redeliver", viewer=ADMIN).json() == {"count": 0}
    assert client.get("/deliveries?state=dead", viewer=ADMIN).json() == []


def test_everything_is_refused_to_others():
    webhook = client.post("", json=GIVEN, viewer=ADMIN).json()["id"]
    for call in (
        lambda: client.get("", viewer=CLERK),
        lambda: client.post("", json=GIVEN, viewer=CLERK),
        lambda: client.patch(f"/{webhook}", json={"active": False}, viewer=CLERK),
        lambda: client.post(f"/{webhook}/redeliver", viewer=CLERK),
        lambda: client.get("/deliveries", viewer=CLERK),
    ):
        with pytest.raises(DomainError) as refused:
            call()
        assert refused.value.status == 403
    assert Webhook.objects.get().active


@pytest.mark.parametrize(
    "change", [{"kinds": []}, {"name": ""}, {"url": "x" * 501}, {"area_id": -1}, {"kinds": "case"}]
)
def test_create_malformed_is_answered_422(change):
    assert client.post("", json=GIVEN | change, viewer=ADMIN).status_code == 422


def test_create_in_an_unknown_area_is_refused():
    with pytest.raises(DomainError) as refused:
        client.post("", json=GIVEN | {"area_id": 999_999}, viewer=ADMIN)
    assert refused.value.code == "webhook.area"
