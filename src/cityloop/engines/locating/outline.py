"""Edges that belong to one cell only: the outline of a coverage."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def outer_edges(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Straight edges that occur once among all rings, as LineStrings.

    Where two neighbours do not share their vertices, both sides of the border are kept, so the
    answer always holds every edge of the true outline.
    """
    if not len(polygons):
        return np.array([], dtype=object)
    rings = shapely.get_rings(polygons)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    _, vertex = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    inner = ring[1:] == ring[:-1]
    a, b = vertex[:-1][inner], vertex[1:][inner]
    key = np.minimum(a, b) * len(xy) + np.maximum(a, b)
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    start = np.flatnonzero(inner)[first[counts == 1]]
    ends = np.stack([xy[start], xy[start + 1]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)
