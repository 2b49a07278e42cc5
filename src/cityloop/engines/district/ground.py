"""The bent ground: from the straight plan (u, v) to degrees.

Streets are planned as straight lines, so borders meet exactly; the ground bends all of them
together, so the map shows curved streets and a river that winds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.engines.district.dice import Dice
from cityloop.kernel.geo import LocalPlane

DM = 0.1  # the plan is kept in whole decimetres
CENTRE = LocalPlane(116.9, 39.1)  # an invented place in the plain
DEGREE_DIGITS = 7  # about 1 cm; rounding also hides last-bit differences between processors
_WAVES_M = np.array([5200.0, 3900.0, 2300.0, 1300.0])
_HEIGHTS_M = np.array([210.0, 120.0, 46.0, 13.0])


@dataclass(frozen=True, slots=True)
class Ground:
    """Smooth map from plan to ground; never folds (each wave bends by less than 0.26)."""

    width_m: float
    height_m: float
    river_m: float | None
    wave: NDArray[np.float64]
    shift: NDArray[np.float64]
    phase: NDArray[np.float64]
    turn: float

    @classmethod
    def new(cls, dice: Dice, *, width_m: float, height_m: float, river_m: float | None) -> Ground:
        """A ground for a plan of this size; `river_m`: v of the river, metres."""
        n = len(_WAVES_M)
        angle = dice.numbers(n, 0.0, 2 * np.pi)
        across = angle + np.pi / 2 + dice.numbers(n, -0.4, 0.4)
        wave = np.stack([np.cos(angle), np.sin(angle)], 1) * (2 * np.pi / _WAVES_M)[:, None]
        shift = np.stack([np.cos(across), np.sin(across)], 1) * _HEIGHTS_M[:, None]
        phase = dice.numbers(n, 0.0, 2 * np.pi)
        turn = np.deg2rad(dice.number(4.0, 9.0))
        return cls(width_m, height_m, river_m, wave, shift, phase, float(turn))

    def metres(self, u: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
        """Metres east and north of the centre, shape (n, 2), of plan points in decimetres."""
        x = np.asarray(u, float) * DM - self.width_m / 2
        y = np.asarray(v, float) * DM - self.height_m / 2
        east, north = x.copy(), y.copy()
        for wave, shift, phase in zip(self.wave, self.shift, self.phase, strict=True):
            bend = np.sin(wave[0] * x + wave[1] * y + phase)
            east, north = east + shift[0] * bend, north + shift[1] * bend
        if self.river_m is not None:
            nearness = np.exp(-(((y - self.river_m + self.height_m / 2) / 520.0) ** 2))
            winding = 78.0 * np.sin(x / 290.0 + 0.6) + 24.0 * np.sin(x / 125.0 + 2.1)
            north = north + winding * nearness
        c, s = np.cos(self.turn), np.sin(self.turn)
        turned = np.stack([c * east - s * north, s * east + c * north], axis=-1)
        return np.asarray(turned, np.float64)

    def degrees(self, u: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
        """Longitude and latitude, shape (n, 2), of plan points in decimetres."""
        return to_degrees(self.metres(u, v))

    def heading(self, u: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
        """Direction of the u axis on the ground, radians from east."""
        step = self.metres(np.asarray(u, float) + 50, v) - self.metres(np.asarray(u, float) - 50, v)
        return np.asarray(np.arctan2(step[..., 1], step[..., 0]))


def to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres around the centre, shape (..., 2), as rounded longitude and latitude."""
    lon, lat = CENTRE.to_lonlat(xy[..., 0], xy[..., 1])
    return np.asarray(np.round(np.stack([lon, lat], axis=-1), DEGREE_DIGITS), np.float64)
