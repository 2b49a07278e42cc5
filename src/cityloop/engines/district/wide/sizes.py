"""How big a wide district is planned, and the classes of its lines and uses of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Way(IntEnum):
    """What a line on the ground is; up to LOCAL a street, then barriers and the outline."""

    EXPRESS = 0
    ARTERIAL = 1
    SECONDARY = 2
    LOCAL = 3
    BANK = 4
    RAIL = 5
    OUTLINE = 6


WIDTH_M = np.array([62.0, 42.0, 26.0, 14.0, 6.0, 6.0, 10.0])
# how much a border there counts beside a border across open ground: borders follow what divides
BORDER_COST = np.array([0.12, 0.22, 0.5, 1.0, 0.1, 0.15, 0.05])


@dataclass(frozen=True, slots=True)
class WideSize:
    """Plan of a size. `width_m`, `height_m`: the box that the outline fills loosely.

    density: how much of the ground is built as densely as a city's middle, 0 to 1.
    """

    width_m: float
    height_m: float
    subdistricts: int
    communities: int
    homes: int  # residential buildings, about
    households: int  # about
    bus_lines: int
    density: float


SIZES = {
    "town": WideSize(5200.0, 4600.0, 3, 36, 3600, 165_000, 8, 0.8),
    "chaoyang": WideSize(27_000.0, 25_400.0, 43, 1060, 100_000, 6_040_000, 120, 0.0),
}
