"""The raster answers as the exact index does, on every point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.locating.cells import CellIndex
from cityloop.engines.locating.raster import ASK, Raster

LON, LAT = 116.4, 39.9


def crooked_cells(seed: int, side: int) -> list[shapely.Polygon]:
    """A valid coverage without one straight row: a grid whose corners were moved."""
    dice = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij")
    x, y = x + dice.uniform(-0.4, 0.4, x.shape), y + dice.uniform(-0.4, 0.4, y.shape)
    x, y = LON + x * 0.002, LAT + y * 0.0015
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return [
        shapely.Polygon([(x[i + a, j + b], y[i + a, j + b]) for a, b in corners])
        for i in range(side)
        for j in range(side)
    ]


def probes(cells: list[shapely.Polygon], seed: int) -> np.ndarray:
    """Points all over, on every vertex, on and just beside every edge."""
    dice = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(cells)
    free = dice.uniform((west - 0.001, south - 0.001), (east + 0.001, north + 0.001), (400, 2))
    vertices = shapely.get_coordinates(cells)
    share = dice.uniform(0, 1, (len(vertices) - 1, 1))
    on = vertices[:-1] * share + vertices[1:] * (1 - share)
    beside = on + dice.choice([-1e-15, 1e-15, -1e-9, 1e-9], on.shape)
    return np.concatenate([free, vertices, on, beside, [[np.nan, LAT], [LON, np.inf]]])


def by_hand(cells: list[shapely.Polygon], points: np.ndarray) -> np.ndarray:
    """The lowest cell that each point touches, every polygon asked."""
    owner = np.full(len(points), -1)
    for number in reversed(range(len(cells))):
        owner[shapely.intersects_xy(cells[number], points[:, 0], points[:, 1])] = number
    return owner


def both(cells: list[shapely.Polygon]) -> tuple[CellIndex, CellIndex]:
    ids = np.arange(len(cells))
    return CellIndex(ids, cells, raster_after=10**12), CellIndex(ids, cells, raster_after=0)


def many_times(points: np.ndarray) -> np.ndarray:
    """So many that the raster is used."""
    return np.tile(points, (-(-2_000 // len(points)), 1))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_raster_and_every_polygon_asked_give_the_same_cells(seed: int, side: int) -> None:
    cells = crooked_cells(seed, side)
    points = many_times(probes(cells, seed))
    exact, fast = both(cells)
    one, two = exact.locate(*points.T), fast.locate(*points.T)
    assert fast._raster is not None
    assert np.array_equal(two.ids, by_hand(cells, points))
    assert np.array_equal(one.ids, two.ids)
    assert np.array_equal(one.kind, two.kind)


@pytest.mark.parametrize("seed", range(5))
def test_raster_of_overlapping_cells_holes_and_parts_is_still_exact(seed: int) -> None:
    dice = np.random.default_rng(seed)
    centres = dice.uniform((LON, LAT), (LON + 0.01, LAT + 0.01), (12, 2))
    rounds = list(shapely.buffer(shapely.points(centres), dice.uniform(0.0005, 0.003, 12)))
    ring = shapely.difference(rounds[0].buffer(0.002), rounds[0])
    cells = [
        *rounds,
        ring,
        shapely.union_all(
            [
                shapely.box(LON, LAT, LON + 0.001, LAT + 0.001),
                shapely.box(LON + 1, LAT, LON + 1.001, LAT + 0.001),
            ]
        ),
    ]
    points = many_times(probes(cells, seed))
    exact, fast = both(cells)
    one, two = exact.locate(*points.T), fast.locate(*points.T)
    assert np.array_equal(one.ids, two.ids)
    assert np.array_equal(one.kind, two.kind)


def test_most_points_need_no_exact_answer() -> None:
    cells = np.array(crooked_cells(3, 12), dtype=object)
    index = CellIndex(np.arange(len(cells)), cells)
    raster = Raster(cells, index._positions)
    points = np.random.default_rng(1).uniform((LON, LAT), (LON + 0.02, LAT + 0.015), (20_000, 2))
    assert (raster.read(*points.T) == ASK).mean() < 0.02


def test_few_points_never_make_a_raster() -> None:
    cells = crooked_cells(3, 3)
    index = CellIndex(np.arange(len(cells)), cells, raster_after=0)
    index.locate(np.full(1_999, LON), np.full(1_999, LAT))
    assert index._raster is None
    index.locate(np.full(2_000, LON), np.full(2_000, LAT))
    assert index._raster is not None
