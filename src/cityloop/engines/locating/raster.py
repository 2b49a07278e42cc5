"""Pixels that already know the answer: what makes bulk look-ups fast, and nothing but fast.

Most pixels lie wholly in one cell. A pixel that one straight border alone crosses knows its two
sides. Everything else, and every point on or within rounding of a border, is left to the exact
index: the raster never answers what it cannot prove.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
import shapely
from numpy.typing import NDArray

from cityloop.engines.locating.outline import Segments, segments_of

ASK = -2
"""Only the exact index knows."""
OUTSIDE = -1
_MARGIN = 1e-3  # pixels; far above any rounding of the pixel numbers
_MOST_PIXELS, _FEWEST_PIXELS = 16_000_000, 250_000  # of 4 bytes each
_PIXELS_A_SEGMENT = 96

Positions = NDArray[np.int32]
Floats = NDArray[np.float64]
Ask = Callable[[Floats], tuple[Positions, NDArray[np.bool_]]]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to pixels: one and the same arithmetic for points and for borders."""

    west: float
    south: float
    per_x: float
    per_y: float
    columns: int
    rows: int

    def x(self, lon: Floats) -> Floats:
        return (lon - self.west) * self.per_x

    def y(self, lat: Floats) -> Floats:
        return (lat - self.south) * self.per_y


class Raster:
    """Positions of cells by pixel.

    Args:
        polygons: valid Polygons or MultiPolygons in degrees; positions are places in this array.
        ask: the exact answer for points (n, 2): positions (-1 outside), and whether several cells
            hold the point.
    """

    def __init__(self, polygons: NDArray[np.object_], ask: Ask) -> None:
        segments = segments_of(polygons)
        self._frame = _frame_of(polygons, len(segments.ends))
        self._segments = segments if shapely.coverage_is_valid(polygons) else None
        self._grid = self._marked(segments)
        self._label(ask)

    @property
    def nbytes(self) -> int:
        """Memory held."""
        held = self._grid.nbytes
        if self._segments is not None:
            held += self._segments.ends.nbytes + self._segments.left.nbytes * 2
        return held

    def read(self, lon: Floats, lat: Floats) -> Positions:
        """For each point the position of its cell, OUTSIDE, or ASK. Not finite is OUTSIDE."""
        frame = self._frame
        # The outermost pixels are empty, so what is clipped to them lies outside; fmax drops NaN.
        column = np.fmin(np.fmax(frame.x(lon), 0.0), frame.columns - 1.0).astype(np.int32)
        row = np.fmin(np.fmax(frame.y(lat), 0.0), frame.rows - 1.0).astype(np.int32)
        row *= frame.columns
        row += column
        found = self._grid[row]
        if self._segments is not None:
            crossed = np.flatnonzero(found < ASK)
            if len(crossed):
                number = ASK - 1 - found[crossed]
                found[crossed] = self._segments.side(number, lon[crossed], lat[crossed])
        return found

    def _marked(self, segments: Segments) -> Positions:
        """Pixels a border touches: the number of the border if it is one alone, else ASK."""
        frame = self._frame
        owner, pixel = _touched(segments.ends, frame)
        touching = np.bincount(pixel, minlength=frame.rows * frame.columns).astype(np.int32)
        grid = np.where(touching > 0, np.int32(ASK), np.int32(OUTSIDE))
        if self._segments is not None:
            alone = touching[pixel] == 1
            grid[pixel[alone]] = ASK - 1 - owner[alone]
        return grid

    def _label(self, ask: Ask) -> None:
        """Pixels joined without a border between them have one answer: ask it once."""
        frame = self._frame
        free = (self._grid == OUTSIDE).reshape(frame.rows, frame.columns)
        labels, count = scipy.ndimage.label(free)
        flat = labels.ravel()
        of_label = np.zeros(count + 1, np.int64)
        for start in range(0, len(flat), 1 << 20):
            part = flat[start : start + (1 << 20)]
            of_label[part] = np.arange(start, start + len(part))
        row, column = np.divmod(of_label[1:], frame.columns)
        centres = np.stack(
            [
                frame.west + (column + 0.5) / frame.per_x,
                frame.south + (row + 0.5) / frame.per_y,
            ],
            axis=1,
        )
        positions, several = ask(centres)
        answer = np.concatenate([[ASK], np.where(several, ASK, positions)]).astype(np.int32)
        found = np.flatnonzero(flat)
        self._grid[found] = answer[flat[found]]


def _frame_of(polygons: NDArray[np.object_], segments: int) -> _Frame:
    west, south, east, north = shapely.total_bounds(polygons)
    across = max((east - west) * np.cos(np.radians((south + north) / 2)), 1e-9)
    up = max(north - south, 1e-9)
    pixels = min(max(segments * _PIXELS_A_SEGMENT, _FEWEST_PIXELS), _MOST_PIXELS)
    side = np.sqrt(across * up / pixels)
    columns, rows = int(np.clip(across / side, 1, 8_000)), int(np.clip(up / side, 1, 8_000))
    per_x, per_y = columns / max(east - west, 1e-9), rows / max(north - south, 1e-9)
    # Two empty pixels around: what lies beyond the cells is clipped to them.
    return _Frame(west - 2 / per_x, south - 2 / per_y, per_x, per_y, columns + 4, rows + 4)


def _touched(ends: Floats, frame: _Frame) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """(segment, pixel) of every pixel that a segment touches, or nearly touches."""
    x0, y0, x1, y1 = (
        frame.x(ends[:, 0]),
        frame.y(ends[:, 1]),
        frame.x(ends[:, 2]),
        frame.y(ends[:, 3]),
    )
    turned = x0 > x1
    x0, x1 = np.where(turned, x1, x0), np.where(turned, x0, x1)
    y0, y1 = np.where(turned, y1, y0), np.where(turned, y0, y1)
    first = np.floor(x0 - _MARGIN)
    segment, step = _counted((np.floor(x1 + _MARGIN) - first).astype(np.int64) + 1)
    column = first[segment] + step
    left = np.maximum(x0[segment], column - _MARGIN)
    right = np.minimum(x1[segment], column + 1 + _MARGIN)
    y_left, y_right = (
        _height(left, x0, y0, x1, y1, segment),
        _height(right, x0, y0, x1, y1, segment),
    )
    upright = (x1 - x0)[segment] < _MARGIN  # then all of it may lie in this column
    y_left = np.where(upright, y0[segment], y_left)
    y_right = np.where(upright, y1[segment], y_right)
    low = np.floor(np.minimum(y_left, y_right) - _MARGIN)
    high = np.floor(np.maximum(y_left, y_right) + _MARGIN)
    strip, up = _counted((high - low).astype(np.int64) + 1)
    pixel = (low[strip].astype(np.int64) + up) * frame.columns + column[strip].astype(np.int64)
    return segment[strip].astype(np.int32), pixel


def _height(
    at: Floats, x0: Floats, y0: Floats, x1: Floats, y1: Floats, segment: NDArray[np.int64]
) -> Floats:
    across = np.maximum((x1 - x0)[segment], 1e-12)
    share = np.clip((at - x0[segment]) / across, 0.0, 1.0)
    return np.asarray(y0[segment] + share * (y1 - y0)[segment], np.float64)


def _counted(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each index as often as its count, and 0, 1, 2 ... within."""
    index = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return index, np.arange(len(index)) - start[index]
