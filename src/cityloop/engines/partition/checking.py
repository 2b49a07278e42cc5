"""The rules of a division, checked on its polygons alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.kernels import Floats
from cityloop.engines.partition.model import Building, Cell, Community, Finding, Window
from cityloop.engines.partition.survey import inner_points

LEAST_M2 = 0.5  # smaller gaps, overlaps and cuts come from rounding
SHORTEST_JOIN_M = 0.5


def weigh_cells(
    community: str,
    polygons: Mapping[int, BaseGeometry],
    buildings: Sequence[Building],
    window: Window,
    *,
    points: Floats | None = None,
) -> list[Cell]:
    """Cells with their buildings by polygon containment, ordered by number.

    A building whose point lies on a border belongs to the lowest number.
    """
    numbers = sorted(polygons)
    shapes = np.array([polygons[n] for n in numbers], dtype=object)
    if points is None:
        points = inner_points(np.array([b.footprint for b in buildings], dtype=object))
    home = np.full(len(buildings), len(numbers), np.int64)
    if len(buildings):
        hit, at = shapely.STRtree(shapes).query(shapely.points(points), predicate="intersects")
        np.minimum.at(home, hit, at)
    weight = np.array([b.weigh(window.weight) for b in buildings], np.int64)
    people = np.array([b.households for b in buildings], np.int64)
    weights = np.bincount(home, weight, minlength=len(numbers) + 1)
    households = np.bincount(home, people, minlength=len(numbers) + 1)
    members: list[list[str]] = [[] for _ in range(len(numbers) + 1)]
    for building, at_ in zip(buildings, home, strict=True):
        members[at_].append(building.code)
    return [
        Cell(community, n, shapes[i], int(weights[i]), int(households[i]), tuple(members[i]))
        for i, n in enumerate(numbers)
    ]


def check(
    community: Community,
    buildings: Sequence[Building],
    polygons: Mapping[int, BaseGeometry],
    window: Window,
) -> list[Finding]:
    """Every rule that a division of one community breaks; empty when it keeps all.

    Kinds: cell.invalid, cell.pieces (not contiguous), cell.overlap, cell.gap, cell.beyond (over
    the community border), cell.below, cell.above, building.cut, building.nowhere.

    Args:
        buildings: those of the community.
        polygons: its cells by number.
    """
    found = _invalid(polygons)
    broken = {finding.where for finding in found}
    numbers = [n for n in sorted(polygons) if str(n) not in broken]
    shapes = np.array([polygons[n] for n in numbers], dtype=object)
    if not len(shapes):
        return found
    found += _pieces(numbers, shapes) + _overlaps(numbers, shapes)
    found += _gaps(community, numbers, shapes)
    good = {n: polygons[n] for n in numbers}
    cells = weigh_cells(community.code, good, buildings, window)
    for cell in cells:
        found += window_findings(cell, window)
    solid = [b for b in buildings if b.is_whole(window.weight)]
    return found + _cuts(community, solid, numbers, shapes) + _nowhere(buildings, cells)


def window_findings(cell: Cell, window: Window, *, proved: bool = False) -> list[Finding]:
    """A cell outside its window, by how much."""
    if window.holds(cell.weight):
        return []
    at = cell.polygon.representative_point()
    below = cell.weight < window.lo
    miss = window.lo - cell.weight if below else cell.weight - window.hi
    limit, kind = (window.lo, "cell.below") if below else (window.hi, "cell.above")
    en, zh = ("below", "低于") if below else ("above", "高于")
    return [
        Finding(
            kind,
            cell.code(),
            f"Cell {cell.code()} has {cell.weight} {window.unit_en}, {miss} {en} the limit of "
            f"{limit}.",
            f"网格 {cell.code()} 为 {cell.weight}{window.unit_zh}，{zh}限值 {limit}，相差 {miss}。",
            amount=float(miss),
            x=at.x,
            y=at.y,
            proved=proved,
        )
    ]


def _told(kind: str, where: str, shape: BaseGeometry, amount: float, en: str, zh: str) -> Finding:
    at = shape.representative_point()
    return Finding(kind, where, en, zh, amount=amount, x=at.x, y=at.y)


def _invalid(polygons: Mapping[int, BaseGeometry]) -> list[Finding]:
    found = []
    for n, shape in polygons.items():
        if shape.is_empty or not shape.is_valid or shape.area == 0:
            why = "empty" if shape.is_empty else shapely.is_valid_reason(shape)
            found.append(Finding(
                "cell.invalid", str(n), f"Cell {n} is not a valid polygon: {why}.",
                f"网格 {n} 不是合法的面：{why}。",
            ))  # fmt: skip
    return found


def _pieces(numbers: Sequence[int], shapes: Shapes) -> list[Finding]:
    parts = shapely.get_num_geometries(shapes)
    return [
        _told(
            "cell.pieces", str(numbers[i]), _least(shapes[i]), float(parts[i]),
            f"Cell {numbers[i]} lies in {parts[i]} pieces; one is needed.",
            f"网格 {numbers[i]} 分为 {parts[i]} 块，须连成一块。",
        )
        for i in np.flatnonzero(parts > 1).tolist()
    ]  # fmt: skip


def _least(shape: BaseGeometry) -> BaseGeometry:
    """The piece that strayed: the smallest."""
    return min(shapely.get_parts(shape).tolist(), key=lambda part: float(part.area))


def _overlaps(numbers: Sequence[int], shapes: Shapes) -> list[Finding]:
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, j = i[i < j], j[i < j]
    common = shapely.intersection(shapes[i], shapes[j])
    area = shapely.area(common)
    return [
        _told(
            "cell.overlap", str(numbers[i[k]]), common[k], float(area[k]),
            f"Cells {numbers[i[k]]} and {numbers[j[k]]} overlap by {area[k]:.1f} m2.",
            f"网格 {numbers[i[k]]} 与 {numbers[j[k]]} 重叠 {area[k]:.1f} 平方米。",
        )
        for k in np.flatnonzero(area > LEAST_M2).tolist()
    ]  # fmt: skip


def _gaps(community: Community, numbers: Sequence[int], shapes: Shapes) -> list[Finding]:
    ground = community.polygon
    found = []
    for part in shapely.get_parts(shapely.difference(ground, shapely.union_all(shapes))):
        if part.area > LEAST_M2:
            found.append(_told(
                "cell.gap", community.code, part, part.area,
                f"{part.area:.1f} m2 of community {community.code} belong to no cell.",
                f"社区 {community.code} 有 {part.area:.1f} 平方米未划入网格。",
            ))  # fmt: skip
    shapely.prepare(ground)
    over = np.flatnonzero(~shapely.covers(ground, shapes))
    for i, beyond in zip(over.tolist(), shapely.difference(shapes[over], ground), strict=True):
        if beyond.area > LEAST_M2:
            found.append(_told(
                "cell.beyond", str(numbers[i]), beyond, beyond.area,
                f"Cell {numbers[i]} reaches {beyond.area:.1f} m2 over the community border.",
                f"网格 {numbers[i]} 越出社区边界 {beyond.area:.1f} 平方米。",
            ))  # fmt: skip
    return found


def _cuts(
    community: Community, buildings: Sequence[Building], numbers: Sequence[int], shapes: Shapes
) -> list[Finding]:
    """Buildings of which a part lies outside the cell that holds most of them."""
    if not buildings:
        return []
    prints = np.array([b.footprint for b in buildings], dtype=object)
    tree = shapely.STRtree(shapes)
    whole = tree.query(prints, predicate="covered_by")[0]
    doubtful = np.setdiff1d(np.arange(len(prints)), whole)
    found = []
    for n in doubtful.tolist():
        own = shapely.intersection(prints[n], community.polygon)
        near = tree.query(own, predicate="intersects")
        area = shapely.area(shapely.intersection(own, shapes[near]))
        less = float(own.area - area.max(initial=0.0))
        if not len(near) or less <= LEAST_M2:
            continue
        cells = [str(numbers[i]) for i in near[area > LEAST_M2].tolist()]
        found.append(_told(
            "building.cut", buildings[n].code, prints[n], less,
            f"The border of cell {', '.join(cells)} cuts building {buildings[n].code}.",
            f"网格 {'、'.join(cells)} 的边界切穿建筑 {buildings[n].code}。",
        ))  # fmt: skip
    return found


def _nowhere(buildings: Sequence[Building], cells: Sequence[Cell]) -> list[Finding]:
    held = {code for cell in cells for code in cell.buildings}
    return [
        _told(
            "building.nowhere", b.code, b.footprint, float(b.households),
            f"Building {b.code} ({b.households} households) lies in no cell.",
            f"建筑 {b.code}（{b.households} 户）不在任何网格内。",
        )
        for b in buildings if b.code not in held
    ]  # fmt: skip
