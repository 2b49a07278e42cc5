"""Features of three files as what is divided into cells, by the names cities give their columns.

Every feature becomes a community, a present cell, a building or a street, or is refused by its
place; what was assumed or mended is told. Shapes are WGS84 degrees here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.elements.domain.counts import Count, read_count
from cityloop.data.geography.domain.features import Feature, plain_text
from cityloop.data.geography.domain.report import Refused
from cityloop.engines.partition import HOUSEHOLDS, Building, Community, Street, StreetClass
from cityloop.engines.partition.features import BUILDINGS
from cityloop.kernel.errors import DomainError

AREAS, BUILDING_FILE, STREETS = "areas", "buildings", "streets"
MOST_IN_A_BUILDING = 100_000
_LEVEL = ("level", "层级", "级别")
_LEVELS = {
    "community": "community", "village": "community", "社区": "community", "村": "community",
    "行政村": "community", "居委会": "community", "村委会": "community", "cell": "cell",
    "grid": "cell", "网格": "cell", "单元网格": "cell", "基础网格": "cell",
}  # fmt: skip
_ANY_CODE = ("编码", "标识码", "编号", "bsm", "id")
_COMMUNITY = ("code", "社区编码", "社区代码", "区划编码", "区划代码", "行政区划代码", *_ANY_CODE)
_CELL = ("code", "网格编码", "网格代码", *_ANY_CODE)
_PARENT = ("parent", "社区编码", "社区代码", "上级编码", "所属社区")
_BUILDING = ("code", "建筑编码", "楼栋编码", "楼幢编码", "房屋编码", *_ANY_CODE)
_HOMES = (
    HOUSEHOLDS, "户数", "总户数", "居民户数", "住户数", "住宅户数", "家庭户数", "常住户数", "hs",
    "zhs", "building:flats",
)  # fmt: skip
_CLASS = (
    "class", "kind", "road", "highway", "waterway", "barrier", "railway", "type", "fclass",
    "道路等级", "等级", "类别", "类型",
)  # fmt: skip
_KINDS: dict[str, StreetClass] = {kind.value: kind for kind in StreetClass} | {
    name: kind
    for kind, names in {
        StreetClass.EXPRESSWAY: "motorway trunk express 高速公路 高速 快速路 快速公路",
        StreetClass.ARTERIAL: "primary 主干路 主干道 国道 省道",
        StreetClass.SECONDARY: "tertiary 次干路 次干道 县道",
        StreetClass.LOCAL: "residential unclassified living_street service lane pedestrian footway "
        "path track road 支路 街巷 小区路 内部道路 乡道 步行街",
        StreetClass.WATER: "river canal stream bank rail light_rail subway tram 河流 河道 河 渠 "
        "水系 湖 铁路 轨道",
        StreetClass.WALL: "fence city_wall hedge outline 围墙 墙 栅栏 围栏",
    }.items()
    for name in names.split()
}
_HOUSES = ("Polygon", "MultiPolygon", "Point", "MultiPoint")
T = TypeVar("T")
Shaped = tuple[Feature, BaseGeometry]


@dataclass(slots=True)
class Table:
    """Rows of a file with their shape, what was refused of it, and how rows are read.

    seen: the feature that has each code.
    column: that holds the households, "" = the first known name. repair: counts that are not exact
    (约300, 12.5) are taken, codes that repeat get the row behind them.
    """

    name: str
    rows: list[Shaped]
    column: str = ""
    repair: bool = False
    refused: list[Refused] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)  # (en, zh)
    seen: dict[str, Feature] = field(default_factory=dict)

    def each(self, take: Callable[[Feature, BaseGeometry], T | None]) -> list[T]:
        """What each row becomes; None = nothing, and told otherwise."""
        found = []
        for feature, shape in self.rows:
            try:
                one = take(feature, shape)
            except DomainError as error:
                self.refuse(feature, error)
                continue
            if one is not None:
                found.append(one)
        return found

    def refuse(self, feature: Feature, error: DomainError) -> None:
        code = _text(feature, (*_COMMUNITY, *_BUILDING)) or feature.key
        self.refused.append(Refused(self.name, feature.number, code[:60], error))

    def remark(self, count: int, en: str, zh: str) -> None:
        """Told where it happened at all; {n} is how often, {of} of how many."""
        if count:
            told = {"n": count, "of": len(self.rows)}
            self.remarks.append((en.format(**told), zh.format(**told)))

    def mended(self, feature: Feature, en: str, zh: str) -> None:
        self.remarks.append(
            (f"{self.name} {feature.number}: {en}", f"{self.name} {feature.number}：{zh}")
        )


def level_of(feature: Feature) -> str:
    """community (also where nothing is said), cell, or "" for levels that are not divided."""
    said = _text(feature, _LEVEL)
    return _LEVELS.get(said.casefold(), "") if said else "community"


def communities(table: Table) -> tuple[list[Community], dict[str, dict[int, BaseGeometry]]]:
    """(the communities, the present cells by community and number)."""
    cells: dict[str, dict[int, BaseGeometry]] = {}

    def take(feature: Feature, shape: BaseGeometry) -> Community | None:
        _need(shape, ("Polygon", "MultiPolygon"), "a polygon", "面")
        if level_of(feature) == "cell":
            parent, number = _cell(feature)
            if number in cells.setdefault(parent, {}):
                raise _code_error(
                    f"cell {number} of {parent} comes twice", f"{parent} 的网格 {number} 重复"
                )
            cells[parent][number] = shape
            return None
        code = _text(feature, _COMMUNITY)
        if not code:
            raise _no_code(feature)
        _once(table, code, feature)
        return Community(code, shape)

    found = table.each(take)
    strange = sorted(set(cells) - {one.code for one in found})
    shown = ", ".join(strange[:5])
    table.remark(
        len(strange), f"{{n}} communities of present cells are not in the file ({shown}): their "
        "cells are left out.",
        f"现有网格所属的 {{n}} 个社区不在文件中（{shown}），其网格未使用。",
    )  # fmt: skip
    return found, {code: own for code, own in cells.items() if code not in strange}


def _cell(feature: Feature) -> tuple[str, int]:
    code = _text(feature, _CELL)
    parent = _text(feature, _PARENT) or code[:-3]
    number = code.removeprefix(parent)
    if number == code or not number.isdecimal():
        raise DomainError(
            "partition.cell_code",
            f"cell {code}: its code does not begin with its community {parent} and end in a number."
            " Name the community in the property parent.",
            f"网格 {code}：编码须以所属社区 {parent} 开头并以序号结尾，或在 parent 中注明社区。",
        )
    return parent, int(number)


def buildings(table: Table, weight: str) -> list[Building]:
    """The buildings with what they weigh.

    Raises: DomainError("partition.no_weight") where no building has it: a misspelt name would make
        one cell of everything.
    """
    _need_weight(table, weight)
    bare = silent = 0

    def take(feature: Feature, shape: BaseGeometry) -> Building:
        nonlocal bare, silent
        _need(
            shape,
            ("Polygon", "MultiPolygon", "Point", "MultiPoint"),
            "a polygon or a point",
            "面或点",
        )
        homes = _count(table, feature, _value(feature, _homes(table)), HOUSEHOLDS)
        told = (
            homes
            if weight == HOUSEHOLDS
            else _count(table, feature, _weight(feature, weight), weight)
        )
        code = _text(feature, _BUILDING)
        if not code:
            bare += 1
            code = f"#{feature.number}"
        if table.repair and code in table.seen:
            table.mended(feature, f"the code {code} repeats; taken as {code}#{feature.number}.",
                         f"编码 {code} 重复，按 {code}#{feature.number} 使用。")  # fmt: skip
            code = f"{code}#{feature.number}"
        _once(table, code, feature)
        silent += told is None
        own = {} if weight == HOUSEHOLDS else {weight: told or 0}
        return Building(code, shape, homes or 0, own)

    found = table.each(take)
    table.remark(bare, "{n} of {of} buildings have no code: they are called by their row (#1 …).",
                 "{of} 栋建筑中有 {n} 栋没有编码，按行号（#1、#2……）称呼。")  # fmt: skip
    what = "户数" if weight == HOUSEHOLDS else f" {weight}"
    table.remark(silent, f"{{n}} of {{of}} buildings say nothing of {weight}; they count as 0.",
                 f"{{of}} 栋建筑中有 {{n}} 栋未注明{what}，按 0 计。")  # fmt: skip
    points = sum(shapely.get_dimensions(b.footprint) == 0 for b in found)
    table.remark(
        points, "{n} of {of} buildings are points: each stands for a square of up to 10 m.",
        "{of} 栋建筑中有 {n} 栋为点，各按边长不超过 10 米的方块计。",
    )  # fmt: skip
    _tell_twins(table, found)
    return found


def _tell_twins(table: Table, found: Sequence[Building]) -> None:
    """Footprints that are the same to the last point: mostly one building entered twice."""
    first: dict[bytes, str] = {}
    twins = []
    for one in found:
        earlier = first.setdefault(one.footprint.wkb, one.code)
        if earlier != one.code and shapely.get_dimensions(one.footprint) == 2:
            twins.append(f"{one.code} = {earlier}")
    shown = ", ".join(twins[:5])
    table.remark(
        len(twins), "{n} buildings have the very footprint of another one; the households of both "
        f"count ({shown}).",
        f"{{n}} 栋建筑与另一栋的轮廓完全相同，双方户数均计入（{shown}）。",
    )  # fmt: skip


def streets(table: Table) -> list[Street]:
    """The lines that borders may follow; of areas (water, squares) their edge."""
    dots = 0

    def take(feature: Feature, shape: BaseGeometry) -> Street | None:
        nonlocal dots
        if shapely.get_dimensions(shape) == 0:
            dots += 1
            return None
        line = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
        return Street(line, street_class(feature))

    found = table.each(take)
    table.remark(dots, "{n} of {of} features are points, no streets: left out.",
                 "{of} 个要素中有 {n} 个是点而非道路，未使用。")  # fmt: skip
    return found


def street_class(feature: Feature) -> StreetClass:
    """Of the first column that says one; else a local street."""
    for column in _columns(tuple(feature.fields), _CLASS):
        said = plain_text(feature.fields[column]).casefold()
        said = said.removeprefix("highway.").removesuffix("_link")
        if said in _KINDS:
            return _KINDS[said]
    return StreetClass.LOCAL


@lru_cache(maxsize=4096)
def _columns(given: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those columns that are called by one of these names, in the order of the names."""
    own = {column.strip().casefold(): column for column in given}
    return tuple(own[name] for name in names if name in own)


