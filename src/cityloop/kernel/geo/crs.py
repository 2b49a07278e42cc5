"""WGS84 / CGCS2000 / GCJ-02 / BD-09, forward and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]

CRS_NAMES = ("wgs84", "cgcs2000", "gcj02", "bd09")

_A = 6_378_245.0  # Krasovsky 1940 semi-major axis, m: the formula is written for this ellipsoid
_EE = 0.006_693_421_622_965_943
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # outside this box GCJ-02 equals WGS84
_BD_PI = np.pi * 3000.0 / 180.0
_STEP_DEG = 1e-9  # 0.1 mm on the ground: where the inverse stops
_MAX_STEPS = 12


@overload
def to_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Floats, Floats]: ...
def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[float | Floats, float | Floats]:
    """WGS84 degrees of points that came in another coordinate system.

    Args:
        lon, lat: degrees, scalars or arrays of one shape; NaN stays NaN.
        crs: "wgs84", "cgcs2000" (equal to WGS84 within decimetres), "gcj02" or "bd09".
    Returns: (lon, lat), floats for scalars, else arrays. GCJ-02 and BD-09 are inverted by
        fixed-point iteration; there and back differs by less than 1 mm.
    Raises: DomainError("place.unknown_crs").
    Source: the public GCJ-02 and BD-09 formulas; see docs/algorithms/locating.md for their limits.
    """
    return _convert(lon, lat, crs, {"gcj02": _gcj02_inverse, "bd09": _bd09_inverse})


@overload
def from_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Floats, Floats]: ...
def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[float | Floats, float | Floats]:
    """Points in WGS84 degrees, in the system `crs` (for map apps that expect it).

    Args and errors: as `to_wgs84`.
    """
    return _convert(lon, lat, crs, {"gcj02": _gcj02, "bd09": _bd09})


def _convert(
    lon: ArrayLike, lat: ArrayLike, crs: str, steps: dict[str, Shift]
) -> tuple[float | Floats, float | Floats]:
    if crs not in CRS_NAMES:
        raise _unknown_crs(crs)
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    if crs in steps:
        with np.errstate(invalid="ignore", over="ignore"):  # check_lonlat names such points
            x, y = steps[crs](x, y)
    if np.ndim(lon) == 0 and np.ndim(lat) == 0:
        return float(x), float(y)
    return np.array(x), np.array(y)


def _unknown_crs(crs: str) -> DomainError:
    allowed = ", ".join(CRS_NAMES)
    return DomainError(
        "place.unknown_crs",
        f"Coordinate system {crs!r} is not known. Allowed: {allowed}. "
        "Phones and AMap/Tencent maps in China give gcj02, Baidu maps bd09, GPS devices wgs84.",
        f"不认识坐标系 {crs!r}。可用：{allowed}。"
        "国内手机和高德、腾讯地图为 gcj02，百度地图为 bd09，GPS 设备为 wgs84。",
        where="crs",
        details={"value": crs, "allowed": list(CRS_NAMES)},
    )


def _wave(t: Floats, short: float, long: float) -> Floats:
    return np.asarray(20 * np.sin(t * short * np.pi) + 20 * np.sin(t * long * np.pi))


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """GCJ-02 minus WGS84, degrees."""
    x, y = lon - 105.0, lat - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += _wave(x, 6, 2) * 2 / 3
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += _wave(x, 6, 2) * 2 / 3
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    phi = np.radians(lat)
    m = 1 - _EE * np.sin(phi) ** 2
    meridian, parallel = _A * (1 - _EE) / (m * np.sqrt(m)), _A / np.sqrt(m) * np.cos(phi)
    return east * 180 / (parallel * pi), north * 180 / (meridian * pi)


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _shifted(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    dx, dy = _offset(lon, lat)
    return lon + dx, lat + dy


def _gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = _shifted(lon, lat)
    inside = _in_china(lon, lat)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _gcj02_inverse(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    # Points up to 0.02 degrees outside the box may come from inside it; farther ones never do.
    west, south, east, north = _CHINA
    near = (lon > west - 0.02) & (lon < east + 0.02) & (lat > south - 0.02) & (lat < north + 0.02)
    x, y = np.array(lon), np.array(lat)
    x[near], y[near] = _fixed_point(_shifted, lon[near], lat[near])
    inside = near & _in_china(x, y)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def _fixed_point(forward: Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The point that `forward` maps to (lon, lat); both shifts contract, 3-5 steps are enough."""
    x, y = lon.copy(), lat.copy()
    for _ in range(_MAX_STEPS):
        fx, fy = forward(x, y)
        dx, dy = fx - lon, fy - lat
        x, y = x - dx, y - dy
        moved = np.maximum(np.abs(dx), np.abs(dy))
        if not np.any(moved > _STEP_DEG):
            break
    return x, y


def _baidu(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """BD-09 of GCJ-02."""
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return _baidu(*_gcj02(lon, lat))


def _bd09_inverse(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return _gcj02_inverse(*_fixed_point(_baidu, lon, lat))
