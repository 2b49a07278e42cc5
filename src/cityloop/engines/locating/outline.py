"""Edges of a coverage: whose they are on each side, and which belong to one cell only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

_ROUNDING = 4e-16  # of the side test: Shewchuk's filter, 3.33e-16, rounded up
_ON, _NONE = -2, -1


@dataclass(frozen=True, slots=True)
class Segments:
    """Straight edges, each once.

    `ends`: lon, lat, lon, lat, shape (n, 4); `left`, `right`: position of the polygon on each
    side looking along it, -1 = none.
    """

    ends: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]

    def side(
        self, number: NDArray[np.int32], lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> NDArray[np.int32]:
        """Whose side of edge `number` each point lies on; -2 where rounding could decide."""
        ends = self.ends[number]
        one = (ends[:, 2] - ends[:, 0]) * (lat - ends[:, 1])
        two = (ends[:, 3] - ends[:, 1]) * (lon - ends[:, 0])
        turn = one - two
        unsure = np.abs(turn) <= _ROUNDING * (np.abs(one) + np.abs(two))
        found = np.where(turn > 0, self.left[number], self.right[number])
        found[unsure] = _ON
        return found


def segments_of(polygons: NDArray[np.object_]) -> Segments:
    """All edges of valid polygons; edges that two polygons share are one."""
    xy, start, end, owner, turned = _directed(polygons)
    order = np.minimum(start, end) * np.int64(len(xy)) + np.maximum(start, end)
    _, first, edge = np.unique(order, return_index=True, return_inverse=True)
    left = np.full(len(first), _NONE, np.int32)
    right = np.full(len(first), _NONE, np.int32)
    forward = (start < end) != turned
    left[edge[forward]] = owner[forward]
    right[edge[~forward]] = owner[~forward]
    a, b = np.minimum(start, end)[first], np.maximum(start, end)[first]
    return Segments(np.concatenate([xy[a], xy[b]], axis=1), left, right)


def outer_edges(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Straight edges that occur once among all rings, as LineStrings.

    Where two neighbours do not share their vertices, both sides of the border are kept, so the
    answer always holds every edge of the true outline.
    """
    if not len(polygons):
        return np.array([], dtype=object)
    xy, start, end, _, _ = _directed(polygons)
    key = np.minimum(start, end) * np.int64(len(xy)) + np.maximum(start, end)
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    once = first[counts == 1]
    ends = np.stack([xy[start[once]], xy[end[once]]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


_Ints = NDArray[np.int64]


def _directed(
    polygons: NDArray[np.object_],
) -> tuple[NDArray[np.float64], _Ints, _Ints, NDArray[np.int32], NDArray[np.bool_]]:
    """Distinct vertices; start, end and polygon of every edge along its ring; and whether the
    inside lies to the right of it."""
    parts, part_owner = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    is_shell = np.r_[True, ring_part[1:] != ring_part[:-1]][: len(rings)]
    inside_right = shapely.is_ccw(rings) != is_shell
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    known, vertex = np.unique(coordinates[:, 0] + 1j * coordinates[:, 1], return_inverse=True)
    along = (ring[1:] == ring[:-1]) & (vertex[1:] != vertex[:-1])
    of_ring = ring[:-1][along]
    return (
        np.stack([known.real, known.imag], axis=1),
        vertex[:-1][along],
        vertex[1:][along],
        part_owner[ring_part[of_ring]].astype(np.int32),
        inside_right[of_ring],
    )
