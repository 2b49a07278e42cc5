"""Kinds of elements: what a city registers, in five families (人地事物组织)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cityloop.city.elements.domain.fields import FieldCheck
from cityloop.kernel.errors import DomainError

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z0-9_]{1,32}){0,2}")
_CLASS = re.compile(r"[0-9]{4}")


class Family(StrEnum):
    """The five families of what is registered."""

    PEOPLE = "people"
    PLACE = "place"
    MATTER = "matter"
    THING = "thing"
    ORGANISATION = "organisation"


class GeometryKind(StrEnum):
    """What the shape of an element may be."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"
    ANY = "any"


FAMILY_NAMES: dict[Family, tuple[str, str]] = {
    Family.PEOPLE: ("人", "People"),
    Family.PLACE: ("地", "Places"),
    Family.MATTER: ("事", "Matters"),
    Family.THING: ("物", "Things"),
    Family.ORGANISATION: ("组织", "Organisations"),
}
GEOMETRY_NAMES: dict[GeometryKind, tuple[str, str]] = {
    GeometryKind.POINT: ("点", "point"),
    GeometryKind.LINE: ("线", "line"),
    GeometryKind.POLYGON: ("面", "area"),
    GeometryKind.ANY: ("任意", "any"),
}


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind of element as the profile or a city declares it.

    Args:
        code: "building", "poi.hospital", "component.lamp": lower case, dots between its parts.
        geometry: point, line, polygon or any.
        schema: JSON schema of the city's own fields of this kind; {} = anything.
        component_code: big and small class of a component, four digits (GB/T 30428.2).
        searchable: whether its names and addresses are found by the address search.
        inspect_every_days: how often one of this kind is to be looked at; None = never.
    """

    code: str
    family: Family
    name_zh: str
    name_en: str
    geometry: GeometryKind = GeometryKind.POINT
    schema: Mapping[str, Any] = field(default_factory=dict)
    component_code: str = ""
    searchable: bool = False
    inspect_every_days: int | None = None

    @classmethod
    def read(cls, code: str, raw: Mapping[str, Any]) -> KindSpec:
        """A kind from a table of a profile or a request.

        Raises: DomainError("element.kind") naming the field, its value and what is allowed.
        """
        spec = cls(
            code=code,
            family=_choice(Family, raw.get("family", ""), f"{code}.family"),
            name_zh=str(raw.get("zh") or raw.get("name_zh") or "").strip(),
            name_en=str(raw.get("en") or raw.get("name_en") or "").strip(),
            geometry=_choice(GeometryKind, raw.get("geometry", "point"), f"{code}.geometry"),
            schema=raw.get("schema") or {},
            component_code=str(raw.get("component_code") or ""),
            searchable=bool(raw.get("searchable", False)),
            inspect_every_days=raw.get("inspect_every_days"),
        )
        spec.check()
        return spec

    def check(self) -> None:
        """Raises: DomainError("element.kind") for what cannot be a kind."""
        if not _CODE.fullmatch(self.code):
            raise _wrong("code", self.code, "lower case letters, digits, _ and up to two dots",
                         "小写字母、数字、下划线，至多两个点")  # fmt: skip
        if not (self.name_zh and self.name_en):
            raise _wrong(f"{self.code}.name", self.name_zh or self.name_en,
                         "a Chinese and an English name", "中文名和英文名")  # fmt: skip
        if self.component_code and not _CLASS.fullmatch(self.component_code):
            raise _wrong(f"{self.code}.component_code", self.component_code,
                         "four digits: big and small class", "四位数字：大类与小类")  # fmt: skip
        days = self.inspect_every_days
        if days is not None and (type(days) is not int or not 1 <= days <= 3660):
            raise _wrong(f"{self.code}.inspect_every_days", days, "1 to 3660 days", "1 至 3660 天")
        FieldCheck(self.schema, where=f"{self.code}.schema")


def _choice(names: type[StrEnum], value: Any, where: str) -> Any:
    try:
        return names(value)
    except ValueError:
        allowed = ", ".join(names)
        raise _wrong(where, value, allowed, allowed) from None


def _wrong(where: str, value: Any, en: str, zh: str) -> DomainError:
    return DomainError(
        "element.kind",
        f"{where}: {value!r:.60} is not possible; allowed: {en}.",
        f"{where}：{value!r:.60} 不可用；允许：{zh}。",
        where=where,
    )
