"""One element by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from tests.city.elements.conftest import lamp
from tests.world import LAT, LON, SIDE, areas_geojson, cell_code, centre

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.models import Event
from cityloop.city.elements import commands, queries
from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.models import Element
from cityloop.city.places.commands import import_areas
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

LAMP = "component.lamp"


@pytest.fixture
def admin(town):
    return town.viewer("system")


def test_an_added_component_gets_the_next_number_and_stands_in_its_cell(town, admin):
    first, second = (
        commands.add(lamp("", n), kind=LAMP, actor=admin, now=town.now) for n in (0, 1)
    )
    assert (first.code, second.code) == ("9901000137000001", "9901000137000002")
    assert second.cell_id == town.area(cell_code(1))
    kinds = Event.objects.filter(kind="element.added").count()
    assert kinds == 2


def test_a_change_keeps_the_rest_and_the_history(town, admin):
    made = commands.add(lamp("L1", name="A", address="x"), kind=LAMP, actor=admin, now=town.now)
    lon, lat = centre(3)
    later = town.now + timedelta(hours=1)
    moved = commands.change(made.pk, {"lon": lon, "lat": lat}, version=1, actor=admin, now=later)
    assert (moved.version, moved.address, moved.name) == (2, "x", "A")
    assert moved.cell_id == town.area(cell_code(3))
    past = queries.history(admin, moved.pk)
    assert [(r.version, r.valid_to) for r in past] == [(2, None), (1, later)]
    assert queries.one(admin, made.pk).pk == moved.pk, "an old id leads to the present version"


def test_a_change_of_an_old_version_is_refused(town, admin):
    made = commands.add(lamp("L1"), kind=LAMP, actor=admin, now=town.now)
    commands.change(made.pk, {"name": "B"}, version=1, actor=admin, now=town.now)
    with pytest.raises(Conflict) as error:
        commands.change(made.pk, {"name": "C"}, version=1, actor=admin, now=town.now)
    assert error.value.details == {"version": 2}


def test_a_new_shape_brings_its_own_point(town, admin, take_in):
    x, y = centre(0)
    take_in("building", ElementRow(code="B", geometry=shapely.box(x, y, x + 1e-4, y + 1e-4)))
    far = shapely.box(*centre(2), *(v + 1e-4 for v in centre(2)))
    row = commands.change(
        Element.objects.get().pk, {"geometry": far}, version=1, actor=admin, now=town.now
    )
    assert row.cell_id == town.area(cell_code(2))


def test_retired_is_gone_from_lists_and_stays_in_history(town, admin):
    made = commands.add(lamp("L1"), kind=LAMP, actor=admin, now=town.now)
    with pytest.raises(DomainError, match=r"element\.reason"):
        commands.retire(made.pk, reason="", version=1, actor=admin, now=town.now)
    commands.retire(made.pk, reason="拆除", version=1, actor=admin, now=town.now)
    assert queries.listed(admin, LAMP).rows == []
    assert len(queries.history(admin, made.pk)) == 1
    with pytest.raises(NotFound, match=r"element\.retired"):
        commands.change(made.pk, {"name": "B"}, version=1, actor=admin, now=town.now)


def test_a_known_code_is_not_added_twice_and_only_keepers_add(town, admin):
    commands.add(lamp("L1"), kind=LAMP, actor=admin, now=town.now)
    with pytest.raises(Conflict, match=r"element\.known"):
        commands.add(lamp("L1"), kind=LAMP, actor=admin, now=town.now)
    with pytest.raises(NotAllowed):
        commands.add(lamp("L2"), kind=LAMP, actor=town.viewer("worker"), now=town.now)


def test_lists_page_by_code_words_and_area(town, admin, take_in):
    take_in(LAMP, *(lamp(f"L{n}", n % 4, address=f"和安路{n}号") for n in range(5)))
    first = queries.listed(admin, LAMP, limit=2)
    assert [r.code for r in first.rows] == ["L0", "L1"]
    assert [r.code for r in queries.listed(admin, LAMP, after=first.cursor, limit=9).rows] == [
        "L2", "L3", "L4"]  # fmt: skip
    assert [r.code for r in queries.listed(admin, LAMP, words="和安路 3").rows] == ["L3"]
    in_cell = queries.listed(admin, LAMP, area_code=cell_code(0))
    assert [r.code for r in in_cell.rows] == ["L0", "L4"]


def test_a_box_is_walked_through_by_cursor_without_loss_or_repeat(town, admin, take_in):
    take_in(LAMP, *(lamp(f"L{n:02}", n % 4) for n in range(12)))
    line = shapely.LineString([(LON - 1, LAT + SIDE / 2), (LON + 1, LAT + SIDE / 2)])
    take_in("street", ElementRow(code="S", geometry=line))
    box, seen, cursor = (LON, LAT, LON + 2 * SIDE, LAT + SIDE), [], ""
    while cursor is not None:
        page = queries.in_box(admin, box, limit=2, cursor=cursor)
        seen += [r.code for r in page.rows]
        cursor = page.cursor
    assert sorted(seen) == ["L00", "L01", "L04", "L05", "L08", "L09", "S"]
    assert len(queries.in_box(admin, box, [LAMP]).rows) == 6
    with pytest.raises(DomainError, match=r"element\.box"):
        queries.in_box(admin, (2, 0, 1, 0))


def test_elements_follow_cells_that_are_published_anew(town, admin, take_in):
    take_in(LAMP, *(lamp(f"L{n}", n) for n in range(4)))
    assert commands.relocate(now=town.now) == 0
    wider = (
        areas_geojson()
        .replace("116.904", "116.9039")
        .replace(cell_code(1), cell_code(1)[:-1] + "9")
    )
    import_areas(wider, actor=SYSTEM, now=town.now)
    assert commands.relocate(now=town.now) == 1
    row = Element.objects.get(code="L1")
    assert row.cell_id == town.area(cell_code(1)[:-1] + "9")
    assert row.version == 1
    assert commands.relocate(now=town.now) == 0
