"""A loose quadtree as one number, so that a B-tree finds what lies in a box.

An element belongs to the finest level whose tiles are at least as large as its own box, and there
to the tile of its centre; it reaches at most half a tile beyond. A box then asks, level by level,
for the tiles it touches when grown by half a tile: a few ranges of keys, on either database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVELS = (16, 13, 10, 7, 0)  # tiles of 0.0055, 0.044, 0.35, 2.8 and 360 degrees
_MOST_ROWS = 64


class Box(NamedTuple):
    """Degrees."""

    west: float
    south: float
    east: float
    north: float


def _size(level: int) -> float:
    return 360.0 / (1 << level)


def _key(level: int, row: int, col: int) -> int:
    return (level << 40) | (row << 20) | col


def mesh_keys(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """The key of every box.

    Args:
        boxes: west, south, east, north in degrees, shape (n, 4).
    Returns: shape (n,).
    """
    west, south, east, north = boxes.T
    extent = np.maximum(east - west, north - south)
    level = np.full(len(boxes), LEVELS[-1], np.int64)
    for finer in reversed(LEVELS):  # the finest that is large enough is written last
        level[extent <= _size(finer)] = finer
    size = 360.0 / (np.int64(1) << level)
    col = np.floor(((west + east) / 2 + 180) / size).astype(np.int64)
    row = np.floor(((south + north) / 2 + 90) / size).astype(np.int64)
    keys: NDArray[np.int64] = (level << 40) | (row << 20) | col
    return keys


def mesh_ranges(box: Box) -> Iterator[tuple[int, int]]:
    """Ranges of keys (both ends included, ascending) that hold all elements touching the box.

    They hold others too: compare the boxes themselves afterwards.
    """
    for level in reversed(LEVELS):
        size = _size(level)
        first, last = _span(box.west + 180, box.east + 180, size, level)
        low, high = _span(box.south + 90, box.north + 90, size, level)
        if high - low >= _MOST_ROWS:
            yield _key(level, low, first), _key(level, high, last)
            continue
        for row in range(low, high + 1):
            yield _key(level, row, first), _key(level, row, last)


def _span(low: float, high: float, size: float, level: int) -> tuple[int, int]:
    most = (1 << level) + 1
    first, last = np.floor((low - size / 2) / size), np.floor((high + size / 2) / size)
    return max(0, min(int(first), most)), max(0, min(int(last), most))
