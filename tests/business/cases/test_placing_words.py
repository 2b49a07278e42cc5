"""A report without coordinates: its words give the place, or it waits for a person."""

from __future__ import annotations

import json

import pytest
import shapely

from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.models import Event
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow
from cityloop.city.gazetteer.commands import follow
from tests.business.cases.stories import received
from tests.world import World, cell_code, centre

NOWHERE = {"lon": None, "lat": None}


@pytest.fixture
def named(world: World) -> World:
    """A compound with two buildings in the second cell; the same name again in the fourth."""
    register_profile_kinds(actor=SYSTEM, now=world.now)
    rows = []
    one, two = (
        ((1, "云柳里小区3号楼"), (1, "云柳里小区5号楼")),
        ((2, "金桂苑1号楼"), (3, "金桂苑1号楼")),
    )
    for n, name in one + two:
        lon, lat = centre(n)
        lon += 0.0002 * len(rows)
        shape = shapely.box(lon - 5e-5, lat - 5e-5, lon + 5e-5, lat + 5e-5)
        rows.append(ElementRow(code=f"b{len(rows)}", name=name, lon=lon, lat=lat, geometry=shape))
    take(rows, kind="building", source="test", actor=SYSTEM, now=world.now)
    follow(now=world.now)
    return world


def case_of(world: World, **given: str) -> Case:
    return Case.objects.get(pk=received(world, **NOWHERE, **given).case_id)


def test_building_in_the_text_gives_cell_point_and_confidence_on_the_trace(named: World) -> None:
    case = case_of(named, title="路灯坏了", text="永宁社区云柳里小区3号楼门口路灯坏了")
    assert (case.located_by, case.cell_id) == ("address", named.area(cell_code(1)))
    assert case.lon == pytest.approx(centre(1)[0])
    data = json.loads(Event.objects.get(kind="case.receive", subject_id=case.pk).data)
    assert data["located_confidence"] > 0.9
    assert data["located_radius_m"] == 25, "a building"
    assert "云柳里" not in json.dumps(data, ensure_ascii=False), "where somebody lives stays out"


def test_address_as_people_shorten_it_is_read(named: World) -> None:
    case = case_of(named, title="路灯坏了", text="晚上看不见路", address="云柳里5栋")
    assert (case.located_by, case.cell_id) == ("address", named.area(cell_code(1)))


@pytest.mark.parametrize("address", ["金桂苑1号楼", "没有登记的花园8号楼", ""])
def test_two_places_or_none_wait_for_a_person(named: World, address: str) -> None:
    case = case_of(named, title="楼道堆物", text="楼道里堆满杂物", address=address)
    assert (case.located_by, case.cell_id, case.lon) == ("unknown", None, None)
    assert case.state == "reported"
