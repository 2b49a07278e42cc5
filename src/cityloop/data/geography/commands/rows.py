"""Features with a rule and a shape, as what the registers take."""

from __future__ import annotations

from typing import Any

import shapely

from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.domain.counts import read_count
from cityloop.data.geography.commands.areas import AreaFeature
from cityloop.data.geography.domain import Feature, Report, Rule, property_of, text_of
from cityloop.kernel.errors import DomainError


def code_key(row: ElementRow) -> str:
    """By what a row is known within its file."""
    return row.code or f"key {row.source_key}"


def element_of(feature: Feature, rule: Rule, shape: shapely.Geometry, report: Report) -> ElementRow:
    """The row of a feature.

    Raises: DomainError geography.no_code, geography.households.
    """
    fields = rule.fields
    code = text_of(feature, fields["code"]) if "code" in fields else ""
    key = text_of(feature, fields["source_key"]) if "source_key" in fields else feature.key
    if not code and ("code" in fields or not key):
        raise _no_code(rule)
    return ElementRow(
        code=code,
        name=_text(feature, rule, "name"),
        name_en=_text(feature, rule, "name_en"),
        address=_text(feature, rule, "address"),
        geometry=_shape(shape, rule),
        households=_households(feature, rule, report),
        properties=_properties(feature, rule, report),
        source_key=key[:80],
    )


def area_of(feature: Feature, rule: Rule, shape: shapely.Geometry) -> AreaFeature:
    """The area of a feature; what is wrong with its fields the areas' own import says."""
    return AreaFeature(
        layer=feature.layer,
        number=feature.number,
        key=feature.key,
        level=rule.level,
        code=_text(feature, rule, "code"),
        name=_text(feature, rule, "name"),
        name_en=_text(feature, rule, "name_en"),
        parent=_text(feature, rule, "parent"),
        households=_text(feature, rule, "households"),
        shape=shape,
        attributes={
            name: value for name, wanted in rule.properties.items()
            if (value := property_of(feature, wanted)[0]) is not None
        },
    )  # fmt: skip


def _text(feature: Feature, rule: Rule, name: str) -> str:
    return text_of(feature, rule.fields[name]) if name in rule.fields else ""


def _shape(shape: shapely.Geometry, rule: Rule) -> shapely.Geometry:
    return shapely.point_on_surface(shape) if rule.as_point else shape


def _households(feature: Feature, rule: Rule, report: Report) -> int | None:
    if "households" not in rule.fields:
        return None
    text = text_of(feature, rule.fields["households"])
    said = read_count(text)
    if said is None:
        report.without_households += 1
        return None
    if said.number is None or said.number < 0 or not said.exact:
        raise DomainError(
            "geography.households",
            f"households is {text[:30]!r}; an exact whole number of 0 or more is needed.",
            f"户数为 {text[:30]!r}，应为确切的非负整数。",
            where="households",
        )
    return said.number


def _properties(feature: Feature, rule: Rule, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, wanted in rule.properties.items():
        value, unread = property_of(feature, wanted)
        if unread:
            report.unread[f"{rule.kind}.{name}"] += 1
        elif value is not None:
            found[name] = value
    return found


def _no_code(rule: Rule) -> DomainError:
    given = rule.fields.get("code", "code")
    column = given if isinstance(given, str) else " / ".join(given)
    return DomainError(
        "geography.no_code",
        f"There is no code in {column}, by which the feature could be found again.",
        f"{column} 中没有编码，之后无法再识别该要素。",
        where="code",
    )
