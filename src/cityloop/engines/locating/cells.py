"""Point → cell for arrays of points.

A point on a border belongs to exactly one cell, the one with the lowest id, and is marked: two
runs, two machines and one point or a million give the same answer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.engines.locating.outline import outer_edges
from cityloop.engines.locating.raster import ASK, Positions, Raster
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane

Ids = NDArray[np.int64]
Geometries = NDArray[np.object_]
NOWHERE = -1
_BATCH = 200_000  # points at a time: keeps the memory of a bulk look-up under about 100 MB
_LARGE = 2_000  # points in one call: a few points are found sooner by the tree alone
_WORTH_IT = 500_000  # points in large calls; by then the tree took longer than the raster takes


class Kind(IntEnum):
    """How a point lies to the cells."""

    OUTSIDE = 0
    INSIDE = 1
    EDGE = 2


@dataclass(frozen=True, slots=True)
class Located:
    """Where points lie: `ids` int64 (NOWHERE = -1 outside all cells), `kind` int8 of `Kind`."""

    ids: Ids
    kind: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Nearest:
    """Nearest cell within reach: `ids` (-1 = none), `metres` to it (0 inside, inf = none)."""

    ids: Ids
    metres: NDArray[np.float64]


class CellIndex:
    """Cells by position.

    Args:
        ids: one integer >= 0 for each polygon, all different.
        polygons: Polygon or MultiPolygon in WGS84 degrees, valid.
        raster_after: points in large calls after which a raster is made that answers most points
            at once (64 MB at most, 1 to 3 s once); the answers stay the same. 0 = at the first.
    Raises: DomainError cells.lengths_differ, cells.bad_ids, cells.not_areas, cells.invalid.
    """

    def __init__(
        self,
        ids: ArrayLike,
        polygons: Iterable[BaseGeometry],
        *,
        raster_after: int = _WORTH_IT,
    ) -> None:
        self._ids = np.asarray(ids, np.int64).ravel()
        self._polygons: Geometries = np.array(list(polygons), dtype=object)
        _refuse_bad_input(self._ids, self._polygons)
        order = np.argsort(self._ids)  # so that the lowest position is the lowest id
        self._ids, self._polygons = self._ids[order], self._polygons[order]
        self._tree = shapely.STRtree(self._polygons)
        self._outline = shapely.STRtree(outer_edges(self._polygons))
        self._known = np.append(self._ids, NOWHERE)  # by position; -1, the last, is nowhere
        self._raster: Raster | None = None
        self._asked, self._raster_after, self._lock = 0, raster_after, threading.Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> Located:
        """The cell of every point.

        Args:
            lon, lat: WGS84 degrees, shape (n,) or scalars; not finite counts as outside.
        Returns: arrays of shape (n,).
        """
        xy = _points(lon, lat)
        ids = np.full(len(xy), NOWHERE, np.int64)
        kind = np.full(len(xy), Kind.OUTSIDE, np.int8)
        raster = self._raster_for(len(xy))
        for start in range(0, len(xy), _BATCH):
            part = slice(start, start + _BATCH)
            found = self._exactly(xy[part]) if raster is None else self._by_raster(raster, xy[part])
            ids[part], kind[part] = found
        return Located(ids, kind)

    def _raster_for(self, points: int) -> Raster | None:
        """The raster, once so many points were asked for that it pays, and only for many."""
        if points < _LARGE or not len(self._ids):
            return None
        with self._lock:
            self._asked += points
            if self._raster is None and self._asked >= self._raster_after:
                self._raster = Raster(self._polygons, self._positions)
        return self._raster

    def _by_raster(self, raster: Raster, xy: NDArray[np.float64]) -> tuple[Ids, NDArray[np.int8]]:
        position = raster.read(xy[:, 0], xy[:, 1])
        left = np.flatnonzero(position == ASK)
        position[left] = NOWHERE
        ids = self._known[position]
        kind = (position >= 0).astype(np.int8)  # OUTSIDE 0, INSIDE 1
        if len(left):
            ids[left], kind[left] = self._exactly(xy[left])
        return ids, kind

    def _positions(self, xy: NDArray[np.float64]) -> tuple[Positions, NDArray[np.bool_]]:
        """Position of the lowest cell of each point, and whether several hold it."""
        positions = np.full(len(xy), NOWHERE, np.int32)
        several = np.zeros(len(xy), bool)
        for start in range(0, len(xy), _BATCH):
            part = slice(start, start + _BATCH)
            positions[part], hits, _ = self._owners(xy[part])
            several[part] = hits > 1
        return positions, several

    def _owners(
        self, xy: NDArray[np.float64]
    ) -> tuple[Positions, NDArray[np.int64], NDArray[np.object_]]:
        points = shapely.points(xy)
        point, cell = self._tree.query(points, predicate="intersects")
        hits = np.bincount(point, minlength=len(xy))
        order = np.argsort(-cell, kind="stable")  # so that the lowest is written last
        position = np.full(len(xy), NOWHERE, np.int32)
        position[point[order]] = cell[order]
        return position, hits, points

    def _exactly(self, xy: NDArray[np.float64]) -> tuple[Ids, NDArray[np.int8]]:
        position, hits, points = self._owners(xy)
        found = hits > 0
        kind = np.where(hits > 1, Kind.EDGE, np.where(found, Kind.INSIDE, Kind.OUTSIDE))
        on_outline, _ = self._outline.query(points, predicate="intersects")
        kind[on_outline] = Kind.EDGE
        return self._known[position], np.where(found, kind, Kind.OUTSIDE).astype(np.int8)

    def nearest(self, lon: ArrayLike, lat: ArrayLike, *, max_m: float) -> Nearest:
        """The nearest cell of every point, at most `max_m` metres away: for points just outside.

        Equally near cells: the lowest id. Exact to about 1e-4 of the distance.
        """
        xy = _points(lon, lat)
        ids = np.full(len(xy), NOWHERE, np.int64)
        metres = np.full(len(xy), np.inf)
        finite = np.flatnonzero(np.isfinite(xy).all(axis=1))
        if not len(finite) or not len(self._ids):
            return Nearest(ids, metres)
        widest = min(np.abs(xy[finite, 1]).max() + 0.1, 89.9)
        reach_deg = max_m / min(LocalPlane(0.0, float(widest)).metres_per_degree) * 1.001
        point, cell = self._tree.query(
            shapely.points(xy[finite]), predicate="dwithin", distance=reach_deg
        )
        point = finite[point]
        gap = _gap_m(self._polygons[cell], xy[point])
        order = np.lexsort((cell, np.round(gap, 6), point))
        order = order[gap[order] <= max_m]
        first, where = np.unique(point[order], return_index=True)
        ids[first], metres[first] = self._ids[cell[order][where]], gap[order][where]
        return Nearest(ids, metres)


def _points(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _gap_m(polygons: Geometries, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from each point to its polygon, in a plane centred on the point."""
    if not len(polygons):
        return np.zeros(0)
    scale = np.array([LocalPlane(0.0, float(y)).metres_per_degree for y in xy[:, 1]])
    owner = np.repeat(np.arange(len(polygons)), shapely.get_num_coordinates(polygons))
    shifted = shapely.transform(polygons, lambda c: (c - xy[owner]) * scale[owner])
    return np.asarray(shapely.distance(shifted, shapely.Point(0, 0)), np.float64)


