"""Point → cell for arrays of points.

A point on a border belongs to exactly one cell, the one with the lowest id, and is marked: two
runs, two machines and one point or a million give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.engines.locating.outline import outer_edges
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane

Ids = NDArray[np.int64]
Geometries = NDArray[np.object_]
NOWHERE = -1
_BATCH = 200_000  # points at a time: keeps the memory of a bulk look-up under about 100 MB


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
    Raises: DomainError cells.lengths_differ, cells.bad_ids, cells.not_areas, cells.invalid.
    """

    def __init__(self, ids: ArrayLike, polygons: Iterable[BaseGeometry]) -> None:
        self._ids = np.asarray(ids, np.int64).ravel()
        self._polygons: Geometries = np.array(list(polygons), dtype=object)
        _refuse_bad_input(self._ids, self._polygons)
        order = np.argsort(self._ids)  # so that the lowest position is the lowest id
        self._ids, self._polygons = self._ids[order], self._polygons[order]
        self._tree = shapely.STRtree(self._polygons)
        self._outline = shapely.STRtree(outer_edges(self._polygons))

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> Located:
        """The cell of every point.

        Args:
            lon, lat: WGS84 degrees, shape (n,) or scalars; not finite counts as outside.
        Returns: arrays of shape (n,).
        """
        points = _points(lon, lat)
        ids = np.full(len(points), NOWHERE, np.int64)
        kind = np.full(len(points), Kind.OUTSIDE, np.int8)
        for start in range(0, len(points), _BATCH):
            part = slice(start, start + _BATCH)
            ids[part], kind[part] = self._locate(points[part])
        return Located(ids, kind)

    def _locate(self, xy: NDArray[np.float64]) -> tuple[Ids, NDArray[np.int8]]:
        points = shapely.points(xy)
        point, cell = self._tree.query(points, predicate="intersects")
        hits = np.bincount(point, minlength=len(points))
        lowest = np.full(len(points), len(self._ids), np.int64)
        np.minimum.at(lowest, point, cell)
        found = hits > 0
        ids = np.full(len(points), NOWHERE, np.int64)
        ids[found] = self._ids[lowest[found]]
        kind = np.where(hits > 1, Kind.EDGE, np.where(found, Kind.INSIDE, Kind.OUTSIDE))
        on_outline, _ = self._outline.query(points, predicate="intersects")
        kind[on_outline] = Kind.EDGE
        return ids, np.where(found, kind, Kind.OUTSIDE).astype(np.int8)

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
