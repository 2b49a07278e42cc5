"""One community from streets and buildings to cells, judged from outside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.partition import (
    Building,
    Community,
    Plan,
    Street,
    StreetClass,
    Window,
    plan_community,
    plan_district,
)
from tests.engines.partition.small_city import blocks
from tests.engines.partition.verifier import Verdict, verify

City = tuple[Community, list[Building], list[Street]]


def judge(communities: Sequence[Community], city: City, plan: Plan) -> Verdict:
    return verify(
        {c.code: c.polygon for c in communities},
        [b.footprint for b in city[1]],
        [b.households for b in city[1]],
        [s.line for s in city[2]],
        [(cell.community, cell.polygon) for cell in plan.cells],
    )


def test_blocks_of_slabs_become_cells_that_keep_every_rule() -> None:
    city = blocks(4, 3)
    plan = plan_community(*city)
    verdict = judge([city[0]], city, plan)
    assert plan.findings == ()
    assert verdict.faults == []
    assert verdict.in_window(300, 500) == 1.0
    assert verdict.households == [cell.households for cell in plan.cells]
    assert verdict.compactness > 0.55
    assert verdict.on_lines > 0.55


def test_same_seed_same_cells_and_another_seed_may_differ() -> None:
    city = blocks(4, 3)
    one, again = plan_community(*city, seed=3), plan_community(*city, seed=3)
    assert one == again
    others = [plan_community(*city, seed=s) for s in (4, 5, 6)]
    assert any(other != one for other in others)


def test_community_alone_is_divided_as_in_its_district() -> None:
    west, east = blocks(3, 2, code="110105001001"), blocks(3, 2, code="110105001002", east=540.0)
    both: City = (west[0], west[1] + east[1], west[2] + east[2])
    district = plan_district([west[0], east[0]], both[1], both[2])
    alone = plan_community(west[0], both[1], both[2])
    assert judge([west[0], east[0]], both, district).faults == []
    inside = [cell.buildings for cell in district.cells if cell.community == west[0].code]
    assert [cell.buildings for cell in alone.cells] == inside


def test_numbers_run_from_the_north_west() -> None:
    city = blocks(4, 3)
    plan = plan_community(*city)
    assert [cell.number for cell in plan.cells] == list(range(1, len(plan.cells) + 1))
    first, last = plan.cells[0].polygon.centroid, plan.cells[-1].polygon.centroid
    assert first.y > last.y
    assert plan.cells[0].code() == "110105001001001"


def test_window_of_another_theme_counts_its_own_weight() -> None:
    community, buildings, streets = blocks(3, 2)
    cases = [
        Building(b.code, b.footprint, b.households, {"cases": 1 + n % 3})
        for n, b in enumerate(buildings)
    ]
    window = Window(20, 32, weight="cases")
    plan = plan_community(community, cases, streets, window=window)
    assert plan.findings == ()
    assert all(20 <= cell.weight <= 32 for cell in plan.cells)
    assert sum(cell.weight for cell in plan.cells) == sum(b.weights["cases"] for b in cases)


def test_cells_do_not_span_the_arterial_where_they_need_not() -> None:
    city = blocks(4, 2, households=50)
    plan = plan_community(*city)
    arterial = next(s.line for s in city[2] if s.kind is StreetClass.ARTERIAL)
    spanning = [c for c in plan.cells if c.polygon.intersection(arterial).length > 20
                and c.polygon.buffer(-1).intersects(arterial)]  # fmt: skip
    assert spanning == []


def test_border_goes_round_footprints_not_through_them() -> None:
    """Long slabs set across each other: halfway lines between points would cut them."""
    community = Community("c", shapely.box(0, 0, 300, 300))
    rng = np.random.default_rng(5)
    prints = [
        shapely.affinity.rotate(
            shapely.box(x, y, x + 52, y + 9), float(rng.uniform(-40, 40)), origin="centroid"
        )
        for x in range(10, 240, 62) for y in range(20, 270, 42)
    ]  # fmt: skip
    homes = [Building(f"b{n}", p, 70) for n, p in enumerate(prints)]
    city: City = (community, homes, [])
    plan = plan_community(*city)
    verdict = judge([community], city, plan)
    assert verdict.faults == []
    assert verdict.in_window(300, 500) == 1.0


def test_building_on_a_street_line_stays_whole() -> None:
    community, buildings, streets = blocks(3, 2)
    on_line = Building("on-line", shapely.box(170, 60, 195, 80), 40)
    kept = [b for b in buildings if not b.footprint.intersects(on_line.footprint)]
    city: City = (community, [*kept, on_line], streets)
    plan = plan_community(*city)
    assert judge([community], city, plan).faults == []


def test_ring_street_hole_and_bay_are_no_trouble() -> None:
    """A community with a lake (hole) and a ring street around an inner block."""
    shape = shapely.box(0, 0, 600, 600).difference(shapely.Point(450, 450).buffer(60))
    ring = shapely.Point(200, 250).buffer(110).exterior
    homes = [
        Building(f"b{x}-{y}", shapely.box(x, y, x + 30, y + 12), 45)
        for x in range(15, 560, 55) for y in range(20, 560, 60)
        if shape.buffer(-2).contains(shapely.box(x, y, x + 30, y + 12))
    ]  # fmt: skip
    across = Street(shapely.LineString([(0, 400), (600, 380)]))
    city: City = (Community("c", shape), homes, [Street(ring), across])
    plan = plan_community(*city)
    verdict = judge([city[0]], city, plan)
    assert verdict.faults == []
    assert verdict.in_window(300, 500) == 1.0


@st.composite
def communities(draw: st.DrawFn) -> City:
    """Any quadrilateral, streets across it, footprints wherever they fit."""
    width, height = draw(st.integers(150, 500)), draw(st.integers(150, 500))
    lean = draw(st.integers(-60, 60))
    shape = shapely.Polygon([(0, 0), (width, lean), (width + lean, height), (-lean, height - 20)])
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    streets = [
        Street(shapely.LineString(rng.uniform(-50, 550, (2, 2))), kind)
        for kind in draw(st.lists(st.sampled_from(list(StreetClass)), max_size=5))
    ]
    homes: list[Building] = []
    inner = shape.buffer(-1)
    for n in range(draw(st.integers(0, 60))):
        x, y = rng.uniform(0, 500, 2)
        print_ = shapely.affinity.rotate(
            shapely.box(x, y, x + rng.uniform(8, 60), y + rng.uniform(8, 20)), rng.uniform(0, 180)
        )
        if inner.contains(print_) and not any(b.footprint.distance(print_) < 1 for b in homes):
            homes.append(Building(f"b{n}", print_, int(rng.integers(0, 150))))
    return Community("c", shape), homes, streets


@given(communities())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_any_community_is_covered_in_whole_pieces_without_cutting_homes(city: City) -> None:
    plan = plan_community(*city)
    verdict = judge([city[0]], city, plan)
    assert verdict.faults == []
    missed = [cell for cell in plan.cells if not 300 <= cell.households <= 500]
    told = {f.where for f in plan.findings if f.kind in ("cell.below", "cell.above")}
    if sum(b.households for b in city[1]):
        assert {cell.code() for cell in missed} == told
    else:
        assert [f.kind for f in plan.findings] == ["community.empty"]
