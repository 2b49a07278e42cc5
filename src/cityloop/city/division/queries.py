"""A draft as it is now: cells weighed, rules checked, before and after on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.accounts.domain import Viewer
from cityloop.city.division.ground import buildings_of, division_of
from cityloop.city.division.models import Draft, Step
from cityloop.city.places.queries import tree
from cityloop.city.places.rules import need_area_keeper
from cityloop.engines.partition import (
    Cell,
    Division,
    Edited,
    Finding,
    Plan,
    Window,
    look,
    weigh_cells,
)
from cityloop.engines.partition.features import degrees
from cityloop.engines.partition.figures import figures
from cityloop.kernel.errors import NotFound
from cityloop.kernel.geo import LocalPlane

Cells = dict[int, BaseGeometry]


def packed(cells: Any) -> dict[str, str]:
    """Polygons as they are kept."""
    return {str(number): shapely.to_wkb(shape, hex=True) for number, shape in cells.items()}


def unpacked(kept: dict[str, str]) -> Cells:
    """And back."""
    return {int(number): shapely.from_wkb(text) for number, text in kept.items()}


def drafts(viewer: Viewer, *, limit: int = 50) -> list[dict[str, Any]]:
    """The newest drafts."""
    need_area_keeper(viewer)
    areas = tree()
    return [
        {
            "id": row.pk,
            "community": row.community,
            "name_zh": name.name_zh if (name := areas.by_code(row.community)) else "",
            "name_en": name.name_en if name else "",
            "made_at": row.made_at,
            "by": str(row.by or ""),
            "published_at": row.published_at,
            "steps": row.steps.count(),
        }
        for row in Draft.objects.select_related("by")[:limit]
    ]


def get_draft(draft_id: int, viewer: Viewer) -> Draft:
    """Raises: NotAllowed, NotFound("division.no_draft")."""
    need_area_keeper(viewer)
    row = Draft.objects.filter(pk=draft_id).first()
    if row is None:
        raise NotFound(
            "division.no_draft",
            f"There is no draft {draft_id}. Begin one for a community.",
            f"没有编号为 {draft_id} 的划分草案，请先为社区新建。",
            where="draft_id",
        )
    return row


def plane(draft: Draft) -> LocalPlane:
    """The plane of its metres."""
    return LocalPlane(draft.plane["lon"], draft.plane["lat"])


def last_step(draft: Draft) -> Step:
    """The step that stands."""
    step = draft.steps.order_by("-number").first()
    assert step is not None, "a draft begins with a step"
    return step


def division(draft: Draft, step: Step) -> Division:
    """The cells of a step on the table."""
    return division_of(
        draft.community, plane(draft), unpacked(step.cells), Window(**draft.window),
        locked=frozenset(step.locked), taken=frozenset(step.taken),
    )  # fmt: skip


def shown(draft: Draft, edited: Edited | None = None) -> dict[str, Any]:
    """The draft for a page: cells, findings, figures, what changes for households."""
    step = last_step(draft)
    seen = edited or look(division(draft, step), step.changed)
    ground, table, before = plane(draft), seen.division, unpacked(draft.before)
    plan = Plan(table.window, tuple(seen.cells), tuple(seen.findings))
    return {
        "id": draft.pk,
        "community": draft.community,
        "window": draft.window,
        "published_at": draft.published_at,
        "step": step.number,
        "act": step.act,
        "cells": [_cell(one, seen, ground) for one in seen.cells],
        "before": [
            {"number": number, "geometry": _mapping(shape, ground)}
            for number, shape in sorted(before.items())
        ],
        "findings": [
            {
                "kind": f.kind,
                "where": f.where,
                "zh": f.zh,
                "en": f.en,
                "grave": f.grave,
                "at": _spot(f, ground),
            }
            for f in seen.findings
        ],
        "figures": figures(plan, [table.community], table.streets) if seen.cells else {},
        "moved_households": moved_households(before, seen),
    }


def _cell(cell: Cell, seen: Edited, ground: LocalPlane) -> dict[str, Any]:
    return {
        "number": cell.number,
        "weight": cell.weight,
        "households": cell.households,
        "buildings": len(cell.buildings),
        "in_window": seen.division.window.holds(cell.weight),
        "locked": cell.number in seen.division.locked,
        "changed": cell.number in seen.changed,
        "geometry": _mapping(cell.polygon, ground),
    }


def _mapping(shape: BaseGeometry, ground: LocalPlane) -> dict[str, Any]:
    return dict(shapely.geometry.mapping(degrees(shape, ground)))


def _spot(finding: Finding, ground: LocalPlane) -> list[float] | None:
    """Longitude and latitude of what is wrong; None where it is nowhere in particular."""
    if not finding.x and not finding.y:
        return None
    lon, lat = ground.to_lonlat(finding.x, finding.y)
    return [round(float(lon), 7), round(float(lat), 7)]


def moved_households(before: Cells, seen: Edited) -> int:
    """Households whose cell gets another number than today."""
    table = seen.division
    if not before:
        return 0
    past = weigh_cells(table.community.code, before, table.buildings, table.window)
    was, now = _homes(past), _homes(seen.cells)
    return sum(b.households for b in table.buildings if was.get(b.code) != now.get(b.code))


def _homes(cells: Sequence[Cell]) -> dict[str, int]:
    """The cell of every building."""
    return {code: cell.number for cell in cells for code in cell.buildings}


def buildings(draft: Draft) -> list[dict[str, Any]]:
    """Points of the buildings with households, for choosing them on the map."""
    ground = plane(draft)
    found = []
    for one in buildings_of(draft.community, ground):
        point = one.footprint.representative_point()
        lon, lat = ground.to_lonlat([point.x], [point.y])
        found.append({
            "code": one.code, "households": one.households,
            "lon": round(float(lon[0]), 7), "lat": round(float(lat[0]), 7),
        })  # fmt: skip
    return found
