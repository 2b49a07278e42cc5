"""GeoJSON in degrees to what the engine divides, and back. Every feature is read or refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.faces import GRID_M
from cityloop.engines.partition.intake import need_width
from cityloop.engines.partition.model import (
    HOUSEHOLDS,
    Building,
    Community,
    Plan,
    Street,
    StreetClass,
)
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane, check_many, coordinate_system

BUILDINGS = "buildings"  # a weight that every building has: 1
DEGREE_DIGITS = 9  # a tenth of a millimetre
_AREAS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")
_CLASS_KEYS = ("class", "kind", "road", "highway", "waterway", "barrier", "railway")
_KINDS = {kind.value: kind for kind in StreetClass} | {
    "motorway": StreetClass.EXPRESSWAY, "trunk": StreetClass.EXPRESSWAY,
    "express": StreetClass.EXPRESSWAY, "primary": StreetClass.ARTERIAL,
    "tertiary": StreetClass.SECONDARY, "residential": StreetClass.LOCAL,
    "unclassified": StreetClass.LOCAL, "living_street": StreetClass.LOCAL,
    "service": StreetClass.LOCAL, "lane": StreetClass.LOCAL, "pedestrian": StreetClass.LOCAL,
    "footway": StreetClass.LOCAL, "path": StreetClass.LOCAL, "track": StreetClass.LOCAL,
    "river": StreetClass.WATER, "canal": StreetClass.WATER, "stream": StreetClass.WATER,
    "bank": StreetClass.WATER, "rail": StreetClass.WATER, "light_rail": StreetClass.WATER,
    "fence": StreetClass.WALL, "city_wall": StreetClass.WALL, "hedge": StreetClass.WALL,
    "outline": StreetClass.WALL,
}  # fmt: skip
T = TypeVar("T")
Feature = Mapping[str, Any]
Shaped = tuple[Feature, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature that cannot be used: which file, its position from 0, its code, and why."""

    file: str
    index: int
    code: str
    error: DomainError


