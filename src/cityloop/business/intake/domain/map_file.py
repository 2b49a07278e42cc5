"""The mapping file (TOML) to a `ReportMap`. Every key: docs/guide/import.md."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from cityloop.business.intake.domain.expressions import Expression, folded
from cityloop.business.intake.domain.report_map import (
    FIELDS,
    REPORTER_FIELDS,
    Choice,
    DateRule,
    FileForm,
    PointRule,
    ReportMap,
    SkipRule,
)
from cityloop.business.intake.domain.sections import Section, map_error, nearest
from cityloop.kernel.errors import DomainError

CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_TOP = (
    "name", "channel", "optional", "file", "columns", "dates", "coordinates", "class", "area",
    "reporter", "confidential", "keep", "skip", "language",
)  # fmt: skip
_CHOICE = ("column", "columns", "values", "default")


def parse_map(text: str) -> ReportMap:
    """The mapping in the text of a TOML file.

    Raises: DomainError map.not_toml, map.unknown_key, map.wrong_type, map.value,
        map.nothing_to_say, each naming the key.
    """
    try:
        top = Section("", tomllib.loads(text.removeprefix("\ufeff")), _TOP)
    except tomllib.TOMLDecodeError as error:
        raise map_error(
            "not_toml", "file", f"is not TOML: {error}.", f"不是合法的 TOML：{error}。"
        ) from error
    fields = _fields(_sub(top, "columns", FIELDS), FIELDS)
    if "title" not in fields and "text" not in fields:
        raise map_error(
            "nothing_to_say",
            "columns",
            "names neither a title nor a text. Give at least one of them.",
            "未指定 title 或 text，请至少指定一项。",
        )
    point = _point(top)
    if point.pair and ("lon" in fields or "lat" in fields):
        raise map_error(
            "value",
            "coordinates.pair",
            "is given besides columns lon/lat. Give one or the other.",
            "不能与 columns 的 lon/lat 同时指定。",
        )
    return ReportMap(
        name=top.text("name"),
        channel=top.text("channel"),
        optional=top.texts("optional"),
        file=_file(top),
        fields=fields,
        dates=_dates(top),
        point=point,
        case_class=_choice(_sub(top, "class", _CHOICE)),
        area=_fixed_choice(top, "area"),
        language=_fixed_choice(top, "language"),
        reporter=_fields(_sub(top, "reporter", REPORTER_FIELDS), REPORTER_FIELDS),
        confidential=_confidential(top),
        keep=_sub(top, "keep", ("columns",)).texts("columns"),
        skip=tuple(_skip(n, rule) for n, rule in enumerate(top.tables("skip"), 1)),
    )


def bind(mapping: ReportMap, columns: Sequence[str]) -> dict[str, str]:
    """Which column of a table each name of the mapping stands for, by name and never by place.

    Names are the same when they differ only in case, blanks, underscores and dashes.
    Raises: DomainError("map.column_missing") listing what is missing and what there is.
    """
    by_name = {name: name for name in columns}
    by_fold: dict[str, list[str]] = {}
    for name in columns:
        by_fold.setdefault(folded(name), []).append(name)
    found: dict[str, str] = {}
    missing: list[str] = []
    for name in mapping.columns():
        same = by_fold.get(folded(name), [])
        if name in by_name:
            found[name] = name
        elif len(same) == 1:
            found[name] = same[0]
        elif name not in mapping.optional:
            missing.append(name)
    if missing:
        raise _column_missing(missing, columns)
    return found


def _column_missing(missing: list[str], columns: Sequence[str]) -> DomainError:
    hints = [f"{m} → {like}?" for m in missing if (like := nearest(m, columns))]
    hint = f" ({'; '.join(hints)})" if hints else ""
    return map_error(
        "column_missing",
        "columns",
        f"the file has no column {', '.join(missing)}{hint}. It has: {', '.join(columns)}. "
        "Correct the mapping, or list columns that some files lack under `optional`.",
        f"文件中没有列：{'、'.join(missing)}{hint}。现有列：{'、'.join(columns)}。"
        "请修改映射，或将可缺少的列写入 optional。",
        missing=missing,
        columns=list(columns),
    )


def _sub(top: Section, key: str, allowed: Sequence[str]) -> Section:
    return Section(key, top.given.get(key, {}), allowed)


def _fields(section: Section, names: Sequence[str]) -> dict[str, Expression]:
    found = {name: section.made(name) for name in names}
    return {name: made for name, made in found.items() if made is not None}


def _file(top: Section) -> FileForm:
    part = _sub(top, "file", ("sheet", "encoding", "delimiter", "fill_merged"))
    return FileForm(
        part.text("sheet"),
        part.text("encoding"),
        part.text("delimiter"),
        part.flag("fill_merged", False),
    )


def _dates(top: Section) -> DateRule:
    part = _sub(top, "dates", ("formats", "timezone", "dayfirst", "unusable"))
    return DateRule(
        part.texts("formats"),
        part.text("timezone"),
        part.maybe_flag("dayfirst"),
        part.one_of("unusable", ("refuse", "missing"), "refuse"),
    )


def _point(top: Section) -> PointRule:
    names = ("crs", "pair", "order", "missing", "min_decimals", "outside", "unusable")
    part = _sub(top, "coordinates", names)
    return PointRule(
        crs=part.one_of("crs", CRS, "wgs84"),
        pair=part.text("pair"),
        order=part.one_of("order", ("lat,lon", "lon,lat"), "lat,lon"),
        missing=tuple(_place(part, p) for p in part.tables("missing")),
        min_decimals=part.number("min_decimals", 1),
        outside=part.one_of("outside", ("keep", "refuse"), "keep"),
        unusable=part.one_of("unusable", ("refuse", "missing"), "refuse"),
    )


def _place(part: Section, given: Any) -> tuple[float, float]:
    if isinstance(given, Mapping) and set(given) == {"lat", "lon"}:
        lat, lon = given["lat"], given["lon"]
        if all(isinstance(v, int | float) and not isinstance(v, bool) for v in (lat, lon)):
            return float(lon), float(lat)
    raise map_error(
        "wrong_type",
        f"{part.where}.missing",
        "must hold points such as { lat = 39, lon = -77 }.",
        "应为形如 { lat = 39, lon = -77 } 的坐标列表。",
    )


def _choice(part: Section) -> Choice:
    sources = [part.made("column")] if part.has("column") else []
    sources += [Section(part.where, {"column": c}, _CHOICE).made("column")
                for c in part.texts("columns")]  # fmt: skip
    values = {folded_value(k): v for k, v in part.table("values").items()}
    return Choice(tuple(s for s in sources if s is not None), values, part.text("default"))


def _fixed_choice(top: Section, key: str) -> Choice:
    """[area], [language]: looked up, or one fixed value for the whole file."""
    part = _sub(top, key, (*_CHOICE, "fixed"))
    if part.has("fixed"):
        if set(part.given) != {"fixed"}:
            raise map_error(
                "value",
                f"{key}.fixed",
                "stands alone: a fixed value leaves nothing to look up.",
                "fixed 不能与其他键同时使用。",
            )
        return Choice(default=part.text("fixed"))
    return _choice(part)


def _confidential(top: Section) -> Choice:
    part = _sub(top, "confidential", ("column", "values", "fixed"))
    if part.flag("fixed", False):
        return Choice(default="yes")
    source = part.made("column")
    if source is None:
        return Choice()
    return Choice((source,), {folded_value(v): "yes" for v in part.texts("values")})


def _skip(number: int, given: Any) -> SkipRule:
    part = Section(f"skip {number}", given, ("name", "column", "equals", "contains", "empty"))
    column = part.text("column").strip()
    if not column or not (part.has("equals") or part.has("contains") or part.has("empty")):
        raise map_error(
            "value",
            part.where,
            "needs a column and at least one of equals, contains, empty.",
            "须指定 column，以及 equals、contains、empty 中至少一项。",
        )
    return SkipRule(
        name=part.text("name") or f"{column} #{number}",
        column=column,
        equals=frozenset(v.strip().casefold() for v in part.texts("equals"))
        if part.has("equals")
        else None,
        contains=part.text("contains").strip().casefold(),
        empty=part.maybe_flag("empty"),
    )


def folded_value(text: str) -> str:
    """A value as it is compared: without case, outer and doubled blanks."""
    return " ".join(text.split()).casefold()
