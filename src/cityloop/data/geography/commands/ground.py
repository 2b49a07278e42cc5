"""Does a shape lie in the city?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level


def inside_city(shapes: Sequence[shapely.Geometry]) -> NDArray[np.bool_]:
    """Whether each shape lies in a cell: areas and points by a point on them, lines where any of
    their points does. Everything does while the city has no cells.

    Args:
        shapes: WGS84 degrees, shape (n,).
    """
    given = np.empty(len(shapes), dtype=object)
    given[:] = list(shapes)
    if places.bounds() is None or not _has_cells():
        return np.ones(len(given), bool)
    inside = np.zeros(len(given), bool)
    lines = shapely.get_dimensions(given) == 1
    spots = shapely.point_on_surface(given[~lines])
    inside[~lines] = _in_cell(shapely.get_x(spots), shapely.get_y(spots))
    xy, owner = shapely.get_coordinates(given[lines], return_index=True)
    if len(xy):
        hit = np.bincount(owner, weights=_in_cell(*xy.T), minlength=int(lines.sum())) > 0
        inside[lines] = hit
    return inside


def _in_cell(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    cells, _ = places.locate(lon, lat)
    return np.asarray(cells >= 0)


def _has_cells() -> bool:
    return bool(places.tree().below(None, Level.CELL))
