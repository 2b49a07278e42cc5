"""Areas from a GeoJSON file, feature by feature: each is read or refused with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.places.domain.codes import CodeTemplate
from cityloop.city.places.domain.levels import LEVELS, Level
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds, check_many, coordinate_system

# What a "crs" member may name: GeoJSON is WGS84; CGCS2000 is the same for us.
_SAME_AS_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
_OWN = frozenset(
    {"level", "code", "name", "name_zh", "name_en", "parent", "households", "sensitive_place"}
    | {"synthetic"}
)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area as a file gives it. `boundary` in WGS84 degrees, None = only the name is known."""

    index: int
    level: Level
    code: str
    name_zh: str
    name_en: str
    parent_code: str | None
    boundary: BaseGeometry | None
    households: int | None
    sensitive_place: bool
    synthetic: bool
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RefusedFeature:
    """A feature that cannot be used, and why. index: position in the file, from 0."""

    index: int
    code: str
    error: DomainError


@dataclass(slots=True)
class AreaFile:
    """What a file holds: rows that can be used, features that cannot, what was done on the way."""

    rows: list[AreaRow] = field(default_factory=list)
    refused: list[RefusedFeature] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: code template, system of the coordinates, where points may lie, repair."""

    template: CodeTemplate = field(default_factory=CodeTemplate)
    crs: str = "wgs84"
    bounds: Bounds | None = None
    repair: bool = False


def read_areas(text: str | bytes, reading: Reading) -> AreaFile:
    """The areas of a FeatureCollection.

    Raises: DomainError areas.not_json, areas.not_features, areas.crs, when the file as a whole
        cannot be read. Single features are refused in the result.
    """
    features = _features(text, reading.crs)
    found = AreaFile()
    first: dict[str, int] = {}
    for index, feature in enumerate(features):
        code = _code(feature)
        try:
            row = _row(index, feature, reading, found.remarks)
            _refuse_repeated(row, first)
            found.rows.append(row)
        except DomainError as error:
            found.refused.append(RefusedFeature(index, code, error))
    return found


def _features(text: str | bytes, crs: str) -> list[Any]:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DomainError(
            "areas.not_json",
            f"The file is not whole JSON: {error}. Was it cut off? Export it again.",
            f"文件不是完整的 JSON：{error}。是否只写了一半？请重新导出。",
        ) from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        kind = data.get("type") if isinstance(data, dict) else type(data).__name__
        raise DomainError(
            "areas.not_features",
            f"A GeoJSON FeatureCollection is needed; this is {kind!r}.",
            f"需要 GeoJSON FeatureCollection，文件是 {kind!r}。",
        )
    _check_crs(data.get("crs"), crs)
    return features


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _check_crs(given: Any, declared: str) -> None:
    """What the file says of its system must agree with what was declared."""
    wanted = coordinate_system(declared)
    if given is None:
        return
    name = str(given.get("properties", {}).get("name", given) if isinstance(given, dict) else given)
    same = name.upper().endswith(_SAME_AS_WGS84) and not wanted.projected
    if not same and not name.upper().endswith(wanted.code.removeprefix("EPSG")):
        raise DomainError(
            "areas.crs",
            f"The file names the coordinate system {name}, declared is {wanted.code} "
            f"({wanted.name}). Declare the one the file is in.",
            f"文件注明的坐标系为 {name}，而声明的是 {wanted.code}（{wanted.name}）。"
            "请按文件的坐标系声明。",
            where="crs",
            details={"value": name},
        )


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return str(properties.get("code", ""))[:40] if isinstance(properties, dict) else ""


def _row(index: int, feature: Any, reading: Reading, remarks: list[str]) -> AreaRow:
    where = f"features[{index}]"
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _refusal("areas.not_a_feature", where, "is no Feature with properties", "不是要素")
    given: dict[str, Any] = feature["properties"]
    level = _level(given, where)
    code = reading.template.check(level, str(given.get("code", "")).strip())
    name = str(given.get("name_zh") or given.get("name") or "").strip()
    if not name and level is not Level.CELL:
        raise _refusal("areas.no_name", where, "has no name_zh", "缺少 name_zh")
    parent = given.get("parent")
    return AreaRow(
        index=index,
        level=level,
        code=code,
        name_zh=_short(name or code, where),
        name_en=_short(str(given.get("name_en") or "").strip(), where),
        parent_code=str(parent).strip() if parent not in (None, "") else None,
        boundary=_boundary(feature.get("geometry"), where, reading, remarks),
        households=_households(given.get("households"), where),
        sensitive_place=given.get("sensitive_place") is True,
        synthetic=given.get("synthetic") is True,
        attributes={k: v for k, v in given.items() if k not in _OWN},
    )


def _level(given: Mapping[str, Any], where: str) -> Level:
    try:
        return Level(str(given.get("level", "")))
    except ValueError:
        allowed = ", ".join(LEVELS)
        raise _refusal(
            "areas.level",
            where,
            f"has the level {given.get('level')!r}; allowed: {allowed}",
            f"层级为 {given.get('level')!r}，可选：{allowed}",
        ) from None


def _short(text: str, where: str) -> str:
    if len(text) > 120 or "\x00" in text:
        raise _refusal(
            "areas.name",
            where,
            f"has a name of {len(text)} characters; at most 120, no NUL",
            f"名称 {len(text)} 字，最多 120 字且不含 NUL",
        )
    return text


def _households(value: Any, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        value = -1
    if not 0 <= value <= 10_000_000:
        raise _refusal(
            "areas.households",
            where,
            "has households that are no whole number of 0 or more",
            "户数须为非负整数",
        )
    return int(value)


def _boundary(
    geometry: Any, where: str, reading: Reading, remarks: list[str]
) -> BaseGeometry | None:
    if geometry is None:
        return None
    shape = _shape(geometry, where)
    system = coordinate_system(reading.crs)
    if not system.projected:
        _check_points(shape, where, reading.bounds if reading.crs == "wgs84" else None)
    shape = shapely.transform(shape, lambda xy: _converted(xy, reading.crs))
    _check_points(shape, where, reading.bounds)
    if not shape.is_valid:
        shape = _repaired(shape, where, reading.repair, remarks)
    if shape.area == 0:
        raise _refusal("areas.geometry", where, "covers no ground", "面积为零")
    return shapely.normalize(shape)


def _shape(geometry: Any, where: str) -> BaseGeometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _refusal(
            "areas.geometry",
            where,
            f"has a geometry of type {kind!r}; a Polygon or MultiPolygon is needed",
            f"几何类型为 {kind!r}，需要 Polygon 或 MultiPolygon",
        )
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.GEOSException, ValueError) as error:
        raise _refusal(
            "areas.geometry",
            where,
            f"has a broken geometry: {error}. Rings need four points, the last as the first",
            f"几何损坏：{error}。每个环至少四点且首尾相同",
        ) from error
    if shape.is_empty:
        raise _refusal("areas.geometry", where, "is empty", "几何为空")
    return shape


def _check_points(shape: BaseGeometry, where: str, bounds: Bounds | None) -> None:
    xy = shapely.get_coordinates(shape)
    codes = check_many(xy[:, 0], xy[:, 1], bounds)
    bad = np.flatnonzero(codes != "")
    if not len(bad):
        return
    x, y = xy[bad[0]]
    code = str(codes[bad[0]])
    hint = (
        (f"did you mean lon={y:.6f}, lat={x:.6f}?", f"是否应为 lon={y:.6f}, lat={x:.6f}？")
        if code == "place.swapped"
        else (
            "degrees are needed, longitude first; metres of a projected system must be declared "
            "(EPSG:4548 ...)",
            "需要经纬度（经度在前）；投影坐标（米）须声明坐标系（EPSG:4548 等）",
        )
    )
    raise _refusal(
        code,
        where,
        f"has {len(bad)} impossible points, the first lon={x:.8g}, lat={y:.8g}: {hint[0]}",
        f"有 {len(bad)} 个点不合理，首个 lon={x:.8g}, lat={y:.8g}：{hint[1]}",
    )


def _converted(xy: Any, crs: str) -> Any:
    if crs in ("wgs84", "cgcs2000"):
        return xy
    return np.column_stack(coordinate_system(crs).to_wgs84(xy[:, 0], xy[:, 1]))


def _repaired(shape: BaseGeometry, where: str, repair: bool, remarks: list[str]) -> BaseGeometry:
    why = shapely.is_valid_reason(shape)
    if not repair:
        raise _refusal(
            "areas.invalid",
            where,
            f"is not a valid polygon: {why}. Correct it there, or import with --repair",
            f"不是合法的面：{why}。请在该处修正，或用 --repair 导入",
        )
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.is_empty or mended.geom_type not in ("Polygon", "MultiPolygon"):
        raise _refusal("areas.invalid", where, f"cannot be repaired: {why}", f"无法修复：{why}")
    change = abs(mended.area - shape.area) / max(mended.area, shape.area)
    remarks.append(f"{where}：已修复（{why}），面积变化 {change:.2%} repaired, change of its area")
    return mended


def _refuse_repeated(row: AreaRow, first: dict[str, int]) -> None:
    earlier = first.setdefault(row.code, row.index)
    if earlier != row.index:
        raise _refusal(
            "areas.repeated",
            f"features[{row.index}]",
            f"repeats the code {row.code} of features[{earlier}]",
            f"编码 {row.code} 与 features[{earlier}] 重复",
        )


def _refusal(code: str, where: str, en: str, zh: str) -> DomainError:
    return DomainError(code, f"{where} {en}.", f"{where} {zh}。", where=where)
