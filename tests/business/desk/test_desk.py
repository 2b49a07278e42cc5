"""Queues with their counts; filters kept, shared, dropped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cityloop.business.cases.queries import case_page
from cityloop.business.desk import queries
from cityloop.business.desk.commands import MOST, drop_filter, save_filter
from cityloop.business.desk.domain import QUEUES, queues_of
from cityloop.business.desk.models import SavedFilter
from cityloop.business.desk.queries import filters_of
from cityloop.city.accounts.domain import ROLE_NAMES, Role
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from tests.business.cases.stories import Walk, unclassed
from tests.world import World

pytestmark = pytest.mark.django_db


def counts(world: World, who: str) -> dict[str, int]:
    return {q["key"]: q["n"] for q in queries.queues(world.viewer(who))}


def kept(world: World, who: str, name: str, **given: Any) -> SavedFilter:
    filters = given.pop("filters", {"state": "reported"})
    return save_filter(name, filters, actor=world.viewer(who), now=world.now, **given)


def test_each_queue_counts_what_its_list_shows(world: World) -> None:
    unclassed(world, 0)
    unclassed(world, 3)
    Walk(world, unclassed(world, 1)).to_handling()
    Walk(world, unclassed(world, 2)).file()
    for who in ("acceptor", "dispatcher", "handler", "community", "worker", "analyst"):
        for queue in queries.queues(world.viewer(who)):
            page = case_page(world.viewer(who), queue["filters"], order="due", limit=200)
            assert queue["n"] == len(page.items), (who, queue["key"])
    assert counts(world, "acceptor") | {"reported": 2, "mine": 2} == counts(world, "acceptor")
    assert counts(world, "dispatcher")["mine"] == counts(world, "dispatcher")["filed"] == 1
    assert counts(world, "handler")["mine"] == counts(world, "handler")["handling"] == 1
    assert counts(world, "community")["reported"] == 1


def test_a_returned_case_waits_for_the_dispatcher_in_a_queue_of_its_own(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", "return", reason="不属本单位职责")
    assert counts(world, "dispatcher")["returned"] == 1


def test_a_long_queue_is_counted_to_its_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNTED", 3)
    for n in range(4):
        unclassed(world, n)
    queue = queries.queues(world.viewer("acceptor"))[1]
    assert (queue["key"], queue["n"], queue["more"]) == ("reported", 2, True)


def test_every_staff_role_has_queues_and_every_queue_a_role() -> None:
    outside = {Role.CITIZEN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    for role in ROLE_NAMES:
        assert bool(queues_of([role])) == (role not in outside), role
    assert len({q.key for q in QUEUES}) == len(QUEUES)


def test_counts_cost_the_same_for_one_case_as_for_three(world: World) -> None:
    asked = []
    for n in range(3):
        unclassed(world, n)
        with CaptureQueriesContext(connection) as found:
            queries.queues(world.viewer("acceptor"))
        asked.append(len(found))
    assert asked[0] == asked[2]


def test_a_kept_filter_is_ones_own(world: World) -> None:
    kept(world, "acceptor", "我的待受理")
    assert [f.name for f in filters_of(world.viewer("acceptor"))] == ["我的待受理"]
    assert filters_of(world.viewer("dispatcher")) == []


def test_a_shared_filter_reaches_its_role_and_shows_each_only_their_own(world: World) -> None:
    unclassed(world, 0)
    unclassed(world, 3)
    row = kept(world, "district", "重点", role="supervisor_community", filters={"working": True})
    assert [f.name for f in filters_of(world.viewer("community"))] == ["重点"]
    assert queries.filter_out(world.viewer("community"), row)["n"] == 1
    assert queries.filter_out(world.viewer("district"), row)["n"] == 2
    assert filters_of(world.viewer("handler")) == []
    assert Event.objects.filter(kind="filter.shared").count() == 1


def test_one_shares_with_roles_of_ones_own_alone(world: World) -> None:
    kept(world, "dispatcher", "共享", role="dispatcher")
    for who, role in (("dispatcher", "acceptor"), ("district", "security_admin")):
        with pytest.raises(NotAllowed, match=r"filter\.share"):
            kept(world, who, "越权", role=role)


def test_nobody_changes_or_drops_anothers_filter(world: World) -> None:
    row = kept(world, "district", "重点", role="acceptor")
    with pytest.raises(NotFound):
        kept(world, "acceptor", "改名", filter_id=row.pk)
    with pytest.raises(NotFound):
        drop_filter(row.pk, actor=world.viewer("acceptor"), now=world.now)
    drop_filter(row.pk, actor=world.viewer("district"), now=world.now)
    assert filters_of(world.viewer("acceptor")) == []


def test_a_name_stands_once_and_filters_are_not_without_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(world, "acceptor", "甲")
    with pytest.raises(Conflict, match=r"filter\.name"):
        kept(world, "acceptor", " 甲 ")
    monkeypatch.setattr("cityloop.business.desk.commands.MOST", 1)
    with pytest.raises(DomainError, match=r"filter\.most"):
        kept(world, "acceptor", "乙")
    assert MOST > 1


def test_whoever_does_not_work_on_cases_keeps_nothing(world: World) -> None:
    for who in ("citizen", "system", "audit"):
        with pytest.raises(NotAllowed):
            kept(world, who, "甲")


def test_a_filter_whose_area_is_gone_has_no_count(world: World) -> None:
    row = SavedFilter(name="旧", filters={"area": 999_999}, owner=world.users["acceptor"])
    assert queries.filter_out(world.viewer("acceptor"), row)["n"] is None


def test_over_rest_a_filter_is_kept_changed_and_dropped(world: World) -> None:
    client = Client()
    client.force_login(world.users["acceptor"])
    given = {"name": "临期积水", "filters": {"alert": "near", "text": "积水"}, "order": "received"}
    made = client.post("/api/v1/desk/filters", given, content_type="application/json")
    assert (made.status_code, made.json()["filters"]) == (201, given["filters"])
    at = f"/api/v1/desk/filters/{made.json()['id']}"
    changed = client.put(at, {**given, "name": "改"}, content_type="application/json")
    assert changed.json()["name"] == "改"
    desk = client.get("/api/v1/desk").json()
    assert [f["name"] for f in desk["filters"]] == ["改"]
    assert client.delete(at).status_code == 204
    assert client.get("/api/v1/desk").json()["filters"] == []


@pytest.mark.parametrize(
    "filters",
    [{"no_such": 1}, {"text": "路"}, {"area": -1}, {"since": "yesterday"}, {"alert": "x"}],
)
def test_a_filter_that_cannot_be_asked_is_refused(world: World, filters: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world.users["acceptor"])
    body = json.dumps({"name": "坏", "filters": filters})
    answer = client.post("/api/v1/desk/filters", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert SavedFilter.objects.count() == 0


def test_a_request_for_more_time_is_counted_for_who_decides_it(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", "ask_extension", reason="材料未到")
    found = {}
    for who in ("dispatcher", "handler", "community"):
        client = Client()
        client.force_login(world.users[who])
        found[who] = client.get("/api/v1/desk").json()["approvals"]
    assert found == {"dispatcher": 1, "handler": 0, "community": 0}
