"""A grid worker looks at components of the own cells; what is handed in happens once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cityloop.business.cases.models import Case, Photo, Report
from cityloop.business.patrol import commands
from cityloop.business.patrol.models import Delivery
from cityloop.business.patrol.queries.inspections import checklists, own_inspections
from cityloop.business.patrol.receivers import defects
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.models import Event
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.models import Element, Inspection
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed
from tests.business.patrol.outings import MINUTE, new_id, send_photo
from tests.world import World, cell_code, centre

pytestmark = pytest.mark.django_db
LAMP = "component.lamp"
DAY = timedelta(days=1)


@pytest.fixture
def lamps(world: World) -> dict[str, int]:
    """One lamp in each of four cells; the worker answers for the cells of the first community."""
    register_profile_kinds(actor=SYSTEM, now=world.now)
    rows = [ElementRow(code=f"L{n}", name=f"路灯 {n}", lon=x, lat=y)
            for n, (x, y) in enumerate(map(centre, range(4)))]  # fmt: skip
    done = take(rows, kind=LAMP, source="test", actor=SYSTEM, now=world.now - 31 * DAY)
    assert done.new == 4
    return {row.code: row.pk for row in Element.objects.all()}


def hand_in(world: World, client_id: str, element_id: int, **given: Any) -> dict[str, Any]:
    given = {"result": "fine", "at": world.now, "now": world.now} | given
    who = given.pop("who", "worker")
    return commands.deliver_inspection(client_id, element_id, actor=world.viewer(who), **given)


def test_the_worker_finds_what_is_due_in_the_own_cells(
    world: World, lamps: dict[str, int], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(18):  # by kinds that stand there
        found = own_inspections(world.viewer("worker"), now=world.now)
    cells = {item["cell"] for item in found["items"]}
    assert (found["total"], cells) == (2, {cell_code(0), cell_code(1)})
    assert [kind["code"] for kind in found["kinds"]] == [LAMP]
    assert found["kinds"][0]["checks"] == checklists()[LAMP]
    hand_in(world, new_id(), lamps["L0"])
    left = own_inspections(world.viewer("worker"), now=world.now)
    assert [item["code"] for item in left["items"]] == ["L1"]


def test_whoever_is_no_worker_has_no_components_to_look_at(world: World) -> None:
    with pytest.raises(NotAllowed):
        own_inspections(world.viewer("acceptor"), now=world.now)


def test_an_inspection_sent_twice_is_one(world: World, lamps: dict[str, int]) -> None:
    key = new_id()
    first, again = hand_in(world, key, lamps["L0"]), hand_in(world, key, lamps["L0"])
    assert (first, again) == ({"repeated": False}, {"repeated": True})
    assert (Inspection.objects.count(), Case.objects.count()) == (1, 0)
    with pytest.raises(Conflict, match="came before with other content"):
        hand_in(world, key, lamps["L0"], result="gone")


def test_a_defect_is_reported_at_once_takes_photos_and_is_not_reported_again(
    world: World, lamps: dict[str, int]
) -> None:
    key = new_id()
    answer = hand_in(world, key, lamps["L1"], result="defect", note="灯杆倾斜、锈蚀")
    assert answer["number"] == Case.objects.get().number
    send_photo(world, new_id(), report=key)
    assert Photo.objects.get().report_id == Report.objects.get().pk
    event = Event.objects.get(kind="element.inspected")
    view = EventView(0, event.pk, event.at, event.kind, event.subject_type, event.subject_id,
                     event.actor_kind, event.actor_id, {"result": "defect"})  # fmt: skip
    defects([view], world.now + MINUTE)
    assert (Report.objects.count(), Report.objects.get().channel) == (1, "grid")


def test_a_photo_of_a_component_in_order_has_no_case_to_go_to(
    world: World, lamps: dict[str, int]
) -> None:
    key = new_id()
    hand_in(world, key, lamps["L0"])
    with pytest.raises(DomainError) as error:
        send_photo(world, new_id(), report=key)
    assert error.value.code == "delivery.nothing_wrong"


def test_what_was_seen_without_network_says_when(world: World, lamps: dict[str, int]) -> None:
    hand_in(world, new_id(), lamps["L0"], result="gone", now=world.now + 90 * MINUTE)
    assert "现场办理时间" in Inspection.objects.get().note


def test_a_refused_inspection_leaves_nothing_behind(world: World, lamps: dict[str, int]) -> None:
    with pytest.raises(DomainError) as error:
        hand_in(world, new_id(), lamps["L0"], result="defect")
    assert (error.value.code, Delivery.objects.count()) == ("element.note", 0)
    with pytest.raises(NotAllowed):  # of another community
        hand_in(world, new_id(), lamps["L2"])


def test_every_inspected_kind_of_the_profile_has_something_to_look_for() -> None:
    kinds = load_profile().toml("elements.toml")["kind"]
    known = {code for code in checklists() if code}
    assert known <= {code for code, kind in kinds.items() if kind.get("inspect_every_days")}
    for checks in checklists().values():
        keys = [check["key"] for check in checks]
        assert 3 <= len(keys) == len(set(keys))
        assert all(check["zh"] and check["en"] for check in checks)
