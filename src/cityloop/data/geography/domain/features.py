"""One feature of a file as its reader found it, and the texts a rule makes of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry

from cityloop.data.geography.domain.mapping import Property, Rule, Text
from cityloop.kernel.errors import DomainError

_PIECES = re.compile(r"\{([^{}]+)\}")
_EDGES = " \t,;:/|-–—，；：、·"
_TYPE_OF = {
    "Point": "point", "LineString": "line", "MultiLineString": "line", "LinearRing": "line",
    "Polygon": "polygon", "MultiPolygon": "polygon",
}  # fmt: skip
_YES = {"yes", "true", "1", "是", "有", "y", "t", "-1", "reverse"}
_NO = {"no", "false", "0", "否", "无", "n", "f"}
_MPH_KMH = 1.609344


@dataclass(slots=True)
class Feature:
    """A feature.

    Args:
        number: its place in the layer, from 1 (tables: the row as a spreadsheet shows it).
        key: how the file itself calls it ("way/42"); "" = it does not.
        shape: in the system of the layer, easting or longitude first; None = none given.
        other: the same as another kind of shape (a closed way: line and area).
        error: why it could not be read.
        open_ring: a ring of it did not end where it began, and was closed.
    """

    layer: str
    number: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    shape: BaseGeometry | None = None
    key: str = ""
    other: BaseGeometry | None = None
    error: DomainError | None = None
    open_ring: bool = False

    def shape_for(self, rule: Rule) -> BaseGeometry | None:
        """The shape of the kind that the rule takes; None = it has none of that kind."""
        for shape in (self.shape, self.other):
            if shape is not None and (rule.geometry == "any" or rule.geometry == type_of(shape)):
                return shape
        return None


def type_of(shape: BaseGeometry) -> str:
    """point, line, polygon; "" for collections and several points."""
    return _TYPE_OF.get(shape.geom_type, "")


@dataclass(slots=True)
class Matched:
    """The rule of a feature; None and a reason where there is none."""

    rule: Rule | None
    reason: str = ""


def match(feature: Feature, rules: list[Rule]) -> Matched:
    """The first rule that takes a feature: layer, conditions, kind of shape.

    A feature without any shape matches by its fields alone, so that it is refused and told.
    """
    nearly: Rule | None = None
    has_shape = feature.shape is not None
    for rule in rules:
        if not _takes(rule, feature):
            continue
        if not has_shape or feature.shape_for(rule) is not None:
            return Matched(rule)
        nearly = nearly or rule
    if nearly is None:
        return Matched(None, "no_rule")
    return Matched(None, f"geometry:{nearly.kind or nearly.level}:{nearly.geometry}")


def _takes(rule: Rule, feature: Feature) -> bool:
    if rule.layer and feature.layer not in _list(rule.layer):
        return False
    return all(_holds(feature.fields, name, wanted) for name, wanted in rule.where.items())


def _holds(fields: Mapping[str, Any], name: str, wanted: Text) -> bool:
    value = plain_text(fields.get(name))
    given = _list(wanted)
    barred = [w[1:] for w in given if w.startswith("!")]
    if any(b == value or (b == "*" and value) for b in barred):
        return False
    allowed = [w for w in given if not w.startswith("!")]
    return not allowed or any(w == value or (w == "*" and value) for w in allowed)


def _list(given: Text) -> list[str]:
    return [given] if isinstance(given, str) else given


def text_of(feature: Feature, wanted: Text) -> str:
    """The text of a field: a column, the first of several that is not empty, or a template.

    Example: >>> text_of(Feature("", 1, {"a": "Main St", "b": None}), "{b} {a}")
        'Main St'
    """
    for one in _list(wanted):
        if "{" not in one:
            found = plain_text(feature.fields.get(one))
        else:
            found = _filled(feature.fields, one)
        if found:
            return found
    return ""


def _filled(fields: Mapping[str, Any], template: str) -> str:
    values = [plain_text(fields.get(name.strip())) for name in _PIECES.findall(template)]
    if not any(values):
        return ""
    made = _PIECES.sub(lambda found: plain_text(fields.get(found[1].strip())), template)
    return (made if all(values) else made.strip(_EDGES)).strip()


def plain_text(value: Any) -> str:
    """A value as text, trimmed: 12.0 of a column with gaps is 12, NaN and None are nothing."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = value.isoformat() if isinstance(value, datetime | date) else str(value)
    return "" if text in ("NaT", "nan", "<NA>") else text.replace("\0", "").strip()


def property_of(feature: Feature, wanted: Text | Property) -> tuple[Any, bool]:
    """The value of an own field (None = it has none), and whether a text could not be read."""
    spec = wanted if isinstance(wanted, Property) else Property(field=wanted)
    text = text_of(feature, spec.field)
    if spec.values:
        text = spec.values.get(text, spec.values.get("*", spec.default) if text else spec.default)
    text = text or spec.default
    if not text:
        return None, False
    made = _READ[spec.type](text)
    return made, made is None


def _integer(text: str) -> int | None:
    number = _number(text)
    return int(number) if number is not None and number == int(number) else None


def _number(text: str) -> float | None:
    found = re.fullmatch(r"([-+]?\d{1,12}(?:\.\d{1,12})?)\s*(?:m|米|km/h|kmh)?", text.strip())
    return float(found[1]) if found else None


def _speed(text: str) -> float | None:
    miles = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*mph", text.strip())
    if miles:
        return round(float(miles[1]) * _MPH_KMH, 1)
    return _number(text)


def _boolean(text: str) -> bool | None:
    folded = text.casefold()
    if folded in _YES:
        return True
    return False if folded in _NO else None


_READ: dict[str, Callable[[str], Any]] = {
    "text": str,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "speed_kmh": _speed,
}
