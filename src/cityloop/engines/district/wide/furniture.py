"""What stands in the streets: a place and a class for every part, no object for each."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.wide.sizes import WIDTH_M, Way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NONE = 1e9
# class code of the catalogue: metres between two on an expressway, arterial, secondary street,
# local street
SPACING_M: dict[str, tuple[float, float, float, float]] = {
    "0137": (32, 34, 36, 42),  # street light
    "0402": (12, 9.4, 9.4, 10.2),  # street tree
    "0102": (90, 60, 60, 66),  # sewage manhole cover
    "0103": (80, 75, 80, 95),  # stormwater manhole cover
    "0101": (_NONE, 180, 160, 150),  # water-supply manhole cover
    "0104": (60, 75, 85, 110),  # storm drain grate
    "0105": (_NONE, 150, 170, 220),  # electric power manhole cover
    "0107": (_NONE, 120, 140, 190),  # telecom manhole cover
    "0127": (_NONE, 420, 380, 420),  # telecom cabinet
    "0198": (_NONE, 120, 120, 130),  # fire hydrant
    "0150": (220, 250, 300, 420),  # surveillance camera (of traffic and public order)
    "0204": (_NONE, 560, 620, _NONE),  # bus stop
    "0212": (_NONE, 380, 320, 260),  # street name plate
    "0297": (180, 130, 140, 210),  # traffic sign
    "0305": (_NONE, 95, 95, 110),  # litter bin
    "0407": (_NONE, 300, 260, 400),  # bench
}
CLASSES = tuple(SPACING_M)
_IN_ROADWAY = {"0101", "0102", "0103", "0105", "0107"}  # covers lie in the carriageway


def parts_along(
    edges: NDArray[np.object_], ways: Ints, dice: Dice
) -> tuple[NDArray[np.int8], Floats, Ints]:
    """Class (position in CLASSES), place in metres and edge of every part, by class and edge."""
    path = Path(edges)
    streets = np.flatnonzero(ways <= Way.LOCAL)
    kinds, places, owners = [], [], []
    for k, code in enumerate(CLASSES):
        gap = np.array(SPACING_M[code])[ways[streets]]
        count = np.floor(path.length[streets] / gap + dice.numbers(len(streets))).astype(np.int64)
        edge = np.repeat(streets, count)
        each = np.repeat(count, count)
        nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        share = (nth + dice.numbers(len(edge), 0.38, 0.62)) / np.maximum(each, 1)
        side = np.where(nth % 2 == 0, 1.0, -1.0)
        width = WIDTH_M[ways[edge]]
        off = side * (width * 0.22 if code in _IN_ROADWAY else width / 2 - 1.3)
        kinds.append(np.full(len(edge), k, np.int8))
        places.append(path.beside(edge, share, off))
        owners.append(edge)
    return np.concatenate(kinds), np.concatenate(places), np.concatenate(owners)


class Path:
    """Points along many lines at once."""

    def __init__(self, lines: NDArray[np.object_]) -> None:
        self._xy, owner = shapely.get_coordinates(lines, return_index=True)
        step = np.hypot(*np.diff(self._xy, axis=0).T)
        step[owner[1:] != owner[:-1]] = 0.0
        self._far = np.concatenate([[0.0], np.cumsum(step)])
        self._first = np.searchsorted(owner, np.arange(len(lines)))
        last = np.append(self._first[1:], len(owner)) - 1
        self._last = last
        self.length: Floats = self._far[last] - self._far[self._first]

    def beside(self, line: Ints, share: Floats, off: Floats | float) -> Floats:
        """The point at a share of a line's length, `off` metres to its left, shape (n, 2)."""
        far = self._far[self._first[line]] + share * self.length[line]
        k = np.searchsorted(self._far, far, side="right") - 1
        k = np.clip(k, self._first[line], self._last[line] - 1)
        step = self._xy[k + 1] - self._xy[k]
        size = np.maximum(np.hypot(*step.T), 1e-9)
        t = np.clip((far - self._far[k]) / size, 0.0, 1.0)[:, None]
        left = np.stack([-step[:, 1], step[:, 0]], axis=1) / size[:, None]
        return np.asarray(np.round(self._xy[k] + t * step + left * np.reshape(off, (-1, 1)), 2))
