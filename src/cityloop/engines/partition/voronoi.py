"""Lines halfway between points that share a face, from one Delaunay triangulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
import shapely

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.kernels import Floats, Ints, joined_pieces

SAME_M = 1e-3  # corners nearer than this are one


@dataclass(frozen=True, slots=True)
class Ridges:
    """Straight pieces of the border between two points, inside their face."""

    lines: Shapes
    i: Ints
    j: Ints
    length: Floats


def find_ridges(points: Floats, face: Ints, owner: Ints, faces: Shapes) -> Ridges:
    """Where the nearest point changes from one owner to another within a face.

    The faces are laid far apart from each other, four guards around each, so that one
    triangulation serves all and no border runs to infinity.

    Args:
        points: (n, 2), distinct within a face; face and owner of each.
        faces: polygons; they may have holes and bays, lines are clipped to them.
    """
    crowded = np.flatnonzero(np.bincount(face, minlength=len(faces)) > 1)
    used = np.isin(face, crowded)
    if not used.any():
        none = np.array([], np.int64)
        return Ridges(np.array([], object), none, none, np.array([], np.float64))
    chosen = np.flatnonzero(used)
    place = np.searchsorted(crowded, face[chosen])
    box = shapely.bounds(faces[crowded])
    middle = (box[:, :2] + box[:, 2:]) / 2
    reach = float(np.hypot(*(box[:, 2:] - box[:, :2]).T).max()) * 4
    columns = int(np.ceil(np.sqrt(len(crowded))))
    spot = np.stack([np.arange(len(crowded)) % columns, np.arange(len(crowded)) // columns], axis=1)
    centre = spot * (reach * 3.1)
    shift = centre - middle
    guards = np.array([[1, 0.013], [-1, -0.011], [0.017, 1], [-0.007, -1]]) * reach
    atlas = np.concatenate([
        points[chosen] + shift[place], (centre[:, None, :] + guards[None]).reshape(-1, 2)
    ])  # fmt: skip
    group = np.concatenate([place, np.full(4 * len(crowded), -1)])
    a, b, i, j = _edges(atlas, group)
    apart = owner[chosen[i]] != owner[chosen[j]]
    a, b, i, j = a[apart], b[apart], i[apart], j[apart]
    back = shift[group[i]]
    ends = np.round(np.stack([a - back, b - back], axis=1), 4)  # so that chains meet exactly
    return _clipped(ends, chosen[i], chosen[j], face[chosen[i]], faces)


def _edges(points: Floats, group: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """Voronoi edges (from, to) and the two points of one group they part."""
    mesh = scipy.spatial.Delaunay(points)
    corners, near = mesh.simplices.astype(np.int64), mesh.neighbors
    centre = _circumcentres(points, corners)
    at, k = np.nonzero(near > np.arange(len(near))[:, None])
    centre = _one_spot(centre, at, near[at, k])
    i, j = corners[at, (k + 1) % 3], corners[at, (k + 2) % 3]
    real = (group[i] == group[j]) & (group[i] >= 0)
    at, k, i, j = at[real], k[real], i[real], j[real]
    a, b = centre[at], centre[near[at, k]]
    kept = np.hypot(*(b - a).T) > 1e-6
    return a[kept], b[kept], i[kept], j[kept]


def _one_spot(centre: Floats, i: Ints, j: Ints) -> Floats:
    """Neighbouring corners that differ by rounding alone (points on one circle, as in rows of equal
    houses) become one, so that no border ends beside the one it meets."""
    close = np.hypot(*(centre[i] - centre[j]).T) < SAME_M
    if not close.any():
        return centre
    piece = joined_pieces(len(centre), i[close], j[close])
    return np.asarray(centre[np.unique(piece, return_index=True)[1][piece]], np.float64)


def _circumcentres(points: Floats, corners: Ints) -> Floats:
    p, q, r = points[corners[:, 0]], points[corners[:, 1]], points[corners[:, 2]]
    u, v = q - p, r - p
    twice = 2 * (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
    twice = np.where(np.abs(twice) < 1e-9, 1e-9, twice)
    uu, vv = (u**2).sum(axis=1), (v**2).sum(axis=1)
    x = (v[:, 1] * uu - u[:, 1] * vv) / twice
    y = (u[:, 0] * vv - v[:, 0] * uu) / twice
    return np.asarray(p + np.stack([x, y], axis=1), np.float64)


def _clipped(ends: Floats, i: Ints, j: Ints, face: Ints, faces: Shapes) -> Ridges:
    """The parts of straight lines, shape (n, 2, 2), that lie in their face."""
    shapely.prepare(faces)
    lines = shapely.linestrings(ends)
    inside = shapely.contains_properly(faces[face], lines)
    over = np.flatnonzero(~inside)
    cut, of = _parts(ends[over], face[over], faces)
    source = np.concatenate([np.flatnonzero(inside), over[of]])
    lines = np.concatenate([lines[inside], shapely.linestrings(cut)])
    reach = np.diff(np.concatenate([ends[inside], cut]), axis=1)[:, 0]
    return Ridges(lines, i[source], j[source], np.hypot(reach[:, 0], reach[:, 1]))


def _parts(ends: Floats, face: Ints, faces: Shapes) -> tuple[Floats, Ints]:
    """Lines cut where they cross the border of their face: (the parts inside it, line of each)."""
    line, at = _crossings(ends, face, faces)
    n = np.arange(len(ends))
    line = np.concatenate([n, n, line])
    at = np.concatenate([np.zeros(len(n)), np.ones(len(n)), at])
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    spot = ends[line, 0] * (1 - at[:, None]) + ends[line, 1] * at[:, None]  # exact at both ends
    part = np.stack([spot[:-1], spot[1:]], axis=1)
    middle = part.mean(axis=1)
    kept = (line[1:] == line[:-1]) & (np.hypot(*(part[:, 1] - part[:, 0]).T) > 1e-6)
    kept[kept] = shapely.contains_xy(faces[face[line[:-1][kept]]], *middle[kept].T)
    return part[kept], line[:-1][kept]


def _crossings(ends: Floats, face: Ints, faces: Shapes) -> tuple[Ints, Floats]:
    """Where lines cross a side of their face: (line, how far along it, 0 to 1)."""
    rings, owner = shapely.get_rings(faces, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    side = np.flatnonzero(ring[1:] == ring[:-1])
    sides = np.bincount(owner[ring[side]], minlength=len(faces))
    first = np.cumsum(sides) - sides
    count = sides[face]
    line = np.repeat(np.arange(len(ends)), count)
    step = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    near = side[first[face[line]] + step]
    start, along = ends[line, 0], ends[line, 1] - ends[line, 0]
    away, wall = xy[near] - start, xy[near + 1] - xy[near]
    turn = _cross(along, wall)
    turn[turn == 0] = np.inf  # a line along the side crosses its neighbours
    at, on = _cross(away, wall) / turn, _cross(away, along) / turn
    hit = (at > 0) & (at < 1) & (on >= -1e-9) & (on <= 1 + 1e-9) & np.isfinite(turn)
    return line[hit], at[hit]


def _cross(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0], np.float64)
