"""Points that stand for a footprint: a few along its longer axis."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.kernels import Floats, Ints, joined_pieces

SHORT_M = 26.0  # up to this length one point stands for a building
LONG_M = 55.0  # beyond it five do
SAME_M = 0.05  # points nearer than this are one
OVERLAP_M2 = 0.5  # footprints that share more ground cannot be told apart


def footprint_sites(footprints: Shapes, centres: Floats) -> tuple[Floats, Ints]:
    """(points (m, 2), footprint of each). The axis is the main direction of the walls.

    Args:
        footprints: polygons; centres: a point inside each, shape (n, 2).
    """
    along, half = _axes(footprints, centres)
    count = np.where(2 * half > LONG_M, 5, np.where(2 * half > SHORT_M, 3, 1))
    owner = np.repeat(np.arange(len(footprints)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    step = np.arange(len(owner)) - first
    at = np.where(count[owner] > 1, 1.6 * step / np.maximum(count[owner] - 1, 1) - 0.8, 0.0)
    return centres[owner] + along[owner] * (at * half[owner])[:, None], owner


def _axes(footprints: Shapes, centres: Floats) -> tuple[Floats, Floats]:
    """Unit vector of the main direction of the walls, and half the extent along it."""
    n = len(footprints)
    xy, part = shapely.get_coordinates(footprints, return_index=True)
    step = np.diff(xy, axis=0)
    step[part[1:] != part[:-1]] = 0
    owner = part[1:]
    angle = np.arctan2(step[:, 1], step[:, 0])
    size = np.hypot(step[:, 0], step[:, 1]) ** 2
    east = np.bincount(owner, size * np.cos(2 * angle), minlength=n)
    north = np.bincount(owner, size * np.sin(2 * angle), minlength=n)
    main = 0.5 * np.arctan2(north, east)
    along = np.stack([np.cos(main), np.sin(main)], axis=1)
    reach = np.abs(((xy - centres[part]) * along[part]).sum(axis=1))
    half = np.zeros(n)
    np.maximum.at(half, part, reach)
    return along, half


def joined(footprints: Shapes) -> Ints:
    """Group of each footprint: those that overlap are one, for no border can pass between them."""
    n = len(footprints)
    if n < 2:
        return np.arange(n)
    i, j = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    i, j = i[i < j], j[i < j]
    if len(i):
        over = shapely.area(shapely.intersection(footprints[i], footprints[j])) > OVERLAP_M2
        i, j = i[over], j[over]
    if not len(i):
        return np.arange(n)
    return joined_pieces(n, i, j)


def distinct(points: Floats, face: Ints) -> NDArray[np.bool_]:
    """The first of every set of points of a face that lie on one spot."""
    grid = np.round(points / SAME_M)
    keys = np.column_stack([grid, face])
    kept = np.zeros(len(points), bool)
    kept[np.unique(keys, axis=0, return_index=True)[1]] = True
    return kept
