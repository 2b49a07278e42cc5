"""Coordinate systems by name: EPSG numbers, what files say of themselves, what China shifts.

`to_wgs84` knows four systems and needs numpy alone; here is every other one, by PROJ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo.crs import CRS_NAMES, to_wgs84

Floats = NDArray[np.float64]
_SHIFTED = ("gcj02", "bd09")
# Datums that are WGS84 for a city: the same within decimetres (4979 and 4480 carry heights too).
_SAME = frozenset({4326, 4979, 4490, 4480, 4258, 4269})
_PLAIN = {"wgs84": ("WGS 84", 4326), "cgcs2000": ("CGCS2000", 4490)}
_OWN_NAMES = {"gcj02": "GCJ-02 (高德、腾讯)", "bd09": "BD-09 (百度)"}


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """A system that coordinates come in.

    Args:
        code: "EPSG:4548", "gcj02", or the first words of its definition where it has no number.
        name: as people know it.
        projected: metres on a plane, not degrees.
        exact: WGS84 within decimetres; else the shift of the datum is known to some metres only.
    """

    code: str
    name: str
    projected: bool
    exact: bool
    _to_wgs84: Callable[[Floats, Floats], tuple[Floats, Floats]]

    @property
    def shifted(self) -> bool:
        """GCJ-02 or BD-09: degrees that no file can tell from WGS84; they must be declared."""
        return self.code in _SHIFTED

    def to_wgs84(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Longitude and latitude of points.

        Args:
            x, y: easting (longitude) first, whatever the axis order of the register; shape (n,).
        Returns: degrees, shape (n,); infinite where a point has no place in the system.
        """
        east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
        return self._to_wgs84(east, north)


def coordinate_system(given: str) -> CoordinateSystem:
    """The system of a name.

    Args:
        given: "wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4548", "4548", an OGC URN, WKT or a
            PROJ text.
    Raises: DomainError("place.unknown_crs").
    Example: >>> coordinate_system("EPSG:4548").name
        'CGCS2000 / 3-degree Gauss-Kruger CM 117E'
    """
    text = given.strip()
    short = text.lower().replace("-", "").replace("_", "")
    if short in CRS_NAMES:
        return _known(short)
    return _by_proj(f"EPSG:{text}" if text.isascii() and text.isdigit() else text)


@lru_cache(maxsize=8)
def _known(name: str) -> CoordinateSystem:
    shown, number = _PLAIN.get(name, (_OWN_NAMES.get(name, name), 0))
    code = f"EPSG:{number}" if number else name
    return CoordinateSystem(code, shown, False, True, lambda x, y: to_wgs84(x, y, name))


@lru_cache(maxsize=64)
def _by_proj(text: str) -> CoordinateSystem:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(text)
    except CRSError as error:
        raise _unknown(text) from error
    flat = crs.to_2d()
    if flat.is_bound and flat.source_crs is not None:
        flat = flat.source_crs
    if not (flat.is_projected or flat.is_geographic) or flat.geodetic_crs is None:
        raise _unknown(text)
    number = flat.to_epsg(min_confidence=25)
    exact = _is_same_datum(flat.geodetic_crs)
    return CoordinateSystem(
        code=f"EPSG:{number}" if number else text[:60],
        name=flat.name,
        projected=flat.is_projected,
        exact=exact,
        _to_wgs84=_converter(flat, exact=exact),
    )


def _is_same_datum(geodetic: Any) -> bool:
    if geodetic.to_epsg(min_confidence=20) in _SAME:
        return True
    names = f"{geodetic.name} {geodetic.datum.name if geodetic.datum else ''}".lower()
    return any(word in names for word in ("wgs 84", "wgs84", "wgs_1984", "cgcs2000", "china_2000"))


def _converter(crs: Any, *, exact: bool) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """Through its own degrees where the datum is ours: the projection alone, no guessed shift."""
    from pyproj import Transformer

    target = crs.geodetic_crs.to_2d() if exact else 4326
    made = Transformer.from_crs(crs, target, always_xy=True)

    def convert(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        lon, lat = made.transform(x, y)
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    return convert


def likely_systems(x: ArrayLike, y: ArrayLike) -> list[str]:
    """What the size of the numbers speaks for, to be told in a refusal; never used unasked.

    Gauss-Krueger eastings with the number of their zone in front give it away; those without
    (around 500,000) may lie in any zone, so all of them are named.
    """
    east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if not len(east) or not (np.isfinite(east).all() and np.isfinite(north).all()):
        return []
    if np.abs(east).max() <= 180 and np.abs(north).max() <= 90:
        return ["EPSG:4490", "wgs84", "gcj02", "bd09"]
    in_china = north.min() > 1.9e6 and north.max() < 6.0e6
    return _likely_zones(east) if in_china else []


def _likely_zones(east: Floats) -> list[str]:
    zone = int(np.median(east) // 1_000_000)
    if 25 <= zone <= 45:
        return [f"EPSG:{4513 + zone - 25}"]
    if 13 <= zone <= 23:
        return [f"EPSG:{4491 + zone - 13}"]
    inside = east.min() > 1e5 and east.max() < 9e5
    return ["EPSG:4534 … EPSG:4554"] if inside else []


def _unknown(text: str) -> DomainError:
    return DomainError(
        "place.unknown_crs",
        f"Coordinate system {text[:80]!r} is not known. Give an EPSG number such as EPSG:4548 "
        "(CGCS2000, 3-degree zone, 117° E), EPSG:4490 (CGCS2000 degrees), or wgs84, gcj02, bd09.",
        f"不认识坐标系 {text[:80]!r}。请给出 EPSG 编号，例如 EPSG:4548（CGCS2000 三度带，中央经线 "
        "117°）、EPSG:4490（CGCS2000 经纬度），或 wgs84、gcj02、bd09。",
        where="crs",
        details={"value": text[:80], "examples": ["EPSG:4548", "EPSG:4490", *CRS_NAMES]},
    )