@dataclass(slots=True)
class GridInput:
    """What the files hold, in metres of `plane`.

    existing: present cells by community and number (areas of level cell). remarks: (en, zh).
    """

    plane: LocalPlane
    communities: list[Community] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    existing: dict[str, dict[int, BaseGeometry]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def read_input(
    areas: str | bytes, buildings: str | bytes, streets: str | bytes, *, crs: str = "wgs84",
    repair: bool = False, weight: str = HOUSEHOLDS,
) -> GridInput:  # fmt: skip
    """Read the three files.

    Args:
        areas: polygons with `code`; `level` community (or none) is divided, `cell` is the present
            division, other levels are left out.
        buildings: polygons with `code` (or `id`) and `households` (absent: 0, with a remark);
            whole numbers of other themes stand in a property of that name, or under `weights`.
        streets: lines; the class is the first of class, kind, road, highway, waterway, barrier,
            railway that is known, else local.
        crs: system of the coordinates of all three.
        repair: mend polygons that are not valid.
        weight: what cells will weigh; `buildings` counts them.
    Raises: DomainError partition.not_json, partition.not_features, partition.no_communities,
        partition.no_weight (no building has it), place.unknown_crs. Features that cannot be used
        are in `refused`.
    """
    reading = _Reading(crs, repair)
    grounds = reading.shapes("areas", areas, _AREAS)
    rows = [row for row in grounds if _level(row[1][0]) in ("community", "cell")]
    outlines = [shape for _, (_, shape) in rows]
    if not rows:
        raise DomainError(
            "partition.no_communities",
            "The areas hold no community: polygons with a code and the level community are needed.",
            "区域文件中没有社区：需要带编码、level 为 community 的面。",
            where="areas",
        )
    west, south, east, north = shapely.total_bounds(outlines)
    got = GridInput(LocalPlane((west + east) / 2, (south + north) / 2))
    seen: set[str] = set()
    reading.each("areas", rows, lambda f, s: _take_area(f, metres(s, got.plane), seen, got))
    homes = reading.shapes("buildings", buildings, _AREAS)
    got.buildings = reading.each(
        "buildings", homes, lambda f, s: _building(f, metres(s, got.plane), seen, weight)
    )
    _need_weight(weight, homes)
    lines = reading.shapes("streets", streets, _LINES)
    got.streets = reading.each("streets", lines, lambda f, s: _street(f, metres(s, got.plane)))
    got.refused = sorted(reading.refused, key=lambda r: (r.file, r.index))
    got.remarks = reading.remarks + _absent(homes, weight)
    return got


class _Reading:
    """What was refused and mended on the way through the files."""

    def __init__(self, crs: str, repair: bool) -> None:
        self.crs, self.repair = crs, repair
        self.refused: list[Refused] = []
        self.remarks: list[tuple[str, str]] = []

    def shapes(
        self, file: str, text: str | bytes, types: tuple[str, ...]
    ) -> list[tuple[int, Shaped]]:
        """Features of a file with their geometry in WGS84, by position."""
        found = []
        for index, feature in enumerate(_features(file, text)):
            try:
                where = f"{file}[{index}] {_code(feature)}".rstrip()
                found.append((index, (feature, self._shape(where, feature, types))))
            except DomainError as error:
                self.refused.append(Refused(file, index, _code(feature), error))
        return found

    def each(
        self, file: str, rows: list[tuple[int, Shaped]], take: Callable[[Feature, BaseGeometry], T]
    ) -> list[T]:
        """Each row taken, or refused with its position."""
        taken = []
        for index, (feature, shape) in rows:
            try:
                taken.append(take(feature, shape))
            except DomainError as error:
                code, where = _code(feature), f"{file}[{index}]"
                said = f"{where} {code}".rstrip()
                named = DomainError(error.code, f"{said}: {error.en}", f"{said}：{error.zh}",
                                    where=where, details=error.details)  # fmt: skip
                self.refused.append(Refused(file, index, code, named))
        return taken

    def _shape(self, where: str, feature: Feature, types: tuple[str, ...]) -> BaseGeometry:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in types:
            raise _bad(where, f"is of type {kind!r}, needed: {' or '.join(types)}",
                       f"几何类型为 {kind!r}，需要 {' 或 '.join(types)}")  # fmt: skip
        try:
            shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
        except (shapely.GEOSException, ValueError) as error:
            raise _bad(where, f"has a broken geometry: {error}", f"几何损坏：{error}") from error
        if shape.is_empty:
            raise _bad(where, "is empty", "几何为空")
        shape = shapely.transform(shape, lambda xy: _converted(xy, self.crs))
        xy = shapely.get_coordinates(shape)
        faults = check_many(xy[:, 0], xy[:, 1])
        if (faults != "").any():
            n = int(np.flatnonzero(faults != "")[0])
            raise _bad(
                where, f"has an impossible point {xy[n, 0]:.8g}, {xy[n, 1]:.8g} in {self.crs}: all "
                "three files must be in one system, the declared one (--crs)",
                f"的坐标 {xy[n, 0]:.8g}, {xy[n, 1]:.8g} 在 {self.crs} 中不合理："
                "三个文件须同为所声明的坐标系（--crs）",
            )  # fmt: skip
        return shape if shape.is_valid else self._mended(where, shape)

    def _mended(self, where: str, shape: BaseGeometry) -> BaseGeometry:
        why = shapely.is_valid_reason(shape)
        if not self.repair:
            raise _bad(where, f"is not valid: {why}. Correct it, or use --repair",
                       f"不是合法的面：{why}。请修正，或使用 --repair")  # fmt: skip
        mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        if mended.is_empty or mended.geom_type not in _AREAS:
            raise _bad(where, f"cannot be repaired: {why}", f"无法修复：{why}")
        change = abs(mended.area - shape.area) / max(mended.area, shape.area)
        self.remarks.append((
            f"{where}: repaired ({why}); its area changed by {change:.2%}.",
            f"{where}：已修复（{why}），面积变化 {change:.2%}。",
        ))  # fmt: skip
        return mended


def _bad(where: str, en: str, zh: str, code: str = "partition.geometry") -> DomainError:
    return DomainError(code, f"{where} {en}.", f"{where} {zh}。", where=where)


def _features(file: str, text: str | bytes) -> list[Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DomainError(
            "partition.not_json", f"The file of {file} is not whole JSON: {error}.",
            f"{file} 文件不是完整的 JSON：{error}。", where=file,
        ) from error  # fmt: skip
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise DomainError(
            "partition.not_features", f"The file of {file} is no GeoJSON FeatureCollection.",
            f"{file} 文件不是 GeoJSON FeatureCollection。", where=file,
        )  # fmt: skip
    return features


def _properties(feature: Feature) -> Mapping[str, Any]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    return given if isinstance(given, dict) else {}


def _code(feature: Feature) -> str:
    own = _properties(feature)
    value = own.get("code", own.get("id", feature.get("id") if isinstance(feature, dict) else None))
    return "" if value is None else str(value)[:60]


def _level(feature: Feature) -> str:
    return str(_properties(feature).get("level") or "community")


def _converted(xy: NDArray[np.float64], crs: str) -> NDArray[np.float64]:
    lon, lat = coordinate_system(crs).to_wgs84(xy[:, 0], xy[:, 1])
    return np.asarray(np.column_stack([lon, lat]), np.float64)


def metres(shape: BaseGeometry, plane: LocalPlane) -> BaseGeometry:
    """Longitude and latitude to metres on the grid of the faces: equal points stay equal."""

    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(plane.to_xy(xy[:, 0], xy[:, 1])) / GRID_M) * GRID_M

    return shapely.transform(shape, turned)


def degrees(shape: BaseGeometry, plane: LocalPlane) -> BaseGeometry:
    """Metres back to rounded longitude and latitude."""

    def lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = plane.to_lonlat(xy[:, 0], xy[:, 1])
        return np.asarray(np.round(np.column_stack([lon, lat]), DEGREE_DIGITS), np.float64)

    return shapely.transform(shape, lonlat)


def _new_code(feature: Feature, seen: set[str], what: str) -> str:
    code = _code(feature)
    if not code or f"{what}:{code}" in seen:
        why = ("repeats a code", "编码重复") if code else ("has no code", "缺少编码")
        raise DomainError("partition.code", f"{why[0]}: {code!r}.", f"{why[1]}：{code!r}。")
    seen.add(f"{what}:{code}")
    return code


def _take_area(feature: Feature, shape: BaseGeometry, seen: set[str], got: GridInput) -> None:
    code = _new_code(feature, seen, "area")
    if _level(feature) == "community":
        need_width(f"community {code}", f"社区 {code}", shape)
        got.communities.append(Community(code, shape))
        return
    parent = str(_properties(feature).get("parent") or code[:-3])
    number = code.removeprefix(parent)
    if number == code or not number.isdecimal():
        raise DomainError(
            "partition.cell_code",
            f"cell {code}: its code does not begin with its community {parent} and end in a number."
            " Name the community in the property parent.",
            f"网格 {code}：编码须以所属社区 {parent} 开头并以序号结尾，或在 parent 中注明社区。",
        )
    got.existing.setdefault(parent, {})[int(number)] = shape


def _whole(value: Any, name: str) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise DomainError(
            "partition.weight", f"{name} is {value!r}; a whole number is needed.",
            f"{name} 为 {value!r}，须为整数。",
        )  # fmt: skip
    if value < 0:
        raise DomainError(
            "partition.weight", f"{name} is {value}; 0 or more is needed.",
            f"{name} 为 {value}，不能为负。",
        )  # fmt: skip
    return int(value)


def _weight(feature: Feature, weight: str) -> Any:
    """What a feature says of a weight; None = nothing."""
    own = _properties(feature)
    given = own.get("weights")
    usual = 1 if weight == BUILDINGS else None
    return own.get(weight, given.get(weight, usual) if isinstance(given, dict) else usual)


def _need_weight(weight: str, homes: list[tuple[int, Shaped]]) -> None:
    """Raises: DomainError partition.no_weight: a misspelt name would make one cell of all."""
    if not homes or any(_weight(feature, weight) is not None for _, (feature, _) in homes):
        return
    names = sorted({str(name) for _, (feature, _) in homes[:1000] for name in _properties(feature)})
    raise DomainError(
        "partition.no_weight",
        f"No building has the property {weight!r} by which cells are weighed. The buildings have: "
        f"{', '.join(names[:30]) or 'none'}.",
        f"没有建筑带有规模指标 {weight!r} 的属性。建筑现有属性：{'、'.join(names[:30]) or '无'}。",
        where="buildings",
    )


def _building(feature: Feature, shape: BaseGeometry, seen: set[str], weight: str) -> Building:
    own = _properties(feature)
    code = _new_code(feature, seen, "building")
    weights = {weight: _whole(_weight(feature, weight), weight)} if weight != HOUSEHOLDS else {}
    return Building(code, shape, _whole(own.get("households"), "households"), weights)


def _street(feature: Feature, shape: BaseGeometry) -> Street:
    own = _properties(feature)
    for key in _CLASS_KEYS:
        kind = _KINDS.get(str(own.get(key)).removesuffix("_link"))
        if kind:
            return Street(shape, kind)
    return Street(shape, StreetClass.LOCAL)


def _absent(homes: list[tuple[int, Shaped]], weight: str) -> list[tuple[str, str]]:
    count = sum(_weight(feature, weight) is None for _, (feature, _) in homes)
    if not count:
        return []
    what = "户数" if weight == HOUSEHOLDS else f" {weight}"
    return [(
        f"{count} of {len(homes)} buildings say nothing of {weight}; they count as 0.",
        f"{len(homes)} 栋建筑中有 {count} 栋未注明{what}，按 0 计。",
    )]  # fmt: skip


def cells_geojson(plan: Plan, plane: LocalPlane, *, digits: int = 3) -> dict[str, Any]:
    """The cells as areas that `cityloop import areas` reads."""
    features = []
    for cell in plan.cells:
        number = f"{cell.number:0{digits}d}"
        properties: dict[str, Any] = {
            "level": "cell", "code": cell.code(digits), "parent": cell.community,
            "name_zh": f"{number}网格", "name_en": f"Cell {number}",
            "households": cell.households, "buildings": len(cell.buildings),
        }  # fmt: skip
        if plan.window.weight not in ("households", BUILDINGS):
            properties[plan.window.weight] = cell.weight
        shape = degrees(cell.polygon, plane)
        features.append({
            "type": "Feature", "geometry": shapely.geometry.mapping(shape),
            "properties": properties,
        })  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
