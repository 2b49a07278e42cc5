"""Which collections there are, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cityloop.city.accounts.domain import DEPARTMENT_ROLES, DESK, SUPERVISORS, Role, Viewer
from cityloop.city.accounts.rules import need_role, need_scope
from cityloop.city.elements import queries as registers
from cityloop.city.elements.rules import need_reader
from cityloop.city.places import queries as places
from cityloop.city.places.domain import LEVEL_NAMES, Level
from cityloop.hub.ogc.domain.asked import ITEMS
from cityloop.hub.ogc.domain.systems import offered_systems
from cityloop.hub.ogc.domain.telling import Collection
from cityloop.hub.ogc.profile import ogc_profile
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

AREAS = {
    Level.CITY: "cities", Level.DISTRICT: "districts", Level.SUBDISTRICT: "subdistricts",
    Level.COMMUNITY: "communities", Level.CELL: "cells",
}  # fmt: skip
CASES = "open_cases"
READS_CASES = DESK | SUPERVISORS | DEPARTMENT_ROLES | {Role.GRID_WORKER, Role.ANALYST}
ELEMENTS = "elements."
AREA_FIELDS = ("code", "name_zh", "name_en", "parent")
ELEMENT_FIELDS = ("code", "name", "name_en", "address", "cell", "community")
CASE_FIELDS = ("number", "class", "state", "clock", "urgency", "cell", "community")
SIMPLE = ("string", "integer", "number", "boolean")


def offered(viewer: Viewer) -> list[Collection]:
    """Collections that the reader may read: a listing never names what it would then refuse."""
    return [one for one in _all(viewer.language) if _may(viewer, one)]


def collection(viewer: Viewer, name: str) -> Collection:
    """A collection by its id.

    Raises: NotFound("ogc.no_collection"); NotAllowed("login.needed", 401) to the public where a
        log-in would help, token.scope, role.needed.
    """
    found = next((c for c in _all(viewer.language) if c.id == name), None)
    if found is None:
        raise NotFound(
            "ogc.no_collection",
            f"There is no collection {name[:60]!r}. See /ogc/collections.",
            f"没有集合 {name[:60]!r}，见 /ogc/collections。",
        )
    _check(viewer, found)
    return found


def _may(viewer: Viewer, one: Collection) -> bool:
    try:
        _check(viewer, one)
    except DomainError:
        return False
    return True


def _check(viewer: Viewer, one: Collection) -> None:
    if one.public:
        return
    if viewer.kind == "public":
        raise NotAllowed(
            "login.needed",
            f"The collection {one.id} is not public. Send a token: Authorization: Bearer …",
            f"集合 {one.id} 不公开，请携带令牌：Authorization: Bearer …",
            status=401,
        )
    if one.kind == "case":
        need_scope(viewer, "cases:read")
        need_role(viewer, *sorted(READS_CASES))
    elif one.kind == "element":
        need_reader(viewer)
    else:
        need_scope(viewer, "places:read")


def _all(language: str) -> list[Collection]:
    public, zh = ogc_profile().public, language.startswith("zh")
    box = places.bounds()
    edges = None if box is None else box.as_tuple()
    found = []
    for level, name in AREAS.items():
        if places.tree().below(None, level):
            title = LEVEL_NAMES[level][0 if zh else 1]
            said = "区域边界，编码与名称" if zh else "Areas with code, name and outline"
            found.append(Collection(name, "area", level, title, said, name in public, edges,
                                    AREA_FIELDS))  # fmt: skip
    for code, spec in registers.kinds().items():
        name = ELEMENTS + code
        title = spec.name_zh if zh else spec.name_en
        said = "要素登记的现行版本" if zh else "Current elements of the register"
        found.append(Collection(name, "element", code, title, said, name in public, edges,
                                (*ELEMENT_FIELDS, *_own_fields(spec.schema))))  # fmt: skip
    said = (
        "办理中的案卷：类别、阶段、时限状态；不含人员、文字与地址"
        if zh
        else "Cases at work: class, stage, clock; no person, text or address"
    )
    title = "办理中的案卷" if zh else "Open cases"
    cases = Collection(CASES, "case", "", title, said, public=False, box=edges,
                       properties=CASE_FIELDS)  # fmt: skip
    systems = tuple(offered_systems(box))
    return [replace(one, systems=systems) for one in (*found, cases)]


def _own_fields(schema: Mapping[str, Any]) -> list[str]:
    """Own fields with one value, whose names mean nothing else in a request."""
    taken = {*ITEMS, *ELEMENT_FIELDS}
    rules = schema.get("properties", {})
    return [name for name, rule in rules.items()
            if rule.get("type") in SIMPLE and name not in taken and "__" not in name]  # fmt: skip
