"""Shapes as cities have them, made fit to be divided: borders nearly equal, houses as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.spatial import cKDTree

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.model import Community

GAP_M = 2.0  # neighbours drawn so far apart were meant to touch
OVERLAP_M = 15.0  # an overlap wider than this is no slip of drawing
LEAST_M2 = 1.0
HALF_M = 5.0  # a point stands for a square of twice this, where its neighbours leave room
_NEAREST_M = 0.25
_TOUCH_M = 0.01


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two communities (positions) both claim. width_m: how wide it is on average."""

    one: int
    two: int
    area_m2: float
    width_m: float

    @property
    def is_slip(self) -> bool:
        """Narrow enough to be mended without asking whose it is."""
        return self.width_m <= OVERLAP_M


@dataclass(frozen=True, slots=True)
class Matched:
    """communities: borders matched, where they were nearly equal. change_m2: by how much each
    changed (a slip counts for the community that loses or gains it)."""

    communities: list[Community]
    change_m2: list[float]
    overlaps: list[Overlap]


def match_borders(communities: Sequence[Community]) -> Matched:
    """Neighbours with one border between them: narrow overlaps go to one of the two, gaps of up to
    GAP_M are closed. Wide overlaps stay, and are told."""
    shapes = np.array([c.polygon for c in communities], dtype=object)
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes, gap_width=GAP_M):
        return Matched(list(communities), [0.0] * len(shapes), [])
    overlaps = _overlaps(shapes)
    if not all(one.is_slip for one in overlaps):
        return Matched(list(communities), [0.0] * len(shapes), overlaps)
    clean = shapely.coverage_clean(_without_gaps(shapes), snapping_distance=1e-3)
    change = shapely.area(shapely.symmetric_difference(shapes, clean))
    matched = [replace(c, polygon=s) for c, s in zip(communities, clean, strict=True)]
    return Matched(matched, change.tolist(), overlaps)


def _overlaps(shapes: Shapes) -> list[Overlap]:
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, j = i[i < j], j[i < j]
    common = shapely.intersection(shapes[i], shapes[j])
    area = shapely.area(common)
    width = 2 * area / np.maximum(shapely.length(common), 1e-9)
    return [
        Overlap(int(i[k]), int(j[k]), float(area[k]), float(width[k]))
        for k in np.flatnonzero(area > LEAST_M2)
    ]


def _without_gaps(shapes: Shapes) -> Shapes:
    """Narrow ground between two or more shapes goes to the one it shares most border with.

    Gaps that are open at an end count too; bays of one outline alone stay as they are.
    """
    whole = shapely.union_all(shapes)
    wider = shapely.buffer(whole, GAP_M / 2, join_style="mitre")
    closed = shapely.buffer(wider, -GAP_M / 2, join_style="mitre")
    gaps = shapely.get_parts(shapely.difference(closed, whole))
    gaps = gaps[shapely.area(gaps) > LEAST_M2 / 10]
    gap, beside = shapely.STRtree(shapes).query(gaps, predicate="dwithin", distance=_TOUCH_M)
    made = shapes.copy()
    for k in np.flatnonzero(np.bincount(gap, minlength=len(gaps)) > 1):
        near = beside[gap == k]
        edge = shapely.intersection(
            shapely.boundary(shapes[near]), shapely.buffer(gaps[k], _TOUCH_M)
        )
        most = int(near[np.argmax(shapely.length(edge))])
        made[most] = shapely.union_all([made[most], shapely.buffer(gaps[k], _TOUCH_M / 10)])
    return made


def footprints_of(shapes: Shapes) -> Shapes:
    """Footprints of buildings; a point stands for a square of ten metres, a smaller one where the
    next building is nearer, so that neighbours stay apart. Points on one spot share theirs."""
    made = shapes.copy()
    dots = np.flatnonzero(shapely.get_dimensions(shapes) == 0)
    if len(dots):
        xy = shapely.get_coordinates(shapely.centroid(shapes))
        spots = np.unique(np.round(xy, 2), axis=0)
        away = cKDTree(spots).query(xy[dots], k=2)[0][:, 1] if len(spots) > 1 else np.inf
        half = np.clip(0.35 * away, _NEAREST_M, HALF_M) + np.zeros(len(dots))
        x, y = xy[dots].T
        made[dots] = shapely.box(x - half, y - half, x + half, y + half)
    lines = shapely.get_dimensions(shapes) == 1
    made[lines] = shapely.buffer(shapes[lines], HALF_M, cap_style="square")
    return made