def _value(feature: Feature, names: tuple[str, ...]) -> Any:
    for column in _columns(tuple(feature.fields), names):
        if plain_text(feature.fields[column]) != "":
            return feature.fields[column]
    return None


def _text(feature: Feature, names: tuple[str, ...]) -> str:
    return plain_text(_value(feature, names))


def _homes(table: Table) -> tuple[str, ...]:
    return (table.column.strip().casefold(),) if table.column else _HOMES


def _weight(feature: Feature, weight: str) -> Any:
    """What a feature says of another weight; None = nothing."""
    said = _value(feature, (weight.casefold(),))
    if said is not None:
        return said
    nested = feature.fields.get("weights")
    usual = 1 if weight == BUILDINGS else None
    return nested.get(weight, usual) if isinstance(nested, dict) else usual


def _need_weight(table: Table, weight: str) -> None:
    def said(feature: Feature) -> Any:
        return _value(feature, _homes(table)) if weight == HOUSEHOLDS else _weight(feature, weight)

    if not table.rows or any(said(feature) is not None for feature, _ in table.rows):
        return
    names = sorted({str(name) for feature, _ in table.rows[:1000] for name in feature.fields})
    shown = ", ".join(names[:30]) or "-"
    wanted = table.column or weight
    raise DomainError(
        "partition.no_weight",
        f"No building has the property {wanted!r} by which cells are weighed. The buildings have: "
        f"{shown}. Say which one holds the households (--households NAME).",
        f"没有建筑带有规模指标 {wanted!r} 的属性。建筑现有属性：{shown}。"
        "请用 --households 指明户数所在的列。",
        where=BUILDING_FILE,
    )


