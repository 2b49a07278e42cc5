"""The street beside a point, measured to its line."""

from __future__ import annotations

from dataclasses import dataclass

import shapely

from cityloop.city.elements import queries as elements
from cityloop.kernel.geo import LocalPlane

STREET = "street"


@dataclass(frozen=True, slots=True)
class Beside:
    """A named street, and its nearest point: metres east and north of where was asked."""

    name_zh: str
    name_en: str
    metres: float
    east: float
    north: float


def street_beside(lon: float, lat: float, *, within_m: float) -> Beside | None:
    """The nearest named street, None where none is so near."""
    if STREET not in elements.kinds():
        return None
    kx, ky = LocalPlane(lon, lat).metres_per_degree
    dx, dy = within_m / kx, within_m / ky
    found = elements.arrays(STREET, bbox=(lon - dx, lat - dy, lon + dx, lat + dy))
    named = found.take(found.name != "")
    if not len(named):
        return None
    here = shapely.Point(0, 0)
    flat = shapely.transform(named.shapes, lambda c: (c - [lon, lat]) * [kx, ky])
    metres = shapely.distance(flat, here)
    first = int(metres.argmin())
    if metres[first] > within_m:
        return None
    (_, (east, north)) = shapely.get_coordinates(shapely.shortest_line(here, flat[first])).tolist()
    return Beside(named.name[first], named.name_en[first], float(metres[first]), east, north)
