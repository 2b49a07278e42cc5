"""Quarters are halved by local streets until a block is as small as a compound."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice

Floats = NDArray[np.float64]
_FAR_M = 4000.0


def headings(shapes: NDArray[np.object_]) -> Floats:
    """The direction most of the outline follows, radians within a quarter turn of east."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    step = xy[1:] - xy[:-1]
    step[owner[1:] != owner[:-1]] = 0.0
    length, turn = np.hypot(*step.T), 4 * np.arctan2(step[:, 1], step[:, 0])
    c, s = (np.bincount(owner[:-1], length * f, minlength=len(shapes))
            for f in (np.cos(turn), np.sin(turn)))  # fmt: skip
    return np.asarray(np.round(np.arctan2(s, c) / 4, 9))


def extents(shapes: NDArray[np.object_], heading: Floats) -> Floats:
    """Box of each shape in its own turned frame: (along low, along high, across low, high)."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    c, s = np.cos(heading)[owner], np.sin(heading)[owner]
    along, across = c * xy[:, 0] + s * xy[:, 1], c * xy[:, 1] - s * xy[:, 0]
    return np.stack([
        np.minimum.reduceat(along, first), np.maximum.reduceat(along, first),
        np.minimum.reduceat(across, first), np.maximum.reduceat(across, first),
    ], axis=1)  # fmt: skip


def local_streets(
    quarters: NDArray[np.object_], target_m2: Floats, dice: Dice
) -> NDArray[np.object_]:
    """Lines that halve the quarters, level by level, down to about `target_m2`."""
    streets: list[NDArray[np.object_]] = []
    todo, target = quarters, target_m2
    for _ in range(14):
        if not len(todo):
            break
        heading = headings(todo)
        box = extents(todo, heading)
        wide, high = box[:, 1] - box[:, 0], box[:, 3] - box[:, 2]
        area = shapely.area(todo)
        n = len(todo)
        wanted = target * dice.numbers(n, 0.75, 1.6)
        upright = wide * dice.numbers(n, 0.8, 1.25) > high
        share = dice.numbers(n, 0.4, 0.6)
        small = (area < wanted * 1.35) | (
            (np.minimum(wide, high) < 112) & (np.maximum(wide, high) < 280)
        )
        k = np.flatnonzero(~small)
        line, halves = _halved(todo[k], heading[k], box[k], upright[k], share[k])
        streets.append(line)
        pieces, owner = shapely.get_parts(halves, return_index=True)
        kept = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 1.0)
        todo, target = pieces[kept], np.tile(target[k], 2)[owner[kept]]
    found = shapely.get_parts(np.concatenate(streets))
    return np.asarray(found[shapely.length(found) > 1.0], dtype=object)


def _halved(
    shapes: NDArray[np.object_],
    heading: Floats,
    box: Floats,
    upright: NDArray[np.bool_],
    share: Floats,
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The cut of each shape, and its pieces on both sides (first sides, then the others)."""
    at = np.where(upright, box[:, 0] + (box[:, 1] - box[:, 0]) * share,
                  box[:, 2] + (box[:, 3] - box[:, 2]) * share)  # fmt: skip
    # direction across which the cut lies, and along which it runs
    turn = heading + np.where(upright, 0.0, np.pi / 2)
    normal = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    along = np.stack([-normal[:, 1], normal[:, 0]], axis=1)
    middle_along = np.where(upright, (box[:, 2] + box[:, 3]) / 2, -(box[:, 0] + box[:, 1]) / 2)
    middle = normal * at[:, None] + along * middle_along[:, None]
    one, two = middle - along * _FAR_M, middle + along * _FAR_M
    line = shapely.intersection(shapes, shapely.linestrings(np.stack([one, two], axis=1)))
    halves = []
    for side in (-1.0, 1.0):
        off = normal * (side * _FAR_M)
        half = shapely.polygons(np.stack([one, two, two + off, one + off], axis=1))
        halves.append(shapely.intersection(shapes, half))
    return np.asarray(line, dtype=object), np.concatenate(halves)
