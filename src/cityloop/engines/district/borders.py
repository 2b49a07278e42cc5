"""Polygons that share their vertices exactly."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.ground import Ground
from cityloop.engines.district.shapes import Line, Rect

_STEP = 350  # a vertex at least every 35 m, so that long borders bend with the ground
Spots = dict[tuple[int, int], int]


class Borders:
    """All border points of the plan: each exists once, whoever uses it."""

    def __init__(self, plots: list[Rect], ground: Ground) -> None:
        self._along = _points_along(plots)
        spots = sorted(
            {
                (c, p) if orient == 0 else (p, c)
                for (orient, c), ps in self._along.items()
                for p in ps
            }
        )
        self._number: Spots = {spot: n for n, spot in enumerate(spots)}
        uv = np.array(spots, float)
        self._degrees = ground.degrees(uv[:, 0], uv[:, 1])

    def points(self, line: Line, start: int, end: int) -> list[int]:
        """Numbers of the points on a line from start to end, both included."""
        orient, c = line
        along = [p for p in self._along[line] if start <= p <= end]
        return [self._number[(c, p) if orient == 0 else (p, c)] for p in along]

    def degrees(self, points: list[int]) -> NDArray[np.float64]:
        """Longitude and latitude of numbered points, shape (n, 2)."""
        return self._degrees[points]

    def ring(self, rect: Rect) -> list[int]:
        """The border of a rectangle, counter-clockwise, first point not repeated."""
        west, south, east, north = rect
        sides = (
            self.points((1, south), west, east),
            self.points((0, east), south, north),
            self.points((1, north), west, east)[::-1],
            self.points((0, west), south, north)[::-1],
        )
        return [point for side in sides for point in side[:-1]]


def _points_along(plots: list[Rect]) -> dict[Line, list[int]]:
    """For every line the corners that lie on it, and points in between."""
    corners: dict[Line, set[int]] = defaultdict(set)
    for west, south, east, north in plots:
        for u in (west, east):
            for v in (south, north):
                corners[0, u].add(v)
                corners[1, v].add(u)
    along = {}
    for line, found in corners.items():
        low, high = min(found), max(found)
        between = range(-(-low // _STEP) * _STEP, high, _STEP)
        # a filler within 3 m of a corner would only make slivers
        fill = {p for p in between if all(abs(p - q) > 30 for q in found)}
        along[line] = sorted(found | fill)
    return along


def polygons_of(plots: list[Rect], borders: Borders) -> NDArray[np.object_]:
    """A polygon in degrees for each plot; together an exact coverage."""
    rings = [borders.degrees(borders.ring(rect)) for rect in plots]
    return np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
