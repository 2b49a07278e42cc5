"""Water, parks, ponds and sports grounds: what a map shows between the houses."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon

from cityloop.engines.district.ground import Ground
from cityloop.engines.district.model import Landscape
from cityloop.engines.district.plan import Plan
from cityloop.engines.district.shapes import Rect
from cityloop.engines.district.uses import Use

_BANK = 150  # decimetres between the middle of the bank road and the water, on average
_KERB = 70  # decimetres between a street's middle line and the block it bounds


def landscape_of(plan: Plan, ground: Ground) -> list[Landscape]:
    """Blocks by use, then what lies on them."""
    parts: list[Landscape] = []
    water: list[Polygon] = []
    for rect, use in zip(plan.blocks, plan.uses, strict=True):
        if use is Use.WATER:
            parts.append(Landscape("bank", _on_ground(rect, ground)))
            water.append(_river(rect, ground))
            continue
        west, south, east, north = rect
        block = (west + _KERB, south + _KERB, east - _KERB, north - _KERB)
        parts.append(Landscape(use.name.lower(), _on_ground(block, ground)))
        if use is Use.SCHOOL:
            parts.append(Landscape("sports", _oval(_sports_ground(rect), ground, 0.0)))
        if use is Use.PARK and (rect[2] - rect[0]) * (rect[3] - rect[1]) > 8_000_000:
            wide, high = east - west, north - south
            pond = (west + wide // 4, south + high // 4, east - wide // 3, north - high // 3)
            parts.append(Landscape("pond", _oval(pond, ground, 0.16)))
    if water:
        parts.append(Landscape("water", shapely.normalize(shapely.union_all(water))))
    return parts


def _river(rect: Rect, ground: Ground) -> Polygon:
    """Water between banks of changing width."""
    west, south, east, north = rect
    u = np.linspace(west, east, 1 + (east - west) // 200)
    low = south + _BANK + 55 * np.sin(u / 900 + 1.0) + 25 * np.sin(u / 370)
    high = north - _BANK + 55 * np.sin(u / 1050 + 3.0) + 25 * np.sin(u / 410 + 1.0)
    return Polygon(ground.degrees(np.append(u, u[::-1]), np.append(low, high[::-1])))


def _sports_ground(rect: Rect) -> Rect:
    west, south, east, north = rect
    middle, half = (west + east) // 2, min((east - west) // 2 - 250, 450)
    return middle - half, south + 220, middle + half, south + round((north - south) * 0.42)


def _on_ground(rect: Rect, ground: Ground) -> Polygon:
    """A rectangle of the plan, bent with the ground."""
    west, south, east, north = rect
    t = np.linspace(0.0, 1.0, 17)
    u = np.concatenate([west + (east - west) * t, np.full(17, east),
                        east + (west - east) * t, np.full(17, west)])  # fmt: skip
    v = np.concatenate([np.full(17, south), south + (north - south) * t,
                        np.full(17, north), north + (south - north) * t])  # fmt: skip
    return Polygon(ground.degrees(u, v))


def _oval(rect: Rect, ground: Ground, wobble: float) -> Polygon:
    """A rounded shape inside a rectangle; `wobble` makes it less regular."""
    west, south, east, north = rect
    a = np.linspace(0.0, 2 * np.pi, 48, endpoint=False)
    reach = 1 + wobble * np.sin(2 * a + 1.0) + wobble * 0.6 * np.sin(3 * a + 2.0)
    # exponent < 1 squares the oval a little, as a running track is
    c, s = (np.sign(f) * np.abs(f) ** 0.7 for f in (np.cos(a), np.sin(a)))
    u = (west + east) / 2 + (east - west) / 2 * c * reach
    v = (south + north) / 2 + (north - south) / 2 * s * reach
    return Polygon(ground.degrees(u, v))
