"""Borders that nearly match are matched; houses that are points get a square."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.partition import Community
from cityloop.engines.partition.matching import footprints_of, match_borders

LEFT = shapely.box(0, 0, 500, 400)


def matched(right: shapely.Polygon) -> tuple[list[shapely.Polygon], list[float], list[bool]]:
    found = match_borders([Community("1", LEFT), Community("2", right)])
    shapes = [one.polygon for one in found.communities]
    return shapes, found.change_m2, [one.is_slip for one in found.overlaps]


@pytest.mark.parametrize("west", [498.5, 501.5])
def test_a_narrow_overlap_or_gap_is_closed(west: float) -> None:
    shapes, change, slips = matched(shapely.box(west, 0, 900, 400))
    assert shapely.coverage_is_valid(np.array(shapes))
    assert shapely.union_all(shapes).area == pytest.approx(900 * 400)
    assert max(change) == pytest.approx(1.5 * 400, abs=1)
    assert slips == [True] * (west < 500)


@pytest.mark.parametrize("right", [shapely.box(400, 0, 900, 400), shapely.box(100, 100, 300, 300)])
def test_a_wide_overlap_is_left_and_told(right: shapely.Polygon) -> None:
    shapes, change, slips = matched(right)
    assert shapes == [LEFT, right]
    assert change == [0, 0]
    assert slips == [False]


def test_borders_that_fit_stay_to_the_last_point() -> None:
    right = shapely.box(500, 0, 900, 400)
    assert matched(right) == ([LEFT, right], [0.0, 0.0], [])


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=30, unique=True
    )
)
def test_squares_of_points_hold_their_point_and_keep_apart(spots: list[tuple[int, int]]) -> None:
    squares = footprints_of(np.array([shapely.Point(p) for p in spots], dtype=object))
    assert shapely.contains(squares, shapely.points(spots)).all()
    assert shapely.area(squares).max() <= 100.0 + 1e-9
    i, j = shapely.STRtree(squares).query(squares, predicate="overlaps")
    assert not len(i[i < j])