def _count(table: Table, feature: Feature, value: Any, name: str) -> int | None:
    """A whole number of 0 or more; None where nothing is said."""
    said = read_count(value)
    if said is None:
        return None
    number = said.number
    if number is None or not 0 <= number <= MOST_IN_A_BUILDING or not (said.exact or table.repair):
        raise _weight_error(value, said, name)
    if not said.exact:
        table.mended(
            feature,
            f"{name} is {value!r}; taken as {number}.",
            f"{name} 为 {value!r}，按 {number} 计。",
        )
    return number


def _weight_error(value: Any, said: Count, name: str) -> DomainError:
    shown = f"{value!r:.40}"
    if said.number is None or said.exact:
        return DomainError(
            "partition.weight",
            f"{name} is {shown}; a whole number from 0 to {MOST_IN_A_BUILDING:,} is needed.",
            f"{name} 为 {shown}，须为 0 至 {MOST_IN_A_BUILDING:,} 的整数。",
        )
    return DomainError(
        "partition.weight",
        f"{name} is {shown}, no exact whole number. Correct it, or let --repair take "
        f"{said.number}.",
        f"{name} 为 {shown}，不是确切的整数。请更正，或使用 --repair 按 {said.number} 计。",
    )


def _need(shape: BaseGeometry, types: Sequence[str], en: str, zh: str) -> None:
    if shape.geom_type not in types:
        raise DomainError(
            "partition.geometry",
            f"its geometry is a {shape.geom_type}; {en} is needed.",
            f"几何类型为 {shape.geom_type}，需要{zh}。",
        )


def _once(table: Table, code: str, feature: Feature) -> None:
    first = table.seen.setdefault(code, feature)
    if first is not feature:
        raise _code_error(
            f"repeats the code {code} of feature {first.number}",
            f"编码 {code} 与第 {first.number} 个要素重复",
        )


def _no_code(feature: Feature) -> DomainError:
    names = ", ".join(map(str, list(feature.fields)[:20])) or "-"
    return _code_error(
        f"has no code ({', '.join(_COMMUNITY[:4])} …); its columns: {names}",
        f"缺少编码（{'、'.join(_COMMUNITY[:4])} 等列）；现有列：{names}",
    )


def _code_error(en: str, zh: str) -> DomainError:
    return DomainError("partition.code", f"{en}.", f"{zh}。", where="code")
