"""Coordinates in other systems than longitude and latitude.

Source: OGC API - Features - Part 2: Coordinate Reference Systems by Reference 1.0.1 (18-058r1).
Numbers come in the order of the axes of a system: north first in EPSG:4490 and in the zones of
CGCS2000, as the register of EPSG has them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
EVERYWHERE = (4326, 4490, 3857)
_ZONES = range(75, 136, 3)  # meridians of the 3-degree zones of CGCS2000, from EPSG:4513 and 4534


def offered_systems(city: Bounds | None) -> list[str]:
    """What may be asked for: degrees, web maps, and the two names of the city's zone."""
    numbers = list(EVERYWHERE)
    if city is not None:
        zone = round(((city.west + city.east) / 2 - _ZONES[0]) / 3)
        if 0 <= zone < len(_ZONES):
            numbers += [4534 + zone, 4513 + zone]
    return [CRS84, *(f"{_EPSG}{number}" for number in numbers)]


def check_system(name: str, uri: str, offered: list[str]) -> str:
    """Raises: DomainError("ogc.parameter") for a system that is not offered."""
    if uri in offered:
        return uri
    shown = ", ".join(offered)
    raise DomainError(
        "ogc.parameter",
        f"The parameter {name} is {uri[:80]!r}; offered are {shown}.",
        f"参数 {name} 为 {uri[:80]!r}；可用：{shown}。",
        where=name,
    )


def turned(feature: dict[str, Any], uri: str) -> dict[str, Any]:
    """A feature with its geometry in a system."""
    if uri == CRS84:
        return feature
    way, north_first = _way(uri)
    digits = 4 if way.target_crs.is_projected else 9  # a tenth of a millimetre

    def moved(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = way.transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack([north, east] if north_first else [east, north]), digits)

    shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), moved)
    return feature | {"geometry": shapely.geometry.mapping(shape)}


def box_of(numbers: list[float], uri: str) -> list[float]:
    """West, south, east, north in degrees of a box in a system; itself in CRS84."""
    if uri == CRS84:
        return numbers
    way, north_first = _way(uri)
    a, b, c, d = numbers
    box = (b, a, d, c) if north_first else (a, b, c, d)
    return list(way.transform_bounds(*box, direction="INVERSE"))


@lru_cache(maxsize=16)
def _way(uri: str) -> tuple[Any, bool]:
    """From degrees to the system, and whether its north comes first."""
    from pyproj import CRS, Transformer

    system = CRS.from_epsg(int(uri.removeprefix(_EPSG)))
    datum = system.geodetic_crs
    ours = 4326 if datum is None or datum.to_epsg() == 4326 else 4490  # the same within decimetres
    way = Transformer.from_crs(ours, system, always_xy=True)
    return way, system.axis_info[0].direction.lower() == "north"
