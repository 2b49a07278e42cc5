"""What every block is used for: dense middle and sub-centres, works at the rim, green by water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.uses import Use
from cityloop.engines.district.wide.curves import Curves
from cityloop.engines.district.wide.sizes import WideSize

Floats = NDArray[np.float64]
_SLIVER_M2, _THIN = 4_500.0, 0.16  # smaller, or thinner, and nothing but greenery fits
_NEAR_WATER_M = 260.0


@dataclass(frozen=True, slots=True)
class Density:
    """How dense the city is at a place, 0 to 1: the middle and some sub-centres."""

    at: Floats
    height: Floats
    reach_m: Floats
    least: float

    @classmethod
    def new(cls, size: WideSize, curves: Curves, dice: Dice) -> Density:
        """Seven hills of density; the first is the middle of the whole city."""
        n = 8
        at = np.stack([dice.numbers(n, -0.42, 0.42) * size.width_m,
                       dice.numbers(n, -0.42, 0.42) * size.height_m], axis=1)  # fmt: skip
        at[0] = curves.middle + np.array([0.08 * size.width_m, 0.0])
        height = dice.numbers(n, 0.45, 0.78)
        reach = dice.numbers(n, 0.05, 0.1) * size.width_m
        height[0], reach[0] = 1.0, 0.34 * size.width_m
        return cls(at, height, reach, size.density)

    def __call__(self, xy: Floats) -> Floats:
        """Density at points, shape (n,)."""
        far2 = ((xy[:, None, :] - self.at) ** 2).sum(axis=2)
        hills = self.height * np.exp(-far2 / (2 * self.reach_m**2))
        return np.asarray(np.maximum(hills.max(axis=1), self.least))


def target_m2(density: Floats) -> Floats:
    """How large a block is, by density."""
    return np.asarray(24_000 + 88_000 * (1 - density) ** 2)


def uses_of(
    faces: NDArray[np.object_], density: Density, curves: Curves, dice: Dice
) -> NDArray[np.int64]:
    """The use of every block (`Use`)."""
    n = len(faces)
    middle = shapely.get_coordinates(shapely.centroid(faces))
    dense = density(middle)
    felt = np.clip(dense + 0.26 * _noise(middle, dice, 1.0), 0.02, 1.0)
    works = np.clip(_noise(middle, dice, 0.6), 0.0, 1.0)
    shares = _shares(felt, works)
    drawn = dice.numbers(n)[:, None] * shares.sum(axis=1, keepdims=True)
    use = np.minimum((drawn > np.cumsum(shares, axis=1)).sum(axis=1), shares.shape[1] - 1)
    use = np.array([*_ORDER], np.int64)[use]
    _put_parks(use, faces, middle, curves, dice)
    area, around = shapely.area(faces), shapely.length(faces)
    use[(area < _SLIVER_M2) | (4 * np.pi * area / around**2 < _THIN)] = Use.GREEN
    inside = shapely.point_on_surface(faces)
    for shape, ground in ((curves.rail, Use.RAILWAY), (curves.water, Use.WATER)):
        shapely.prepare(shape)
        use[shapely.contains(shape, inside)] = ground
    return np.asarray(use, np.int64)


_ORDER = (
    Use.TOWER, Use.SLAB, Use.MIDRISE, Use.COURTYARD, Use.COMMERCE, Use.OFFICE,
    Use.PARK, Use.SCHOOL, Use.HOSPITAL, Use.INDUSTRY, Use.FARM, Use.MARKET,
)  # fmt: skip


def _shares(s: Floats, works: Floats) -> Floats:
    """Chance of each use of _ORDER, shape (n, uses)."""
    return np.stack([
        0.13 + 0.18 * s, 0.32 + 0.42 * s * (1 - 0.4 * s), 0.24 + 0.16 * s,
        np.clip(0.1 * (1 - 2.0 * s), 0, 1), 0.016 + 0.04 * s, 0.01 + 0.3 * np.clip(s - 0.64, 0, 1),
        0.03 + 0 * s, 0.042 + 0 * s, 0.007 + 0 * s,
        np.clip(0.07 * (1 - 1.6 * s), 0, 1) * (1 + 4 * works), np.clip(0.4 * (1 - 2.5 * s), 0, 1),
        0.02 + 0 * s,
    ], axis=1)  # fmt: skip


def _noise(xy: Floats, dice: Dice, scale: float) -> Floats:
    """Smooth fields of some kilometres between about -1 and 1, shape (n,)."""
    total = np.zeros(len(xy))
    for wave in (900.0, 1700.0, 3100.0):
        p, q, turn = dice.numbers(3, 0.0, 2 * np.pi)
        u = xy[:, 0] * np.cos(turn) + xy[:, 1] * np.sin(turn)
        v = xy[:, 1] * np.cos(turn) - xy[:, 0] * np.sin(turn)
        total += np.sin(u / (wave * scale) + p) * np.sin(v / (wave * scale * 1.2) + q)
    return total / 2


def _put_parks(
    use: NDArray[np.int64], faces: NDArray[np.object_], middle: Floats, curves: Curves, dice: Dice
) -> None:
    """Some large parks of several blocks, and green blocks along the rivers."""
    west, south, east, north = curves.outline.bounds
    for _ in range(max(1, int((east - west) / 3700))):
        at = np.array([dice.number(0.8 * west, 0.8 * east), dice.number(0.8 * south, 0.8 * north)])
        reach = dice.number(260.0, 620.0)
        use[np.hypot(*(middle - at).T) < reach] = Use.PARK
    tree = shapely.STRtree(np.array(curves.rivers, dtype=object))
    near = tree.query(faces, predicate="dwithin", distance=_NEAR_WATER_M / 4)[0]
    chosen = np.unique(near)
    chosen = chosen[dice.numbers(len(chosen)) < 0.3]
    use[chosen] = Use.PARK
