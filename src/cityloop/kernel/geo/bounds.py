"""A box in degrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Bounds:
    """West, south, east, north in WGS84 degrees; edges belong to it. Does not cross 180 degrees."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        ordered = -180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90
        if not ordered:
            raise DomainError(
                "place.bad_bounds",
                f"Bounds {self.as_tuple()} are not west <= east within +-180 and south <= north "
                "within +-90 degrees. Give them as west, south, east, north.",
                f"范围 {self.as_tuple()} 有误：应按 西、南、东、北 的顺序给出，经度在 ±180 内、"
                "纬度在 ±90 内。",
                where="bounds",
                details={"value": [repr(v) for v in self.as_tuple()]},
            )

    @classmethod
    def around(cls, lon: ArrayLike, lat: ArrayLike, *, margin_deg: float = 0.0) -> Bounds:
        """The smallest box over the points, grown by a margin."""
        x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        return cls(
            max(-180.0, float(x.min()) - margin_deg),
            max(-90.0, float(y.min()) - margin_deg),
            min(180.0, float(x.max()) + margin_deg),
            min(90.0, float(y.max()) + margin_deg),
        )

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(west, south, east, north), the order of GeoJSON."""
        return self.west, self.south, self.east, self.north

    def holds(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
        """True where the point lies in the box; NaN is never inside."""
        x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        return np.asarray(
            (x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north)
        )
