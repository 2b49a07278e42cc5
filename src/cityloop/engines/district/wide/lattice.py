"""Arterials and secondary streets: a bent lattice, thinned where larger lines run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.wide.curves import Bend, Curves
from cityloop.engines.district.wide.sizes import Way, WideSize

Floats = NDArray[np.float64]
_STEP_M = 70.0  # a vertex at least so often
_CLEAR_M = {Way.ARTERIAL: 210.0, Way.SECONDARY: 165.0}
_BRIDGES = {Way.ARTERIAL: 0.62, Way.SECONDARY: 0.12}
_SECTION = 4  # so many lattice steps of a street bear one name


@dataclass(slots=True)
class Lines:
    """Lines on the ground: geometry, class, and number of the street (-1: no street)."""

    shape: NDArray[np.object_]
    way: NDArray[np.int64]
    street: NDArray[np.int64]


def new_lines(size: WideSize, curves: Curves, bend: Bend, dice: Dice) -> Lines:
    """Every line larger than a local street, cut at the outline and at what it cannot cross."""
    shapes: list[shapely.Geometry] = [*curves.express]
    ways = [Way.EXPRESS] * len(shapes)
    streets = list(range(len(shapes)))
    pieces, way, street = _lattice(size, curves, bend, dice)
    barrier = shapely.union_all([curves.water, curves.rail])
    blocked = dice.numbers(len(pieces)) > np.where(
        way == Way.ARTERIAL, _BRIDGES[Way.ARTERIAL], _BRIDGES[Way.SECONDARY]
    )
    pieces[blocked] = shapely.difference(pieces[blocked], barrier)
    shapes += list(pieces)
    ways += way.tolist()
    streets += (street + len(streets)).tolist()
    inside = shapely.intersection(np.array(shapes, dtype=object), curves.outline)
    edges = [
        (Way.BANK, shapely.intersection(curves.water.boundary, curves.outline)),
        (Way.RAIL, shapely.intersection(curves.rail.boundary, curves.outline)),
        (Way.OUTLINE, curves.outline.exterior),
    ]
    shape = np.array([*inside, *(s for _, s in edges)], dtype=object)
    all_ways = np.array([*ways, *(w for w, _ in edges)], np.int64)
    all_streets = np.array([*streets, -1, -1, -1], np.int64)
    kept = ~shapely.is_empty(shape)
    return Lines(shape[kept], all_ways[kept], all_streets[kept])


def _lattice(
    size: WideSize, curves: Curves, bend: Bend, dice: Dice
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Pieces between crossings, their class and street number."""
    u = _positions(size.width_m * 1.08, curves.middle[0] + size.width_m * 0.2, dice)
    v = _positions(size.height_m * 1.08, curves.middle[1], dice)
    rows = [*_pieces(u, v, 0, dice), *_pieces(v, u, 1, dice)]
    way = np.array([r[0] for r in rows], np.int64)
    line = np.array([r[1] for r in rows], np.int64)
    ends = np.array([r[2:] for r in rows])
    shape = _bent(ends, bend)
    kept = _clear_of_larger(shape, way, curves)
    _, street = np.unique(line[kept], return_inverse=True)
    return shape[kept], way[kept], np.asarray(street, np.int64)


def _positions(length: float, near: float, dice: Dice) -> Floats:
    """Arterials: every 780 m near the middle, 1,350 m far away, centred on 0."""
    found = [-length / 2]
    while found[-1] < length / 2 - 500:
        far = min(1.0, abs(found[-1] - near) / 14_000)
        found.append(found[-1] + (780 + 570 * far) * dice.number(0.84, 1.16))
    return np.round(np.array(found), 1)


def _pieces(
    own: Floats, other: Floats, orient: int, dice: Dice
) -> list[tuple[int, int, float, float, float, float]]:
    """(class, line, u0, v0, u1, v1) of arterials at `own` and secondary streets between them."""
    rows = []
    lines: list[tuple[Way, float, float]] = [(Way.ARTERIAL, float(p), 0.97) for p in own]
    share = dice.numbers(len(own) - 1, 0.36, 0.64)
    lines += [
        (Way.SECONDARY, float(a + (b - a) * s), 0.82)
        for a, b, s in zip(own[:-1], own[1:], share, strict=True)
    ]
    for n, (way, at, often) in enumerate(lines):
        there = dice.numbers(len(other) - 1) < often
        drift = dice.numbers(len(other), -55.0, 55.0) * (way is Way.SECONDARY)
        for k in np.flatnonzero(there):
            number = (n * 2 + orient) * 1000 + int(k) // _SECTION
            a, b = float(at + drift[k]), float(at + drift[k + 1])
            start, end = float(other[k]), float(other[k + 1])
            ends = (a, start, b, end) if orient == 0 else (start, a, end, b)
            rows.append((int(way), number, *ends))
    return rows


def _bent(ends: Floats, bend: Bend) -> NDArray[np.object_]:
    """Straight pieces as bent lines with a vertex every _STEP_M."""
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    parts = np.maximum(1, np.ceil(length / _STEP_M)).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(ends)), parts)
    first = np.repeat(np.cumsum(parts) - parts, parts)
    t = ((np.arange(len(piece)) - first) / (parts[piece] - 1))[:, None]
    uv = ends[piece, :2] * (1 - t) + ends[piece, 2:] * t
    return np.array(shapely.linestrings(bend(np.round(uv, 2)), indices=piece), dtype=object)


def _clear_of_larger(
    shape: NDArray[np.object_], way: NDArray[np.int64], curves: Curves
) -> NDArray[np.bool_]:
    """False for pieces that mostly run beside an expressway, a river, the railway, the rim."""
    larger = [*curves.express, *curves.rivers, curves.railway, curves.outline.exterior]
    coordinates, index = zip(*(
        (c, np.full(len(c), k)) for k, c in enumerate(map(shapely.get_coordinates, larger))
    ), strict=True)  # fmt: skip
    xy, part = np.concatenate(coordinates), np.concatenate(index)
    same = part[:-1] == part[1:]
    tree = shapely.STRtree(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))
    points, piece = shapely.get_coordinates(shape, return_index=True)
    clear = np.where(way[piece] == Way.ARTERIAL, _CLEAR_M[Way.ARTERIAL], _CLEAR_M[Way.SECONDARY])
    near = np.zeros(len(points), bool)
    near[tree.query(shapely.points(points), predicate="dwithin", distance=clear)[0]] = True
    beside = np.bincount(piece, near, minlength=len(shape)) / np.bincount(piece)
    return np.asarray(beside < 0.55)
