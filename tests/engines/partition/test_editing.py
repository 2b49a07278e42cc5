"""Merge, split, move and redraw: what changes, and what is told."""

from __future__ import annotations

import pytest
import shapely

from cityloop.engines.partition import (
    Community,
    Division,
    Window,
    check,
    look,
    merge,
    move_buildings,
    plan_community,
    put,
    redraw,
    split,
)
from cityloop.kernel.errors import DomainError
from tests.engines.partition.small_city import blocks


@pytest.fixture(scope="module")
def division() -> Division:
    community, buildings, streets = blocks(4, 3)
    plan = plan_community(community, buildings, streets)
    return Division(
        community, tuple(buildings), tuple(streets), plan.polygons_of(community.code)
    )  # fmt: skip


def beside(division: Division, number: int) -> int:
    """A cell that shares a border with this one."""
    own = division.cells[number]
    return next(
        n for n, s in division.cells.items()
        if n != number and shapely.intersection(own, s).length > 20
    )  # fmt: skip


def structural(edited: object) -> list[str]:
    """Findings that are not about weights."""
    return [
        f.kind for f in edited.findings  # type: ignore[attr-defined]
        if f.kind not in ("cell.below", "cell.above")
    ]  # fmt: skip


def test_a_good_division_has_nothing_to_tell(division: Division) -> None:
    assert look(division).findings == ()


def test_merge_then_split_tells_the_window_and_mends_it(division: Division) -> None:
    other = beside(division, 1)
    both = merge(division, [other, 1])
    assert both.changed == (1,)
    assert [f.kind for f in both.findings] == ["cell.above"]
    halves = split(both.division, 1)
    assert halves.findings == ()
    assert len(halves.changed) == 2
    assert max(halves.changed) > max(division.cells)  # the number of an ended cell stays unused
    untouched = set(division.cells) - {1, other}
    for number in untouched:
        assert halves.division.cells[number].equals(division.cells[number])


def test_cells_apart_are_not_merged(division: Division) -> None:
    far = max(division.cells, key=lambda n: division.cells[n].distance(division.cells[1]))
    with pytest.raises(DomainError, match=r"partition\.apart"):
        merge(division, [1, far])


def test_moved_building_takes_its_ground_and_cuts_nothing(division: Division) -> None:
    to = beside(division, 1)
    own = next(c for c in look(division).cells if c.number == 1)
    near = min(
        (b for b in division.buildings if b.code in own.buildings),
        key=lambda b: b.footprint.distance(division.cells[to]),
    )
    moved = move_buildings(division, [near.code], to)
    gained = next(c for c in moved.cells if c.number == to)
    assert near.code in gained.buildings
    assert structural(moved) == []
    assert moved.changed == tuple(sorted((1, to)))


def test_building_moved_to_a_far_cell_is_told_as_a_piece_apart(division: Division) -> None:
    far = max(division.cells, key=lambda n: division.cells[n].distance(division.cells[1]))
    own = next(c for c in look(division).cells if c.number == 1)
    assert "cell.pieces" in structural(move_buildings(division, own.buildings[:1], far))


def test_redrawn_border_goes_round_buildings(division: Division) -> None:
    to = beside(division, 1)
    drawn = shapely.buffer(division.cells[to], 30.0)
    assert structural(redraw(division, to, drawn)) == []


def test_locked_cell_is_neither_changed_nor_drawn_over(division: Division) -> None:
    to = beside(division, 1)
    held = Division(
        division.community, division.buildings, division.streets, division.cells,
        locked=frozenset([1]),
    )  # fmt: skip
    with pytest.raises(DomainError, match=r"partition\.locked"):
        split(held, 1)
    after = redraw(held, to, shapely.buffer(division.cells[to], 30.0))
    assert shapely.symmetric_difference(after.division.cells[1], division.cells[1]).area < 0.01


def test_polygons_put_by_hand_are_checked_against_every_rule(division: Division) -> None:
    bigger = shapely.buffer(division.cells[1], 20.0)
    kinds = {f.kind for f in put(division, {1: bigger}).findings}
    assert {"cell.overlap", "cell.beyond"} <= kinds
    smaller = shapely.buffer(division.cells[1], -20.0)
    assert {"cell.gap", "building.cut"} <= {f.kind for f in put(division, {1: smaller}).findings}


def test_unknown_cell_building_and_shape_are_refused(division: Division) -> None:
    with pytest.raises(DomainError, match=r"partition\.no_cell"):
        split(division, 99)
    with pytest.raises(DomainError, match=r"partition\.unknown_building"):
        move_buildings(division, ["nowhere"], 1)
    with pytest.raises(DomainError, match=r"partition\.geometry"):
        redraw(division, 1, shapely.Polygon())
    with pytest.raises(DomainError, match=r"partition\.too_few"):
        merge(division, [1])
    with pytest.raises(DomainError, match=r"partition\.indivisible"):
        split(division, 1, parts=1000)


def test_piece_that_strayed_is_where_the_finding_points() -> None:
    ground = Community("1", shapely.box(0, 0, 300, 100))
    stray = shapely.box(250, 40, 260, 50)
    cells = {
        1: shapely.union_all([shapely.box(0, 0, 100, 100), stray]),
        2: shapely.difference(shapely.box(100, 0, 300, 100), stray),
    }
    (found,) = [f for f in check(ground, [], cells, Window()) if f.kind == "cell.pieces"]
    assert stray.contains(shapely.Point(found.x, found.y))
