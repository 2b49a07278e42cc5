"""Rows into a register: located, compared, refused by row."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from tests.city.elements.conftest import lamp
from tests.world import COMMUNITIES, DISTRICT, LAT, LON, SIDE, cell_code, centre

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.models import Event
from cityloop.city.elements import queries
from cityloop.city.elements.commands import end_missing, take
from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.models import Element
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

LAMP = "component.lamp"


def counts(done):
    return done.new, done.changed, done.same, len(done.refused)


def square(cell: int, size: float = 0.0002):
    x, y = centre(cell)
    return shapely.box(x, y, x + size, y + size)


def test_rows_are_located_in_their_cell_and_community(town, take_in):
    assert counts(take_in(LAMP, lamp("L1", 0), lamp("L2", 3))) == (2, 0, 0, 0)
    rows = Element.objects.order_by("code")
    assert [r.cell_id for r in rows] == [town.area(cell_code(0)), town.area(cell_code(3))]
    assert [r.community_id for r in rows] == [town.area(c) for c in COMMUNITIES]


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(town, take_in):
    take_in(LAMP, lamp("L1"))
    before = Event.objects.count()
    assert counts(take_in(LAMP, lamp("L1"))) == (0, 0, 1, 0)
    assert Event.objects.count() == before


def test_a_change_closes_the_version_and_opens_the_next(town, take_in):
    take_in(LAMP, lamp("L1", name="old"))
    later = town.now + timedelta(days=1)
    assert counts(take_in(LAMP, lamp("L1", name="new"), now=later)) == (0, 1, 0, 0)
    rows = Element.objects.order_by("version").values_list(
        "version", "name", "valid_from", "valid_to"
    )
    assert list(rows) == [(1, "old", town.now, later), (2, "new", later, None)]


def test_a_retired_code_that_comes_back_goes_on_counting_versions(town, take_in):
    take_in(LAMP, lamp("L1"), lamp("L2"))
    gone = end_missing(
        kind=LAMP, source="test", codes={"L2"}, most_share=0.5, actor=SYSTEM, now=town.now
    )
    assert (gone.gone, gone.held) == (1, False)
    assert counts(take_in(LAMP, lamp("L1"))) == (1, 0, 0, 0)
    assert list(Element.objects.filter(code="L1").values_list("version", flat=True)) == [1, 2]


def test_dry_run_tells_the_same_and_writes_nothing(town, take_in):
    take_in(LAMP, lamp("L1"))
    rows = lamp("L1", name="x"), lamp("L2"), lamp("L3", lon=None)
    assert counts(take_in(LAMP, *rows, dry_run=True)) == (1, 1, 0, 1)
    assert Element.objects.count() == 1


def test_refused_rows_name_row_code_and_reason_and_the_others_are_taken(town, take_in):
    x, y = centre(0)
    done = take_in(
        LAMP,
        lamp("swapped", lon=y, lat=x),
        lamp("nowhere", lon=None),
        lamp("null", lon=0.0, lat=0.0),
        lamp("", source_key=""),
        lamp("x" * 81),
        lamp("tall", properties={"height_m": "12"}),
        lamp("line", geometry=shapely.LineString([(x, y), (x + 0.001, y)])),
        lamp("broken", geometry=b"\x01\x02"),
        lamp("good"),
        lamp("good"),
        lamp("homes", households=-1),
    )
    assert [(r.row, r.error.code) for r in done.refused] == [
        (1, "place.swapped"),
        (2, "element.no_place"),
        (3, "place.null_island"),
        (4, "element.no_code"),
        (5, "element.too_long"),
        (6, "element.field"),
        (7, "element.geometry_type"),
        (8, "element.geometry"),
        (10, "element.twice"),
        (11, "element.households"),
    ]
    assert done.new == 1


def test_polygons_keep_shape_box_and_a_point_inside(town, take_in):
    bow = shapely.Polygon(
        [(LON, LAT), (LON + 1e-3, LAT + 1e-3), (LON + 1e-3, LAT), (LON, LAT + 1e-3)]
    )
    done = take_in(
        "building",
        ElementRow(code="B1", geometry=square(1).wkb, households=120),
        ElementRow(code="B2", geometry=bow),
    )
    assert [(r.code, r.error.code) for r in done.refused] == [("B2", "element.geometry")]
    point = take_in("compound", ElementRow(code="C1", lon=LON, lat=LAT))
    assert [r.error.code for r in point.refused] == ["element.geometry_type"]
    columns = queries.arrays("building")
    assert columns.shapes[0].equals(square(1))
    assert tuple(columns.boxes[0]) == square(1).bounds
    assert columns.shapes[0].contains(shapely.Point(columns.lon[0], columns.lat[0]))
    assert columns.households.tolist() == [120]


def test_components_without_code_are_numbered_once_by_their_key(town, take_in):
    rows = [lamp("", n % 2, source_key=f"k{n}") for n in range(3)]
    take_in(LAMP, *rows)
    codes = [f"{DISTRICT}0137{n:06d}" for n in (1, 2, 3)]
    assert sorted(queries.arrays(LAMP).code) == codes
    again = [lamp("", n % 2, source_key=f"k{n}") for n in range(4)]
    assert counts(take_in(LAMP, *again)) == (1, 0, 3, 0)


def test_elements_outside_every_cell_are_taken_and_counted(town, take_in):
    assert take_in(LAMP, lamp("far", lon=LON + 1)).outside == 1
    assert Element.objects.get().cell_id is None


def test_arrays_by_area_by_box_and_by_touch(town, take_in):
    take_in(LAMP, *(lamp(f"L{n}", n) for n in range(4)))
    assert queries.arrays(LAMP, COMMUNITIES[1]).code.tolist() == ["L2", "L3"]
    assert queries.arrays(LAMP, cell_code(1)).code.tolist() == ["L1"]
    assert len(queries.arrays(LAMP, DISTRICT)) == 4
    box = (LON, LAT, LON + SIDE, LAT + SIDE)
    assert queries.arrays(LAMP, bbox=box).code.tolist() == ["L0"]
    y = LAT + SIDE / 2
    street = shapely.LineString([(LON - SIDE, y), (LON + 2.1 * SIDE, y)])
    take_in("street", ElementRow(code="S1", geometry=street))
    assert len(queries.arrays("street", COMMUNITIES[1])) == 0
    assert len(queries.arrays("street", COMMUNITIES[1], touching=True)) == 1
    assert len(queries.arrays("street", cell_code(3), touching=True)) == 0


def test_who_is_no_keeper_and_what_is_no_kind_are_refused(town):
    with pytest.raises(NotAllowed):
        take([], kind=LAMP, source="x", actor=town.viewer("dispatcher"), now=town.now)
    with pytest.raises(NotFound, match=r"component\.lamp"):
        take([], kind="component.lmp", source="x", actor=SYSTEM, now=town.now)
    with pytest.raises(DomainError, match=r"element\.source"):
        take([], kind=LAMP, source="", actor=SYSTEM, now=town.now)
