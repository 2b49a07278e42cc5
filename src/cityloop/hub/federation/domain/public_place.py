"""What may be shown of the place of one matter."""

from __future__ import annotations

import math
from collections.abc import Iterable

from cityloop.kernel.geo import LocalPlane

SNAP_M = 50.0


def rough_place(lon: float, lat: float) -> tuple[float, float]:
    """The middle of the 50 m square that a point lies in (WGS84 degrees): no single door.

    The squares are fixed to the ground: asking from many sides tells no more than asking once.
    """
    row = math.floor(lat * 111_320.0 / SNAP_M)
    middle = (row + 0.5) * SNAP_M / 111_320.0
    per_degree = LocalPlane(0.0, middle).metres_per_degree[0]
    column = math.floor(lon * per_degree / SNAP_M)
    return round((column + 0.5) * SNAP_M / per_degree, 6), round(middle, 6)


def is_hidden(class_key: str, hides: Iterable[str]) -> bool:
    """Whether matters of a class are about somebody's home or person: shown in sums alone."""
    return not class_key or any(class_key.startswith(start) for start in hides)
