"""The large lines of a district: outline, rivers, railway, ring roads, radial roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.names import Name
from cityloop.engines.district.wide.sizes import WideSize

Floats = NDArray[np.float64]
_MANY_ROADS_M = 12_000.0
_EXPRESS_NAMES: tuple[Name, ...] = (
    ("内环路", "Inner Ring Road"), ("中环路", "Middle Ring Road"), ("外环路", "Outer Ring Road"),
    ("东北快速路", "North-East Expressway"), ("东向快速路", "Eastern Expressway"),
    ("东南快速路", "South-East Expressway"),
)  # fmt: skip
_WAVES_M = np.array([13_000.0, 9_500.0, 6_200.0, 4_300.0, 2_600.0, 1_700.0])
# each wave bends by less than a quarter of its length over 2 pi: the ground never folds
_HEIGHTS_M = np.array([480.0, 330.0, 150.0, 85.0, 34.0, 14.0])


@dataclass(frozen=True, slots=True)
class Bend:
    """A smooth map that bends every straight line of the plan, all of them together."""

    wave: Floats
    shift: Floats
    phase: Floats

    @classmethod
    def new(cls, dice: Dice) -> Bend:
        """Six shear waves in random directions."""
        n = len(_WAVES_M)
        angle = dice.numbers(n, 0.0, 2 * np.pi)
        across = angle + np.pi / 2 + dice.numbers(n, -0.5, 0.5)
        wave = np.stack([np.cos(angle), np.sin(angle)], 1) * (2 * np.pi / _WAVES_M)[:, None]
        shift = np.stack([np.cos(across), np.sin(across)], 1) * _HEIGHTS_M[:, None]
        return cls(wave, shift, dice.numbers(n, 0.0, 2 * np.pi))

    def __call__(self, uv: Floats) -> Floats:
        """Metres east and north, shape (n, 2), rounded to a millimetre."""
        xy = uv.astype(np.float64, copy=True)
        for wave, shift, phase in zip(self.wave, self.shift, self.phase, strict=True):
            xy += np.sin(uv @ wave + phase)[:, None] * shift
        return np.asarray(np.round(xy, 3))


@dataclass(frozen=True, slots=True)
class Curves:
    """Large lines in metres.

    express: ring roads and roads out of the city; water, rail: strips.
    middle: of the city, outside or at the rim of the district, as of an inner district.
    """

    outline: shapely.Polygon
    water: shapely.Geometry
    rail: shapely.Geometry
    rivers: list[shapely.LineString]
    railway: shapely.LineString
    express: list[shapely.LineString]
    express_name: list[Name]
    middle: Floats


def new_curves(size: WideSize, bend: Bend, dice: Dice) -> Curves:
    """All large lines of a district of this size."""
    wide, high = size.width_m, size.height_m
    outline = _outline(wide, high, dice)
    rivers = _rivers(wide, high, dice)
    scale = min(1.0, wide / 16_000)
    water = shapely.union_all([
        shapely.buffer(line, breadth * max(0.6, scale) / 2, quad_segs=3)
        for line, breadth in zip(rivers, (84.0, 46.0), strict=True)
    ])  # fmt: skip
    railway = _railway(wide, high, dice)
    rail = shapely.buffer(railway, 19.0, quad_segs=2, cap_style="flat")
    middle = np.array([-0.44 * wide, -0.03 * high])
    express = [_ring(middle, r * wide) for r in (0.24, 0.47, 0.76)]
    angles = np.deg2rad([38.0, 3.0, -37.0]) + dice.numbers(3, -0.08, 0.08)
    express += [
        _radial(middle, a, k * wide, 1.6 * wide)
        for a, k in zip(angles, (0.24, 0.1, 0.24), strict=True)
    ]
    # a small place has one ring road and one road out at most
    chosen = range(6) if wide > _MANY_ROADS_M else (1, 4)
    return Curves(
        outline, shapely.simplify(water, 1.5), rail, rivers, railway,
        [shapely.LineString(bend(express[k])) for k in chosen],
        [_EXPRESS_NAMES[k] for k in chosen], middle,
    )  # fmt: skip


def _outline(wide: float, high: float, dice: Dice) -> shapely.Polygon:
    """A rounded, uneven shape of straight pieces of some hundred metres, as borders are."""
    n = max(60, int(2.9 * wide / 420))
    angle = (np.arange(n) + dice.numbers(n, -0.3, 0.3)) * 2 * np.pi / n
    reach = np.full(n, 0.94)
    for k, height in ((2, 0.07), (3, 0.085), (4, 0.05), (5, 0.045), (7, 0.035), (11, 0.022)):
        reach += height * np.sin(k * angle + dice.number(0.0, 2 * np.pi))
    reach += dice.numbers(n, -0.007, 0.007)
    # a squared circle: districts fill the ground between their neighbours
    square = (np.abs(np.cos(angle)) ** 3 + np.abs(np.sin(angle)) ** 3) ** (-1 / 3)
    reach *= square * 0.96
    ring = np.stack([np.cos(angle) * reach * wide / 2, np.sin(angle) * reach * high / 2], 1)
    return shapely.Polygon(np.round(ring, 1))


def _winding(
    start: Floats, end: Floats, swings: list[tuple[float, float]], dice: Dice
) -> shapely.LineString:
    """A line from start to end that swings by (height, wave length) metres; both more by more."""
    length = float(np.hypot(*(end - start)))
    t = np.linspace(0.0, 1.0, max(8, int(length / 60)))
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    off = np.zeros_like(t)
    for height, wave in swings:
        off += height * np.sin(2 * np.pi * t * length / wave + dice.number(0.0, 2 * np.pi))
    points = start + t[:, None] * (end - start) + off[:, None] * across
    return shapely.LineString(np.round(points, 2))


def _rivers(wide: float, high: float, dice: Dice) -> list[shapely.LineString]:
    """A river from the north to the south-east, and one from the west that joins it."""
    scale = wide / 26_000
    swings = [
        (950 * scale, 9_000 * scale + 900),
        (230 * scale + 20, 2_300 * scale + 500),
        (45.0, 900.0),
    ]
    main = _winding(
        np.array([dice.number(-0.16, -0.02) * wide, 0.62 * high]),
        np.array([dice.number(0.3, 0.42) * wide, -0.62 * high]), swings, dice)  # fmt: skip
    joins = np.array(main.interpolate(dice.number(0.66, 0.74), normalized=True).coords[0])
    swings = [(420 * scale, 6_000 * scale + 900), (130 * scale + 15, 1_500 * scale + 400)]
    side = _winding(np.array([-0.62 * wide, dice.number(-0.3, -0.2) * high]), joins, swings, dice)
    coordinates = np.array(side.coords)
    coordinates[-1] = joins
    return [main, shapely.LineString(coordinates)]


def _railway(wide: float, high: float, dice: Dice) -> shapely.LineString:
    """A line across the district with two wide curves."""
    t = np.linspace(0.0, 1.0, 160)
    x = (-0.62 + 1.24 * t) * wide
    rise = dice.number(0.1, 0.18) * high
    y = (0.24 - 0.2 * t) * high + rise * np.tanh((t - 0.58) * 7)
    return shapely.LineString(np.round(np.stack([x, y], 1), 2))


def _ring(middle: Floats, reach: float) -> Floats:
    """A ring road as cities have it: a square with very round corners."""
    a = np.linspace(0.0, 2 * np.pi, 220)
    round_ = (np.abs(np.cos(a)) ** 3.6 + np.abs(np.sin(a)) ** 3.6) ** (-1 / 3.6)
    return middle + np.stack([np.cos(a), np.sin(a)], 1) * (round_ * reach)[:, None]


def _radial(middle: Floats, angle: float, start: float, end: float) -> Floats:
    """A road out of the city that turns a little on its way."""
    far = np.linspace(start, end, 140)
    turn = angle + 0.16 * np.sin(far / end * 5.0 + angle * 3)
    return middle + np.stack([np.cos(turn), np.sin(turn)], 1) * far[:, None]
