"""Rows as the API shows them."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from cityloop.city.elements.domain import Missing, Taken
from cityloop.city.elements.models import Element, Inspection, InspectionPlan
from cityloop.city.elements.queries import KindCount
from cityloop.city.places import queries as places
from cityloop.kernel.errors import DomainError

SHOWN = 200
_PLAIN = (
    "id", "code", "version", "name", "name_en", "address", "lon", "lat", "cell_id",
    "community_id", "households", "properties", "source", "valid_from", "valid_to",
    "inspected_at",
)  # fmt: skip


def element_out(row: Element, language: str) -> dict[str, Any]:
    """One version, with the names of its cell and community."""
    shown: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    shown["kind"] = row.kind.code
    shown["cell"] = area_name(row.cell_id, language)
    shown["community"] = area_name(row.community_id, language)
    return shown


def detail_out(row: Element, language: str) -> dict[str, Any]:
    """The same with its shape."""
    wkb = row.geometry
    geometry = None if wkb is None else mapping(shapely.from_wkb(bytes(wkb)))
    return element_out(row, language) | {"geometry": geometry}


def area_name(area_id: int | None, language: str) -> str:
    """A name for people: in their language where there is one."""
    area = places.tree().find(area_id)
    if area is None:
        return ""
    return area.name_zh if language.startswith("zh") else area.name_en or area.name_zh


def kind_out(found: KindCount) -> dict[str, Any]:
    """A kind with its counts."""
    kind = found.kind
    names = ("code", "family", "name_zh", "name_en", "geometry", "component_code", "searchable",
             "inspect_every_days")  # fmt: skip
    shown: dict[str, Any] = {name: getattr(kind, name) for name in names}
    return shown | {
        "own_fields": kind.schema,
        "elements": found.elements,
        "households": found.households,
    }


def taken_out(done: Taken, language: str) -> dict[str, Any]:
    """What a file did; the first 200 refused rows by name."""
    refused = [
        {
            "row": r.row,
            "element_code": r.code,
            "code": r.error.code,
            "message": r.error.message(language),
            "where": r.error.where,
        }
        for r in done.refused[:SHOWN]
    ]
    counts = {n: getattr(done, n) for n in ("new", "changed", "same", "ended", "outside")}
    return {
        "written": not done.dry_run,
        "refused_count": len(done.refused),
        "refused": refused,
        "missing": None if done.missing is None else missing_out(done.missing),
        **counts,
    }


def missing_out(missing: Missing) -> dict[str, Any]:
    """What a whole file has no more."""
    shown = [{"code": code, "name": name} for code, name in missing.shown]
    return {"of": missing.of, "gone": missing.gone, "held": missing.held,
            "nameless": missing.nameless, "shown": shown}  # fmt: skip


def inspection_out(row: Inspection) -> dict[str, Any]:
    """An inspection with who made it."""
    who = row.inspector
    return {
        "id": row.pk,
        "result": row.result,
        "note": row.note,
        "at": row.at,
        "inspector": "" if who is None else who.display_name or who.username,
    }


def plan_out(row: InspectionPlan, language: str) -> dict[str, Any]:
    """A plan with the name of its area; "" = the whole city."""
    area = places.tree().find(row.area_id)
    return {
        "id": row.pk,
        "kind": row.kind.code,
        "area_code": area.code if area else "",
        "area": area_name(row.area_id, language),
        "every_days": row.every_days,
        "starts_at": row.starts_at,
    }


def geometry_in(given: dict[str, Any] | None) -> Any:
    """A GeoJSON geometry as a shape. Raises: DomainError("element.geometry")."""
    if given is None:
        return None
    try:
        return shape(given)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        raise DomainError(
            "element.geometry",
            "geometry is no GeoJSON geometry.",
            "geometry 不是有效的 GeoJSON 几何。",
            where="geometry",
        ) from None
