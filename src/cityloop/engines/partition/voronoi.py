"""Lines halfway between points that share a face, from one Delaunay triangulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
import shapely

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.kernels import Floats, Ints


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
    lines = shapely.linestrings(ends)
    return _clipped(lines, chosen[i], chosen[j], face, faces)


def _edges(points: Floats, group: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """Voronoi edges (from, to) and the two points of one group they part."""
    mesh = scipy.spatial.Delaunay(points)
    corners, near = mesh.simplices.astype(np.int64), mesh.neighbors
    centre = _circumcentres(points, corners)
    at, k = np.nonzero(near > np.arange(len(near))[:, None])
    i, j = corners[at, (k + 1) % 3], corners[at, (k + 2) % 3]
    real = (group[i] == group[j]) & (group[i] >= 0)
    at, k, i, j = at[real], k[real], i[real], j[real]
    a, b = centre[at], centre[near[at, k]]
    kept = np.hypot(*(b - a).T) > 1e-6
    return a[kept], b[kept], i[kept], j[kept]


def _circumcentres(points: Floats, corners: Ints) -> Floats:
    p, q, r = points[corners[:, 0]], points[corners[:, 1]], points[corners[:, 2]]
    u, v = q - p, r - p
    twice = 2 * (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
    twice = np.where(np.abs(twice) < 1e-9, 1e-9, twice)
    uu, vv = (u**2).sum(axis=1), (v**2).sum(axis=1)
    x = (v[:, 1] * uu - u[:, 1] * vv) / twice
    y = (u[:, 0] * vv - v[:, 0] * uu) / twice
    return np.asarray(p + np.stack([x, y], axis=1), np.float64)


def _clipped(lines: Shapes, i: Ints, j: Ints, face: Ints, faces: Shapes) -> Ridges:
    """The parts of the lines that lie in the face of their points."""
    ground = faces[face[i]]
    shapely.prepare(faces)
    out = ~shapely.contains_properly(ground, lines)
    lines[out] = shapely.intersection(lines[out], ground[out])
    lines, part = shapely.get_parts(lines, return_index=True)
    i, j = i[part], j[part]
    length = shapely.length(lines)
    kept = length > 1e-6
    return Ridges(lines[kept], i[kept], j[kept], length[kept])
