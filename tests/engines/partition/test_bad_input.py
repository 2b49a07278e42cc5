"""What cannot be used is refused by name; what is odd is told and goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from cityloop.engines.partition import (
    Building,
    Community,
    Plan,
    Street,
    Window,
    plan_community,
    plan_district,
)
from cityloop.kernel.errors import DomainError
from tests.engines.partition.small_city import blocks

SQUARE = Community("c", shapely.box(0, 0, 100, 100))
BOW = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def kinds(plan: Plan) -> list[str]:
    return [finding.kind for finding in plan.findings]


@pytest.mark.parametrize(
    ("communities", "buildings", "streets", "code"),
    [
        ([], [], [], "partition.no_communities"),
        ([SQUARE, SQUARE], [], [], "partition.code"),
        ([replace(SQUARE, code="")], [], [], "partition.code"),
        ([Community("c", BOW)], [], [], "partition.geometry"),
        ([Community("c", shapely.Polygon())], [], [], "partition.geometry"),
        ([SQUARE], [Building("b", BOW)], [], "partition.geometry"),
        ([SQUARE], [Building("b", shapely.Point(1, 1))], [], "partition.geometry"),
        ([SQUARE], [Building("b", shapely.box(1, 1, 2, 2), -1)], [], "partition.weight"),
        ([SQUARE], [Building("b", shapely.box(1, 1, 2, 2), 1.5)], [], "partition.weight"),
        ([SQUARE], [], [Street(shapely.Point(1, 1))], "partition.geometry"),
    ],
)
def test_input_that_cannot_be_used_is_refused(
    communities: list[Community], buildings: list[Building], streets: list[Street], code: str
) -> None:
    with pytest.raises(DomainError) as error:
        plan_district(communities, buildings, streets)
    assert error.value.code == code
    assert error.value.where


def test_window_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(DomainError, match=r"partition\.window"):
        Window(500, 300)


def test_building_outside_is_told_with_its_households() -> None:
    community, buildings, streets = blocks()
    stray = Building("stray", shapely.box(5000, 0, 5010, 10), 12)
    plan = plan_community(community, [*buildings, stray], streets)
    assert [(f.kind, f.where, f.amount) for f in plan.findings] == [
        ("building.outside", "stray", 12.0)
    ]


def test_building_over_the_border_is_told_and_belongs_to_one_cell() -> None:
    community, buildings, streets = blocks()
    over = Building("over", shapely.box(-6, 80, 14, 90), 10)
    plan = plan_community(community, [*buildings, over], streets)
    assert kinds(plan) == ["building.astride"]
    assert sum("over" in cell.buildings for cell in plan.cells) == 1


def test_overlapping_communities_are_told() -> None:
    other = Community("d", shapely.box(90, 0, 200, 100))
    assert "community.overlap" in kinds(plan_district([SQUARE, other], [], []))


def test_community_without_buildings_is_one_cell_and_a_remark() -> None:
    plan = plan_community(SQUARE, [], [Street(shapely.LineString([(50, -5), (50, 105)]))])
    assert kinds(plan) == ["community.empty"]
    assert not plan.findings[0].grave
    assert [cell.polygon.area for cell in plan.cells] == [pytest.approx(10_000)]


def test_community_too_small_for_a_cell_is_proved() -> None:
    plan = plan_community(SQUARE, [Building("b", shapely.box(10, 10, 30, 20), 120)], [])
    assert kinds(plan) == ["community.below", "cell.below"]
    assert all(f.proved for f in plan.findings)


def test_total_that_no_number_of_cells_fits_is_proved() -> None:
    homes = [Building(f"b{n}", shapely.box(20 * n, 10, 20 * n + 12, 20), 110) for n in range(5)]
    plan = plan_community(SQUARE, homes, [])
    assert kinds(plan)[0] == "community.no_count"
    assert "550" in plan.findings[0].en


def test_tower_of_900_households_is_a_cell_of_its_own() -> None:
    community, buildings, streets = blocks()
    tower = Building("tower", shapely.box(200, 20, 220, 35), 900)
    rest = [b for b in buildings if not b.footprint.intersects(tower.footprint)]
    plan = plan_community(community, [*rest, tower], streets)
    alone = next(cell for cell in plan.cells if "tower" in cell.buildings)
    assert alone.households == 900
    assert kinds(plan) == ["building.above", "cell.above"]
    assert all(f.proved for f in plan.findings)


def test_weights_that_cannot_be_packed_are_proved() -> None:
    """Four towers of 290: one alone is too light, two together are too heavy."""
    homes = [Building(f"b{n}", shapely.box(24 * n, 10, 24 * n + 15, 25), 290) for n in range(4)]
    plan = plan_community(SQUARE, homes, [])
    assert kinds(plan)[0] == "community.unpackable"
    assert plan.findings[0].proved


def test_overlapping_footprints_stay_together() -> None:
    community, buildings, streets = blocks()
    first = buildings[0].footprint.bounds
    twin = Building("twin", shapely.box(first[0] + 5, first[1] + 2, first[2] + 5, first[3]), 20)
    plan = plan_community(community, [*buildings, twin], streets)
    where = plan.cell_of()
    assert where["twin"] == where[buildings[0].code]


def test_community_that_is_a_sliver_is_refused_and_a_wide_one_is_not() -> None:
    plan_community(Community("1", shapely.box(0, 0, 1000, 3)), [], [])
    with pytest.raises(DomainError) as refused:
        plan_community(Community("1", shapely.box(0, 0, 1000, 0.001)), [], [])
    assert refused.value.code == "partition.sliver"


def test_sliver_between_street_and_border_joins_its_neighbour() -> None:
    community, buildings, streets = blocks(3, 2)
    width = community.polygon.bounds[2]
    beside = Street(shapely.LineString([(-10, 2.5), (width + 10, 3.5)]))
    plan = plan_community(community, buildings, [*streets, beside])
    assert kinds(plan) == []
    assert min(cell.polygon.area for cell in plan.cells) > 5_000