def _refuse_bad_input(ids: Ids, polygons: Geometries) -> None:
    if len(ids) != len(polygons):
        raise DomainError(
            "cells.lengths_differ",
            f"{len(ids)} ids for {len(polygons)} polygons: give one id for each polygon.",
            f"{len(ids)} 个编号对应 {len(polygons)} 个面：每个面需要一个编号。",
        )
    values, counts = np.unique(ids, return_counts=True)
    bad = values[(counts > 1) | (values < 0)]
    if len(bad):
        raise _refusal("cells.bad_ids", "ids are negative or repeated", "编号为负或重复", bad)
    area_types = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    usable = np.isin(shapely.get_type_id(polygons), area_types) & ~shapely.is_empty(polygons)
    if not usable.all():
        raise _refusal(
            "cells.not_areas",
            "cells are empty or not a Polygon or MultiPolygon",
            "网格为空，或不是面（Polygon / MultiPolygon）",
            ids[~usable],
        )
    valid = shapely.is_valid(polygons)
    if not valid.all():
        why = shapely.is_valid_reason(polygons[~valid][0])
        raise _refusal(
            "cells.invalid",
            f"polygons are not valid (first: {why})",
            f"面不合法（首个原因：{why}）",
            ids[~valid],
        )


def _refusal(code: str, en: str, zh: str, ids: Ids) -> DomainError:
    shown = ", ".join(map(str, ids[:5])) + (" …" if len(ids) > 5 else "")
    return DomainError(
        code,
        f"{len(ids)} {en}: {shown}. Repair them and load again; coverage_check lists all faults.",
        f"{len(ids)} 个{zh}：{shown}。请修正后重新导入；coverage_check 可列出全部问题。",
        where="cells",
        details={"ids": [int(i) for i in ids[:100]], "count": len(ids)},
    )
