"""The judge must be able to say no."""

from __future__ import annotations

import shapely

from tests.engines.partition.verifier import Verdict, verify

WHOLE = {"c": shapely.box(0, 0, 200, 100)}
HOMES = [shapely.box(20, 20, 60, 40), shapely.box(120, 20, 160, 40)]


def judged(*cells: shapely.Polygon) -> Verdict:
    return verify(WHOLE, HOMES, [10, 20], [], [("c", cell) for cell in cells])


def test_two_halves_are_right_and_counted_by_polygon() -> None:
    verdict = judged(shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    assert verdict.faults == []
    assert verdict.households == [10, 20]
    assert verdict.on_lines == 600 / 800


def test_gap_overlap_crossing_and_pieces_are_seen() -> None:
    left = shapely.box(0, 0, 100, 100)
    assert judged(left, shapely.box(110, 0, 200, 100)).faults != []
    assert judged(left, shapely.box(90, 0, 200, 100)).faults != []
    assert judged(left, shapely.box(100, 0, 210, 100)).faults != []
    parts = shapely.union_all([shapely.box(0, 0, 10, 100), shapely.box(90, 0, 100, 100)])
    middle = shapely.difference(left, parts)
    assert any("one piece" in f for f in judged(parts, middle).faults)


def test_border_through_a_home_is_seen() -> None:
    verdict = judged(shapely.box(0, 0, 140, 100), shapely.box(140, 0, 200, 100))
    assert verdict.cut_buildings == 1
