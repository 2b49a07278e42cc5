"""From lines to faces: noding, polygons that share every vertex, neighbours and their borders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

GRID_M = 0.1  # every vertex lies on this grid, so that faces share their borders exactly
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(slots=True)
class Net:
    """Noded lines: `edge` from junction to junction, `line`: number of the line each came from."""

    edge: NDArray[np.object_]
    line: Ints


@dataclass(slots=True)
class Borders:
    """Common borders of faces: a < b, metres, and the edge of the net they lie on."""

    a: Ints
    b: Ints
    metres: Floats
    edge: Ints


def noded(shapes: NDArray[np.object_]) -> Net:
    """Lines cut where they meet; pieces of several lines belong to the first of them."""
    whole = shapely.union_all(shapes, grid_size=GRID_M)
    edge = shapely.get_parts(whole)
    parts, index = shapely.get_parts(shapes, return_index=True)
    middle = shapely.line_interpolate_point(edge, 0.5, normalized=True)
    tree = shapely.STRtree(parts)
    one, other = tree.query(middle, predicate="dwithin", distance=0.3)
    line = np.full(len(edge), len(shapes), np.int64)
    np.minimum.at(line, one, index[other])
    lost = np.flatnonzero(line == len(shapes))
    if len(lost):  # bent by the grid by more than expected: the nearest line
        near, at = tree.query_nearest(middle[lost], all_matches=False)
        line[lost[near]] = index[at]
    return Net(np.asarray(edge, dtype=object), line)


def polygons(edges: NDArray[np.object_]) -> NDArray[np.object_]:
    """Faces of noded lines, from the north-west on; dangling lines bound nothing."""
    found = shapely.get_parts(shapely.polygonize(edges))
    found = shapely.normalize(found)
    centre = shapely.get_coordinates(shapely.centroid(found))
    order = np.lexsort((np.round(centre[:, 0], 2), -np.round(centre[:, 1], 2)))
    return np.asarray(found[order], dtype=object)


def borders_of(faces: NDArray[np.object_], edges: NDArray[np.object_]) -> Borders:
    """Which faces touch along which edge; a side towards nobody has b = -1."""
    key, metres, owner = _segments(faces)
    order = np.lexsort((owner, key))
    key, metres, owner = key[order], metres[order], owner[order]
    first = np.append(True, key[1:] != key[:-1])
    twin = np.append(first[1:], True)
    start = np.flatnonzero(first)
    alone = twin[start]
    a = owner[start]
    b = np.where(alone, -1, owner[np.minimum(start + 1, len(owner) - 1)])
    edge_key, _, edge_of = _segments(edges)
    by = np.argsort(edge_key, kind="stable")
    found = np.minimum(np.searchsorted(edge_key[by], key[start]), len(by) - 1)
    edge = np.where(edge_key[by][found] == key[start], edge_of[by][found], -1)
    return Borders(a, b, metres[start], edge)


def _segments(shapes: NDArray[np.object_]) -> tuple[NDArray[np.uint64], Floats, Ints]:
    """(key that both directions share, length, shape number) of every segment."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[1:] == owner[:-1]
    whole = np.round(xy / GRID_M).astype(np.int64) + 2**20
    point = (whole[:, 0] << 21 | whole[:, 1]).astype(np.uint64)
    p, q = point[:-1][same], point[1:][same]
    length = np.hypot(*(xy[1:] - xy[:-1]).T)[same]
    low, high = np.minimum(p, q), np.maximum(p, q)
    key = low * np.uint64(0x9E3779B97F4A7C15) ^ high * np.uint64(0xC2B2AE3D27D4EB4F)
    return key, length, owner[:-1][same].astype(np.int64)


def bounding(net: Net, faces: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
    """The edges of a net that bound a face, and their lines; what dangles is left out."""
    used = np.unique(borders_of(faces, net.edge).edge)
    used = used[used >= 0]
    return net.edge[used], net.line[used]
