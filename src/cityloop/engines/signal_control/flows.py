"""Flows where only speeds are measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError


def flow_from_speed(
    speed: ArrayLike, *, free_speed: ArrayLike, jam_density: float = 120.0, lanes: int = 1
) -> NDArray[np.float64]:
    """Vehicles an hour that belong to a speed, by Greenshields' linear relation.

    An estimate for want of counts: speeds near the free one say little about the flow, and the
    relation is that of open road. Timings made of it are proposals to look at, not to switch blind.

    Args:
        speed: any unit; NaN stays NaN. free_speed: same unit, that of an empty road, > 0.
        jam_density: standing vehicles a kilometre of lane if speeds are km/h (a mile if mph).
    Returns: the shape of `speed`, >= 0.
    Raises: DomainError("signals.speed").
    Source: B. D. Greenshields, A Study of Traffic Capacity, 1935.
    """
    seen, free = np.asarray(speed, dtype=float), np.asarray(free_speed, dtype=float)
    if np.any(free <= 0) or np.any(seen < 0):
        raise DomainError(
            "signals.speed",
            "A speed is below 0, or a free speed not above 0.",
            "速度小于 0，或自由流速度不大于 0。",
        )
    share = np.clip(seen / free, 0.0, 1.0)
    return np.asarray(lanes * jam_density * (1 - share) * share * free, dtype=float)
