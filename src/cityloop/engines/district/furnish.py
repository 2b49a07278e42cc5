"""What stands in the streets: lamps, manholes, bins, trees, and the bus stops."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.areas import DISTRICT_CODE
from cityloop.engines.district.dice import Dice
from cityloop.engines.district.ground import CENTRE, to_degrees
from cityloop.engines.district.model import Component, Street
from cityloop.engines.locating import CellIndex

# class code of the catalogue: metres between two, by street class; None: there are none
SPACING_M: dict[str, dict[str, float]] = {
    "0137": {"arterial": 32, "secondary": 36, "local": 42, "lane": 90},  # street light
    "0402": {"arterial": 16, "secondary": 18, "local": 24},  # street tree
    "0102": {"arterial": 60, "secondary": 60, "local": 70, "lane": 110},  # sewage manhole cover
    "0103": {"arterial": 70, "secondary": 80, "local": 95},  # stormwater manhole cover
    "0101": {"arterial": 180, "secondary": 160, "local": 150},  # water-supply manhole cover
    "0104": {"arterial": 75, "secondary": 85, "local": 110},  # storm drain grate
    "0305": {"arterial": 110, "secondary": 100, "local": 130, "lane": 170},  # litter bin
    "0127": {"arterial": 420, "secondary": 380, "local": 420},  # telecom cabinet
    "0212": {"arterial": 380, "secondary": 320, "local": 260},  # street name plate
    "0204": {"arterial": 520, "secondary": 640},  # bus stop
    "0407": {"secondary": 260, "local": 400},  # bench
}
_IN_ROADWAY = {"0102", "0103", "0101"}  # covers lie in the carriageway, the rest on the kerb
Floats = NDArray[np.float64]


def new_components(streets: list[Street], cells: CellIndex, dice: Dice) -> list[Component]:
    """Components along the streets, numbered by class; those beyond the border are left out."""
    found: list[Component] = []
    for class_code, spacing in SPACING_M.items():
        parts = [
            _along(street, spacing[street.road], class_code in _IN_ROADWAY, dice)
            for street in streets
            if street.road in spacing
        ]
        spots = to_degrees(np.concatenate(parts))
        located = cells.locate(spots[:, 0], spots[:, 1])
        inside = np.flatnonzero(located.ids >= 0)
        found += [
            Component(f"{DISTRICT_CODE}{class_code}{n:06d}", class_code, int(located.ids[k]),
                      float(spots[k, 0]), float(spots[k, 1]))
            for n, k in enumerate(inside, start=1)
        ]  # fmt: skip
    return found


def _along(street: Street, gap_m: float, in_roadway: bool, dice: Dice) -> Floats:
    """Places on alternating sides of a street, metres in the local plane, shape (n, 2)."""
    line = shapely.transform(
        street.line, lambda c: np.stack(CENTRE.to_xy(c[:, 0], c[:, 1]), axis=1)
    )
    n = int(line.length / gap_m + dice.number())
    if n == 0:
        return np.zeros((0, 2))
    at = (np.arange(n) + dice.numbers(n, 0.42, 0.58)) * line.length / n
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 0.5))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, at - 0.5))
    along = ahead - behind
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    side = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    off = side * (street.width_m * 0.22 if in_roadway else street.width_m / 2 - 1.2)
    return np.asarray(here + np.stack([-along[:, 1], along[:, 0]], axis=1) * off[:, None])
