"""Blocks between streets: the faces of a community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.kernels import Floats, Ints

GRID_M = 1e-4  # every vertex lies on this grid
SLIVER_M2 = 400.0
SLIVER_WIDTH_M = 4.0
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Sides:
    """Straight pieces of border between two pieces of ground, each once."""

    a: Floats  # (n, 2) start, the left piece on the left hand
    b: Floats  # (n, 2) end
    left: Ints
    right: Ints

    @property
    def length(self) -> Floats:
        """Metres of each."""
        return np.asarray(np.hypot(*(self.b - self.a).T), np.float64)


@dataclass(frozen=True, slots=True)
class Faces:
    """Pieces that tile the community exactly; slivers belong to the face of a neighbour."""

    pieces: Shapes
    face_of: Ints  # face of each piece
    shapes: Shapes  # polygon of each face
    lines: BaseGeometry  # all borders of pieces, each once
    sides: Sides  # between pieces of different faces

    def __len__(self) -> int:
        return len(self.shapes)


def snapped(shape: BaseGeometry) -> BaseGeometry:
    """The shape with every vertex on the grid, so that neighbours stay equal."""
    return shapely.set_precision(shape, GRID_M)


def find_faces(ground: BaseGeometry, lines: Shapes) -> Faces:
    """Cut the ground along the lines.

    Args:
        ground: polygon of the community, on the grid.
        lines: street lines, clipped to it or not.
    """
    clipped = _clipped(lines, ground)
    drawn = noded([*clipped, shapely.boundary(ground)])
    pieces = pieces_between(ground, drawn)
    sides = sides_of(pieces)
    face_of = _without_slivers(pieces, sides)
    shapes = pieces
    if face_of.max(initial=-1) + 1 < len(pieces):
        groups = [np.flatnonzero(face_of == f) for f in range(face_of.max() + 1)]
        shapes = np.array([
            pieces[g[0]] if len(g) == 1 else shapely.coverage_union_all(pieces[g]) for g in groups
        ], dtype=object)  # fmt: skip
    apart = face_of[sides.left] != face_of[sides.right]
    kept = Sides(sides.a[apart], sides.b[apart], sides.left[apart], sides.right[apart])
    return Faces(pieces, face_of, shapes, drawn, kept)


def _clipped(lines: Shapes, ground: BaseGeometry) -> Shapes:
    """What of the lines lies in the ground; most lie in it as a whole."""
    if not len(lines):
        return lines
    shapely.prepare(ground)
    out = ~shapely.covers(ground, lines)
    clipped = lines.copy()
    clipped[out] = shapely.intersection(lines[out], ground)
    return clipped


def noded(lines: Sequence[BaseGeometry]) -> BaseGeometry:
    """The lines with a vertex on the grid wherever two of them meet."""
    return shapely.union_all(lines, grid_size=GRID_M)


def pieces_between(ground: BaseGeometry, lines: BaseGeometry) -> Shapes:
    """Polygons between noded lines, the border of the ground among them; they tile it exactly."""
    pieces = shapely.get_parts(shapely.polygonize([lines]))
    if len(pieces) > 1:
        shapely.prepare(ground)
        pieces = pieces[shapely.contains(ground, shapely.point_on_surface(pieces))]
    if not len(pieces):
        pieces = shapely.get_parts(ground)
    return np.asarray(pieces, dtype=object)


def sides_of(pieces: Shapes) -> Sides:
    """Borders between pieces of an exact coverage, found by equal vertices."""
    rings, owner = shapely.get_rings(shapely.orient_polygons(pieces), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    a, b, piece = xy[:-1][inner], xy[1:][inner], owner[ring[:-1][inner]]
    grid = np.round(xy / GRID_M).astype(np.int64)
    grid -= grid.min(axis=0)
    _, vertex = np.unique(
        grid[:, 0] * (int(grid[:, 1].max()) + 1) + grid[:, 1], return_inverse=True
    )
    va, vb, n = vertex[:-1][inner], vertex[1:][inner], len(vertex) + 1
    forward, back = va * n + vb, vb * n + va
    order = np.argsort(forward)
    found = np.minimum(np.searchsorted(forward[order], back), len(order) - 1)
    twin = np.where(forward[order][found] == back, order[found], -1)
    once = np.flatnonzero(twin > np.arange(len(twin)))
    return Sides(a[once], b[once], piece[once], piece[twin[once]])


def _without_slivers(pieces: Shapes, sides: Sides) -> Ints:
    """The face of each piece: thin or tiny pieces join the neighbour they share most with."""
    face = np.arange(len(pieces))
    area = shapely.area(pieces)
    thin = (area < SLIVER_M2) | (2 * area < SLIVER_WIDTH_M * shapely.length(pieces))
    if not thin.any() or len(pieces) == 1:
        return face
    length = sides.length
    for piece in np.flatnonzero(thin)[np.argsort(area[thin], kind="stable")]:
        own = face == face[piece]
        left, right = own[sides.left], own[sides.right]
        out = left != right
        if not out.any():
            continue
        other = face[np.where(left, sides.right, sides.left)[out]]
        shared = np.bincount(other, length[out], minlength=len(pieces))
        face[own] = int(np.argmax(shared))
    return np.unique(face, return_inverse=True)[1].astype(np.int64)
