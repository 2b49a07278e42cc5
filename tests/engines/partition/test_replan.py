"""Dividing again moves few households, keeps numbers and locked cells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityloop.engines.partition import Building, check, plan_community, replan
from cityloop.engines.partition.model import Window
from tests.engines.partition.small_city import blocks


def grown(buildings: list[Building], share: float) -> list[Building]:
    """About a twentieth of all households more, in the buildings of one corner."""
    count = int(len(buildings) * share)
    return [
        replace(b, households=round(b.households * 1.6)) if n < count else b
        for n, b in enumerate(buildings)
    ]


def test_nothing_changed_then_nothing_moves() -> None:
    community, buildings, streets = blocks(4, 3)
    plan = plan_community(community, buildings, streets)
    again = replan(
        community, buildings, streets, existing=plan.polygons_of(community.code)
    )  # fmt: skip
    assert again.cell_of() == plan.cell_of()


def test_a_corner_grows_then_at_most_a_tenth_moves() -> None:
    community, buildings, streets = blocks(5, 4, households=55)
    plan = plan_community(community, buildings, streets)
    more = grown(buildings, 1 / 12)
    again = replan(community, more, streets, existing=plan.polygons_of(community.code))
    before, after = plan.cell_of(), again.cell_of()
    total = sum(b.households for b in more)
    moved = sum(b.households for b in more if before[b.code] != after[b.code])
    assert again.in_window() == 1.0
    assert check(community, more, again.polygons_of(community.code), Window()) == []
    assert 0 < moved <= 0.1 * total


def test_locked_cell_keeps_its_buildings_and_a_new_cell_a_new_number() -> None:
    community, buildings, streets = blocks(4, 3)
    plan = plan_community(community, buildings, streets)
    more = grown(buildings, 0.25)
    locked = plan.cells[-1]
    again = replan(
        community, more, streets, existing=plan.polygons_of(community.code),
        locked=[locked.number], taken=[40],
    )  # fmt: skip
    same = next(cell for cell in again.cells if cell.number == locked.number)
    assert same.buildings == locked.buildings
    new = {cell.number for cell in again.cells} - {cell.number for cell in plan.cells}
    assert new and min(new) > 40
    assert again.in_window() == 1.0


def test_cells_of_another_kind_of_grid_are_not_clung_to() -> None:
    community, buildings, streets = blocks(4, 3)
    small = plan_community(community, buildings, streets, window=Window(60, 120))
    few = Window(300, 500)
    again = replan(
        community, buildings, streets, existing=small.polygons_of(community.code), window=few
    )
    fresh = plan_community(community, buildings, streets, window=few)
    assert again.in_window() == fresh.in_window() == 1.0
    assert len(again.cells) == len(fresh.cells) < len(small.cells) / 2
    assert min(cell.number for cell in again.cells) > len(small.cells)


@pytest.mark.parametrize("window", [Window(240, 380), Window(380, 640), Window(350, 450)])
def test_a_very_different_window_is_met_as_from_nothing(window: Window) -> None:
    community, buildings, streets = blocks(5, 4, households=30)
    plan = plan_community(community, buildings, streets)
    again = replan(
        community, buildings, streets, existing=plan.polygons_of(community.code), window=window
    )
    fresh = plan_community(community, buildings, streets, window=window)
    assert again.in_window() == fresh.in_window() == 1.0
    numbers = {cell.number for cell in plan.cells}
    assert numbers & {cell.number for cell in again.cells}


def test_a_tower_that_outgrew_the_window_leaves_its_cell_and_nothing_else_moves_far() -> None:
    community, buildings, streets = blocks(5, 4, households=30)
    plan = plan_community(community, buildings, streets)
    tower = buildings[100]
    more = [replace(b, households=900) if b is tower else b for b in buildings]
    again = replan(community, more, streets, existing=plan.polygons_of(community.code))
    alone = next(cell for cell in again.cells if tower.code in cell.buildings)
    assert alone.buildings == (tower.code,)
    assert [c.key for c in again.cells if not Window().holds(c.weight)] == [alone.key]
    before, after = plan.cell_of(), again.cell_of()
    moved = sum(
        b.households for b in buildings if b is not tower and before[b.code] != after[b.code]
    )
    assert moved <= 0.15 * sum(b.households for b in buildings)
