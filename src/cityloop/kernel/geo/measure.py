"""Metres between points in degrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

_MEAN_RADIUS_M = 6_371_008.8  # IUGG mean radius
_WGS84_A_M, _WGS84_E2 = 6_378_137.0, 0.006_694_379_990_14


@overload
def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float: ...
@overload
def distance_m(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> NDArray[np.float64]: ...
def distance_m(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> float | NDArray[np.float64]:
    """Great-circle metres between points in WGS84 degrees.

    Haversine: within 0.5 % of the ellipsoid. Arguments broadcast; four scalars give a float.
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(v, np.float64)) for v in (lon1, lat1, lon2, lat2))
    h = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    metres = 2 * _MEAN_RADIUS_M * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))
    return float(metres) if metres.ndim == 0 else np.asarray(metres)


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """A flat map around one point: metres east and north of it.

    Good to about 1:10,000 within 20 km; for shapes and areas of a district, not for surveying.
    """

    lon: float
    lat: float

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        """(east-west, north-south) at the centre, from the WGS84 ellipsoid."""
        phi = np.radians(self.lat)
        w = 1 - _WGS84_E2 * np.sin(phi) ** 2
        parallel = _WGS84_A_M / np.sqrt(w) * np.cos(phi)
        meridian = _WGS84_A_M * (1 - _WGS84_E2) / w**1.5
        return float(np.radians(parallel)), float(np.radians(meridian))

    def to_xy(
        self, lon: ArrayLike, lat: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Metres east and north of the centre."""
        kx, ky = self.metres_per_degree
        return (np.asarray(lon, float) - self.lon) * kx, (np.asarray(lat, float) - self.lat) * ky

    def to_lonlat(
        self, x: ArrayLike, y: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Degrees of points given in metres."""
        kx, ky = self.metres_per_degree
        return self.lon + np.asarray(x, float) / kx, self.lat + np.asarray(y, float) / ky
