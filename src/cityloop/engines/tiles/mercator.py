"""The square of the web map: longitude and latitude to 0..1, and the tiles it is cut into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import NotFound
from cityloop.kernel.geo import Bounds

MOST_ZOOM = 22
MOST_LATITUDE = 85.05112878  # where the square ends


@dataclass(frozen=True, slots=True)
class Address:
    """One tile: x from the west, y from the north, both below 2**z.

    Raises: NotFound("tile.outside") for a tile that no map has.
    """

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        side = 2**self.z if 0 <= self.z <= MOST_ZOOM else 0
        if 0 <= self.x < side and 0 <= self.y < side:
            return
        raise NotFound(
            "tile.outside",
            f"There is no tile {self.z}/{self.x}/{self.y}: zoom is 0 to {MOST_ZOOM}, "
            "x and y are 0 to 2**zoom - 1.",
            f"没有瓦片 {self.z}/{self.x}/{self.y}：级别为 0 至 {MOST_ZOOM}，"
            "x、y 为 0 至 2 的级别次方减 1。",
            where="z/x/y",
        )

    def box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """West, north, east, south edge in the square, widened by a part of the tile."""
        side = 2**self.z
        return (
            (self.x - margin) / side,
            (self.y - margin) / side,
            (self.x + 1 + margin) / side,
            (self.y + 1 + margin) / side,
        )


def unit_square(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Web Mercator in the unit square, y southwards.

    Args:
        lonlat: degrees (WGS84), shape (n, 2); latitudes beyond the square are put on its edge.
    Returns: shape (n, 2).
    Source: EPSG:3857, scaled to 0..1.
    Example:
        >>> unit_square(np.array([[0.0, 0.0], [-180.0, 0.0]])).tolist()
        [[0.5, 0.5], [0.0, 0.5]]
    """
    latitude = np.radians(np.clip(lonlat[:, 1], -MOST_LATITUDE, MOST_LATITUDE))
    x = (lonlat[:, 0] + 180) / 360
    y = 0.5 - np.arcsinh(np.tan(latitude)) / (2 * np.pi)
    return np.column_stack([x, y])


def tiles_over(bounds: Bounds, zoom: int) -> Iterator[Address]:
    """The tiles of a zoom that a box of degrees meets, from north-west row by row."""
    west, south, east, north = bounds.as_tuple()
    corners = unit_square(np.array([[west, north], [east, south]]))
    last = 2**zoom - 1
    (x0, y0), (x1, y1) = np.clip((corners * 2**zoom).astype(int), 0, last).tolist()
    for y in range(y0, y1 + 1):
        for x in range(x0, x1 + 1):
            yield Address(zoom, x, y)
