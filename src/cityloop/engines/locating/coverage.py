"""Do the cells tile their area: no overlap, no gap, nothing sticking out?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.kernel.geo import LocalPlane


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a set of cells, at a place where somebody can look at it.

    `kind`: invalid, overlap, gap, outside (beyond the parent) or mismatch (neighbours do not
    share the vertices of their border: invisible on a map, but it breaks exact borders).
    """

    kind: str
    ids: tuple[int, ...]
    lon: float
    lat: float
    area_m2: float
    en: str
    zh: str


def coverage_check(
    polygons: Iterable[BaseGeometry],
    *,
    ids: ArrayLike | None = None,
    parent: BaseGeometry | None = None,
    tolerance_m2: float = 1.0,
) -> list[Finding]:
    """Every fault of a set of cells; an empty list means an exact coverage.

    Args:
        polygons: cells in WGS84 degrees.
        ids: one integer each (positions when left out).
        parent: the area they should fill; without it only enclosed holes count as gaps.
        tolerance_m2: smaller overlaps, gaps and outside parts are reported as mismatch only.
    """
    cells = np.array(list(polygons), dtype=object)
    names = np.arange(len(cells)) if ids is None else np.asarray(ids, np.int64)
    valid = np.asarray(shapely.is_valid(cells) & ~shapely.is_empty(cells), bool)
    found = [_invalid(cells[k], int(names[k])) for k in np.flatnonzero(~valid)]
    cells, names = cells[valid], names[valid]
    if not len(cells):
        return found
    overlaps = _overlaps(cells, names, tolerance_m2)
    found += overlaps + _mismatches(cells, names, overlaps)
    return found + _gaps(cells, names, parent, tolerance_m2)


def _area_m2(shape: BaseGeometry) -> float:
    kx, ky = LocalPlane(shape.centroid.x, shape.centroid.y).metres_per_degree
    return float(shape.area * kx * ky)


def _finding(kind: str, ids: tuple[int, ...], at: BaseGeometry, en: str, zh: str) -> Finding:
    spot, area = at.representative_point(), _area_m2(at)
    place = f"({spot.x:.6f}, {spot.y:.6f})"
    return Finding(kind, ids, spot.x, spot.y, area, en.format(area, place), zh.format(area, place))


def _invalid(cell: BaseGeometry, name: int) -> Finding:
    box = shapely.box(*cell.bounds) if not cell.is_empty else shapely.Point(0, 0)
    why = "empty" if cell.is_empty else shapely.is_valid_reason(cell)
    spot = box.representative_point()
    return Finding(
        "invalid", (name,), spot.x, spot.y, 0.0,
        f"Cell {name} is not a valid polygon: {why}.", f"网格 {name} 不是合法的面：{why}。",
    )  # fmt: skip


def _overlaps(
    cells: NDArray[np.object_], names: NDArray[np.int64], tolerance_m2: float
) -> list[Finding]:
    a, b = shapely.STRtree(cells).query(cells, predicate="intersects")
    pairs = a < b
    a, b = a[pairs], b[pairs]
    common = shapely.intersection(cells[a], cells[b])
    found = []
    for k in np.flatnonzero(shapely.area(common) > 0):
        if _area_m2(common[k]) <= tolerance_m2:
            continue
        one, two = int(names[a[k]]), int(names[b[k]])
        en = f"Cells {one} and {two} overlap by {{:.1f}} m2 at {{}}."
        zh = f"网格 {one} 与 {two} 重叠 {{:.1f}} 平方米，位置 {{}}。"
        found.append(_finding("overlap", (one, two), common[k], en, zh))
    return found


def _mismatches(
    cells: NDArray[np.object_], names: NDArray[np.int64], overlaps: list[Finding]
) -> list[Finding]:
    told = {name for finding in overlaps for name in finding.ids}
    edges = shapely.coverage_invalid_edges(cells)
    found = []
    for k in np.flatnonzero(~shapely.is_empty(edges)):
        name = int(names[k])
        if name in told:
            continue
        en = f"Cell {name} does not share the vertices of its border with its neighbour at {{1}}."
        zh = f"网格 {name} 与相邻网格的边界顶点不一致，位置 {{1}}。"
        found.append(_finding("mismatch", (name,), edges[k], en, zh))
    return found


def _gaps(
    cells: NDArray[np.object_],
    names: NDArray[np.int64],
    parent: BaseGeometry | None,
    tolerance_m2: float,
) -> list[Finding]:
    union = shapely.union_all(cells)
    whole = parent if parent is not None else _without_holes(union)
    found = []
    for part in shapely.get_parts(shapely.difference(whole, union)):
        if part.area > 0 and _area_m2(part) > tolerance_m2:
            near = names[shapely.STRtree(cells).query(part, predicate="intersects")]
            zh = "父区域内有 {:.1f} 平方米不属于任何网格，位置 {}。"
            ids = tuple(sorted(map(int, near)))
            found.append(_finding("gap", ids, part, "{:.1f} m2 belong to no cell at {}.", zh))
    if parent is None:
        return found
    beyond = shapely.difference(cells, parent)
    for k in np.flatnonzero(shapely.area(beyond) > 0):
        if _area_m2(beyond[k]) > tolerance_m2:
            name = int(names[k])
            en = f"Cell {name} reaches {{:.1f}} m2 beyond its area at {{}}."
            zh = f"网格 {name} 超出父区域 {{:.1f}} 平方米，位置 {{}}。"
            found.append(_finding("outside", (name,), beyond[k], en, zh))
    return found


def _without_holes(union: BaseGeometry) -> BaseGeometry:
    shells = [shapely.Polygon(part.exterior) for part in shapely.get_parts(union)]
    return shapely.union_all(shells)
