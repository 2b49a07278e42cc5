"""One community from streets and buildings to cells."""

from __future__ import annotations

from cityloop.engines.partition import Window, check, plan_community
from tests.engines.partition.small_city import blocks


def test_community_of_blocks_is_divided_within_the_window() -> None:
    community, buildings, streets = blocks()
    plan = plan_community(community, buildings, streets)
    assert plan.findings == ()
    assert plan.in_window() == 1.0
    assert check(community, buildings, plan.polygons_of(community.code), Window()) == []


def test_same_seed_gives_the_same_cells() -> None:
    community, buildings, streets = blocks(4, 3)
    one = plan_community(community, buildings, streets, seed=3)
    again = plan_community(community, list(reversed(buildings))[::-1], streets, seed=3)
    assert one == again
