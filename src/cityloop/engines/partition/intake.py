"""What comes in: refused with a reason, or taken with a remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.kernels import Ints
from cityloop.engines.partition.model import Building, Community, Finding, Street, Window
from cityloop.engines.partition.survey import inner_points, touching
from cityloop.kernel.errors import DomainError

ASTRIDE_M2 = 1.0
OVERLAP_M2 = 1.0
LEAST_WIDTH_M = 1.0  # a community thinner than this is a mistake


@dataclass(frozen=True, slots=True)
class Inputs:
    """Input that can be used; per community the positions of its buildings and streets."""

    communities: tuple[Community, ...]
    buildings: tuple[Building, ...]
    streets: tuple[Street, ...]
    building_in: list[Ints]
    street_in: list[Ints]
    findings: tuple[Finding, ...]


def take_in(
    communities: Sequence[Community],
    buildings: Sequence[Building],
    streets: Sequence[Street],
    window: Window,
) -> Inputs:
    """Check everything once, and find what lies where.

    Raises: DomainError
        partition.no_communities; partition.code (missing or repeated);
        partition.geometry (empty, not valid, no polygon; coordinates that are not finite);
        partition.sliver (a community too thin to hold anything);
        partition.weight (negative or no whole number).
    Findings: building.outside, building.astride (reaches over a community border),
        community.overlap.
    """
    if not communities:
        raise DomainError(
            "partition.no_communities",
            "There is no community to divide. Give at least one polygon with a code.",
            "没有可划分的社区，请至少提供一个带编码的面。",
            where="areas",
        )
    _check_codes([c.code for c in communities], "community", "社区")
    _check_codes([b.code for b in buildings], "building", "建筑")
    _check_polygons([(c.code, c.polygon) for c in communities], "community", "社区")
    _check_polygons([(b.code, b.footprint) for b in buildings], "building", "建筑")
    for one in communities:
        need_width(f"community {one.code}", f"社区 {one.code}", one.polygon)
    _check_lines(streets)
    _check_weights(buildings, window)
    grounds = np.array([c.polygon for c in communities], dtype=object)
    lines = np.array([s.line for s in streets], dtype=object)
    prints = np.array([b.footprint for b in buildings], dtype=object)
    building_in, found = _buildings(communities, grounds, buildings, prints)
    found += _overlaps(communities, grounds)
    return Inputs(
        tuple(communities), tuple(buildings), tuple(streets), building_in,
        touching(grounds, lines), tuple(found),
    )  # fmt: skip


def _check_codes(codes: Sequence[str], en: str, zh: str) -> None:
    seen: set[str] = set()
    for n, code in enumerate(codes):
        if not code or code in seen:
            why = ("repeated", "重复") if code else ("missing", "缺失")
            raise DomainError(
                "partition.code",
                f"The code of {en} {n} is {why[0]}: {code!r}. Each needs a code of its own.",
                f"第 {n} 个{zh}的编码{why[1]}：{code!r}，每个{zh}须有唯一编码。",
                where=f"{en}[{n}]",
                details={"code": code},
            )
        seen.add(code)


def _check_polygons(named: Sequence[tuple[str, BaseGeometry]], en: str, zh: str) -> None:
    shapes = np.array([shape for _, shape in named], dtype=object)
    if not len(shapes):
        return
    bad = (
        ~shapely.is_valid(shapes) | shapely.is_empty(shapes) | (shapely.get_dimensions(shapes) < 2)
    )
    bad |= ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    for n in np.flatnonzero(bad).tolist():
        code, shape = named[n]
        raise geometry_error(f"{en} {code}", f"{zh} {code}", shape)


def need_width(en: str, zh: str, shape: BaseGeometry) -> None:
    """Raises: DomainError partition.sliver for a polygon too thin to hold anything."""
    width = 2 * float(shape.area) / max(float(shape.length), 1e-9)
    if width < LEAST_WIDTH_M:
        raise DomainError(
            "partition.sliver",
            f"{en} is a sliver, {width:.3g} m wide on average; {LEAST_WIDTH_M:g} m is the least. "
            "It is a leftover of drawing: remove it or join it to its neighbour.",
            f"{zh} 是狭缝，平均宽 {width:.3g} 米，至少须 {LEAST_WIDTH_M:g} 米；多为绘制残留，"
            "请删除或并入相邻社区。",
            where=en,
        )


def geometry_error(en: str, zh: str, shape: BaseGeometry) -> DomainError:
    """Why a polygon cannot be used."""
    if shape is None or shape.is_empty:
        why, zh_why = "it is empty", "几何为空"
    elif not np.isfinite(shapely.bounds(shape)).all():
        why, zh_why = "a coordinate is not finite", "坐标不是有限数"
    elif shape.geom_type not in ("Polygon", "MultiPolygon"):
        why = zh_why = f"{shape.geom_type}"
    else:
        why = zh_why = shapely.is_valid_reason(shape)
    return DomainError(
        "partition.geometry",
        f"The shape of {en} cannot be used: {why}. A valid polygon is needed; correct it there.",
        f"{zh} 的图形无法使用：{zh_why}。需要合法的面，请在该处修正。",
        where=en,
    )


def _check_lines(streets: Sequence[Street]) -> None:
    lines = np.array([s.line for s in streets], dtype=object)
    if not len(lines):
        return
    bad = shapely.is_empty(lines) | (shapely.get_dimensions(lines) != 1)
    bad |= ~np.isfinite(shapely.bounds(lines)).all(axis=1)
    for n in np.flatnonzero(bad).tolist():
        raise DomainError(
            "partition.geometry",
            f"Street {n} is no line ({lines[n].geom_type}). A LineString is needed.",
            f"第 {n} 条街道不是线（{lines[n].geom_type}），需要 LineString。",
            where=f"street[{n}]",
        )


def _check_weights(buildings: Sequence[Building], window: Window) -> None:
    for building in buildings:
        weight = building.weigh(window.weight)
        for value in (weight, building.households):
            if value < 0 or value != int(value):
                raise DomainError(
                    "partition.weight",
                    f"Building {building.code} has {value} {window.unit_en}; a whole number of 0 "
                    "or more is needed.",
                    f"建筑 {building.code} 的数量为 {value}，须为不小于 0 的整数。",
                    where=f"building {building.code}",
                    details={"value": value},
                )


def _buildings(
    communities: Sequence[Community], grounds: Shapes, buildings: Sequence[Building], prints: Shapes
) -> tuple[list[Ints], list[Finding]]:
    """Buildings by community; those in none, and those that reach over a border."""
    if not len(prints):
        return [np.array([], np.int64) for _ in communities], []
    points = inner_points(prints)
    hit, at = shapely.STRtree(grounds).query(shapely.points(points), predicate="intersects")
    home = np.full(len(prints), len(communities), np.int64)
    np.minimum.at(home, hit, at)
    found = []
    for n in np.flatnonzero(home == len(communities)).tolist():
        code = buildings[n].code
        found.append(Finding(
            "building.outside", code,
            f"Building {code} lies in no community; its {buildings[n].households} households are "
            "in no cell.",
            f"建筑 {code} 不在任何社区内，其 {buildings[n].households} 户未划入网格。",
            amount=float(buildings[n].households), x=float(points[n, 0]), y=float(points[n, 1]),
        ))  # fmt: skip
    found += _astride(grounds, buildings, prints, points, home)
    order = np.argsort(home, kind="stable")
    ends = np.searchsorted(home[order], np.arange(1, len(communities) + 1))
    return [np.asarray(part, np.int64) for part in np.split(order, ends)[:-1]], found


def _astride(
    grounds: Shapes, buildings: Sequence[Building], prints: Shapes, points: object, home: Ints
) -> list[Finding]:
    inner = np.flatnonzero(home < len(grounds))
    ground = grounds[home[inner]]
    shapely.prepare(grounds)
    over = inner[~shapely.contains(ground, prints[inner])]
    beyond = shapely.area(shapely.difference(prints[over], grounds[home[over]]))
    found = []
    for n, area in zip(over[beyond > ASTRIDE_M2], beyond[beyond > ASTRIDE_M2], strict=True):
        code, at = buildings[n].code, shapely.point_on_surface(prints[n])
        found.append(Finding(
            "building.astride", code,
            f"Building {code} reaches {area:.1f} m2 over the border of its community.",
            f"建筑 {code} 有 {area:.1f} 平方米越出所在社区边界。",
            grave=False, amount=float(area), x=at.x, y=at.y,
        ))  # fmt: skip
    return found


def _overlaps(communities: Sequence[Community], grounds: Shapes) -> list[Finding]:
    i, j = shapely.STRtree(grounds).query(grounds, predicate="overlaps")
    i, j = i[i < j], j[i < j]
    found = []
    for a, b in zip(i, j, strict=True):
        common = shapely.intersection(grounds[a], grounds[b])
        if common.area <= OVERLAP_M2:
            continue
        one, two, at = communities[a].code, communities[b].code, common.representative_point()
        found.append(Finding(
            "community.overlap", one,
            f"Communities {one} and {two} overlap by {common.area:.1f} m2; their cells do too.",
            f"社区 {one} 与 {two} 重叠 {common.area:.1f} 平方米，其网格也会重叠。",
            amount=float(common.area), x=at.x, y=at.y,
        ))  # fmt: skip
    return found
