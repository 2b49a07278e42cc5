"""Point → cell: inside, on borders, outside, near; and what is refused."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.locating.cells import NOWHERE, CellIndex, Kind
from cityloop.kernel.errors import DomainError

LON, LAT, STEP = 116.9, 39.1, 0.001


def checkerboard(columns: int, rows: int) -> list[shapely.Polygon]:
    """Equal cells, row by row from the south-west."""
    xs, ys = LON + STEP * np.arange(columns + 1), LAT + STEP * np.arange(rows + 1)
    return [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(rows) for i in range(columns)
    ]


@pytest.fixture(scope="module")
def board() -> CellIndex:
    return CellIndex(np.arange(9) + 10, checkerboard(3, 3))


def test_point_inside_and_outside_give_cell_and_nowhere(board: CellIndex) -> None:
    found = board.locate([LON + 0.0005, LON + 0.0025, LON - 1], [LAT + 0.0005, LAT + 0.0015, LAT])
    assert found.ids.tolist() == [10, 15, NOWHERE]
    assert found.kind.tolist() == [Kind.INSIDE, Kind.INSIDE, Kind.OUTSIDE]


@pytest.mark.parametrize("turn", range(4))
def test_shared_vertex_belongs_to_the_lowest_id_whatever_the_order(turn: int) -> None:
    ids = np.roll(np.arange(4) + 1, turn)
    board = CellIndex(ids, checkerboard(2, 2))
    found = board.locate((LON + STEP * np.arange(3))[1], (LAT + STEP * np.arange(3))[1])
    assert (found.ids.tolist(), found.kind.tolist()) == ([1], [Kind.EDGE])


def test_shared_edge_and_outer_edge_are_marked(board: CellIndex) -> None:
    xs, ys = LON + STEP * np.arange(4), LAT + STEP * np.arange(4)
    found = board.locate([xs[1], xs[0], xs[3]], [ys[0] + 0.0003, ys[1] + 0.0003, ys[3]])
    assert found.ids.tolist() == [10, 13, 18]
    assert found.kind.tolist() == [Kind.EDGE] * 3


@given(st.lists(st.tuples(st.floats(-0.001, 0.004), st.floats(-0.001, 0.004)), max_size=20))
def test_many_points_same_answer_as_one_by_one(offsets: list[tuple[float, float]]) -> None:
    board = CellIndex(np.arange(9) + 10, checkerboard(3, 3))
    xy = np.array(offsets, float).reshape(-1, 2) + np.array([LON, LAT])
    together = board.locate(xy[:, 0], xy[:, 1])
    alone = [board.locate(x, y) for x, y in xy]
    assert together.ids.tolist() == [int(one.ids[0]) for one in alone]
    assert together.kind.tolist() == [int(one.kind[0]) for one in alone]


def test_points_that_are_no_numbers_lie_outside(board: CellIndex) -> None:
    found = board.locate([np.nan, np.inf, LON + 0.0005], [LAT, LAT, np.nan])
    assert found.ids.tolist() == [NOWHERE] * 3
    assert board.nearest([np.nan], [LAT], max_m=1e6).ids.tolist() == [NOWHERE]


def test_no_points_and_no_cells_give_empty_and_outside(board: CellIndex) -> None:
    assert len(board.locate([], []).ids) == 0
    empty = CellIndex([], [])
    assert empty.locate(LON, LAT).ids.tolist() == [NOWHERE]
    assert empty.nearest(LON, LAT, max_m=10).ids.tolist() == [NOWHERE]


def test_nearest_measures_metres_not_degrees() -> None:
    # the western cell is nearer in degrees of latitude/longitude, the eastern one in metres
    north = shapely.box(116.9, 39.1010, 116.901, 39.102)
    east = shapely.box(116.9012, 39.09, 116.902, 39.1)
    near = CellIndex([1, 2], [north, east]).nearest(116.9, 39.1, max_m=500)
    assert near.ids.tolist() == [2]
    assert near.metres[0] == pytest.approx(103.8, abs=0.2)


def test_nearest_inside_is_zero_and_beyond_reach_is_none(board: CellIndex) -> None:
    near = board.nearest([LON + 0.0005, LON - 0.001, LON - 0.001], [LAT + 0.0005, LAT, LAT + 9],
                         max_m=100)  # fmt: skip
    assert near.ids.tolist() == [10, 10, NOWHERE]
    assert near.metres == pytest.approx([0, 86.5, np.inf], abs=0.2)


BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("ids", "polygons", "code"),
    [
        ([1], checkerboard(2, 1), "cells.lengths_differ"),
        ([1, 1], checkerboard(2, 1), "cells.bad_ids"),
        ([1, -1], checkerboard(2, 1), "cells.bad_ids"),
        ([1, 2], [checkerboard(1, 1)[0], shapely.Point(0, 0)], "cells.not_areas"),
        ([1, 2], [checkerboard(1, 1)[0], shapely.Polygon()], "cells.not_areas"),
        ([1, 2], [checkerboard(1, 1)[0], None], "cells.not_areas"),
        ([1, 2], [checkerboard(1, 1)[0], BOW_TIE], "cells.invalid"),
    ],
)
def test_bad_cells_are_refused_and_named(ids: list[int], polygons: list, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        CellIndex(ids, polygons)
    assert refused.value.code == code
