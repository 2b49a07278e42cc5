"""Columns of a table of elements, by our names, by Chinese ones, by the own fields' titles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from shapely import from_wkt
from shapely.errors import GEOSException

from cityloop.city.elements.domain.counts import read_count
from cityloop.city.elements.domain.fields import FieldCheck
from cityloop.city.elements.domain.rows import ElementRow
from cityloop.kernel.errors import DomainError

ALIASES: dict[str, tuple[str, ...]] = {
    "code": ("编码", "编号", "部件编码", "标识码"),
    "name": ("名称",),
    "name_en": ("英文名", "英文名称"),
    "address": ("地址", "位置描述"),
    "lon": ("经度", "longitude", "lng", "x"),
    "lat": ("纬度", "latitude", "y"),
    "wkt": ("几何", "geometry"),
    "households": ("户数", "总户数", "居民户数", "住户数"),
    "source_key": ("来源标识",),
    "more": ("其他字段",),
}
# Written by our own export for people to read; reading them back would change nothing.
IGNORED = frozenset({"kind", "cell", "community", "version", "类别", "网格", "社区", "版本"})


_PLACE = frozenset({"lon", "lat", "wkt"})
_RUNS = frozenset("=+-@")


def column_names(
    columns: Iterable[str], schema: Mapping[str, Any], *, shaped: bool = False
) -> dict[str, str]:
    """Our name of every column that means something; own fields as "properties.NAME".

    shaped: rows bring a geometry of their own; columns called lon, lat or wkt are then own fields.

    A column that is neither ours nor a field of the schema becomes a property of its own name,
    so that nothing is dropped silently: a strict schema then refuses it by name.
    """
    known = {
        alias: own for own, aliases in ALIASES.items() for alias in (own, *aliases)
        if not (shaped and own in _PLACE)
    }  # fmt: skip
    for name, rule in schema.get("properties", {}).items():
        for title in (name, rule.get("title_zh"), rule.get("title_en"), rule.get("title")):
            if title:
                known.setdefault(str(title).lower(), f"properties.{name}")
    found: dict[str, str] = {}
    for column in columns:
        plain = column.strip().lower()
        if plain and plain not in IGNORED:
            found[column] = known.get(plain, f"properties.{column.strip()}")
    return found


def row_of(
    number: int, raw: Mapping[str, Any], names: Mapping[str, str], check: FieldCheck,
    *, as_meant: Callable[[str], str] = str,
) -> ElementRow:  # fmt: skip
    """A row by the names of its columns; `as_meant`: what a text of it means.

    Raises: DomainError element.number, element.wkt naming the column.
    """
    row, own = ElementRow(row=number), dict[str, Any]()
    for column, name in names.items():
        value = raw.get(column, "")
        text = as_meant(value) if isinstance(value, str) else value
        if text == "" or text is None:
            continue
        if name.startswith("properties."):
            field = name.removeprefix("properties.")
            own[field] = check.typed(field, text) if isinstance(text, str) else _plain(text)
        elif name in ("lon", "lat"):
            setattr(row, name, number_of(text, column))
        elif name == "households":
            row.households = _whole(text, column)
        elif name == "more":
            own = {**_object(text), **own}
        elif name == "wkt":
            row.geometry = _shape(str(text))
        else:
            whole = isinstance(text, float) and text.is_integer()
            setattr(row, name, str(int(text) if whole else text))
    row.properties = own
    return row


def cell_text(text: str) -> str:
    """A cell without the apostrophe that an export puts before what a spreadsheet would run."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _RUNS else text


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | bool | list | dict) else str(value)


def number_of(value: Any, where: str) -> float:
    """Raises: DomainError("element.number")."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise DomainError(
            "element.number",
            f"{where} is {value!r:.40}: a number is needed.",
            f"{where} 为 {value!r:.40}，应为数字。",
            where=where,
        ) from None


def _whole(value: Any, where: str) -> int | None:
    said = read_count(value)
    if said is None:
        return None
    if said.number is None or not said.exact:
        raise DomainError(
            "element.number",
            f"{where} is {value!r:.40}: an exact whole number is needed.",
            f"{where} 为 {value!r:.40}，应为确切的整数。",
            where=where,
        )
    return said.number


def _object(text: Any) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) else text
    except msgspec.DecodeError:
        found = None
    if not isinstance(found, dict):
        raise DomainError(
            "element.more",
            f"more is {text!r:.40}: a JSON object of further fields is needed.",
            f"其他字段为 {text!r:.40}，应为 JSON 对象。",
            where="more",
        )
    return found


def _shape(text: str) -> Any:
    try:
        return from_wkt(text)
    except GEOSException:
        raise DomainError(
            "element.wkt",
            f"{text[:40]!r} is no WKT geometry, such as POLYGON ((116.4 39.9, ...)).",
            f"{text[:40]!r} 不是有效的 WKT 几何，例如 POLYGON ((116.4 39.9, ...))。",
            where="wkt",
        ) from None


EXPORTED: Sequence[str] = (
    "code", "name", "name_en", "address", "lon", "lat", "households", "source_key", "wkt",
    "kind", "cell", "community", "version", "more",
)  # fmt: skip
