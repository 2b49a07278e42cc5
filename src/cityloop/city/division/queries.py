"""A draft as it is now: cells weighed, rules checked, before and after on a map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import shapely
from django.db.models import Count
from shapely.geometry.base import BaseGeometry

from cityloop.city.accounts.domain import Viewer
from cityloop.city.division.ground import buildings_of, division_of
from cityloop.city.division.models import Draft, Step
from cityloop.city.division.themes import theme_of, themes
from cityloop.city.division.weights import named_window, weights
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
)
from cityloop.engines.partition.features import degrees
from cityloop.engines.partition.figures import as_they_stand, figures, moved_households
from cityloop.kernel.errors import DomainError, NotFound
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
            "theme": row.theme,
            "name_zh": name.name_zh if (name := areas.find_code(row.community)) else "",
            "name_en": name.name_en if name else "",
            "made_at": row.made_at,
            "by": str(row.by or ""),
            "published_at": row.published_at,
            "steps": row.steps_made,
        }
        for row in Draft.objects.select_related("by").annotate(steps_made=Count("steps"))[:limit]
    ]


def choices(viewer: Viewer) -> dict[str, Any]:
    """The themes with their usual windows, and what cells may weigh."""
    need_area_keeper(viewer)
    return {
        "themes": [
            {"key": one.key, "zh": one.zh, "en": one.en, "weight": one.window.weight,
             "lo": one.window.lo, "hi": one.window.hi,
             "kind": "" if one.is_general else one.kind}
            for one in themes().values()
        ],
        "weights": [
            {"key": one.key, "zh": one.zh, "en": one.en, "unit_zh": one.unit[0],
             "unit_en": one.unit[1]}
            for one in weights().values()
        ],
    }  # fmt: skip


def asked_window(theme: str, weight: str | None, lo: int | None, hi: int | None) -> Window:
    """The usual window of a theme, but for what is said.

    Raises: NotFound("division.no_theme"), DomainError("division.window") where the theme weighs
        otherwise and the limits are left out, and as `named_window`.
    """
    usual = theme_of(theme).window
    if weight and weight != usual.weight and (lo is None or hi is None):
        raise DomainError(
            "division.window",
            f"The limits of {theme} are for {usual.weight}; with {weight} say lo and hi.",
            f"专题 {theme} 的范围按 {usual.weight} 设定；改用 {weight} 时须给出下限与上限。",
            where="lo",
        )
    return named_window(weight or usual.weight, usual.lo if lo is None else lo,
                        usual.hi if hi is None else hi)  # fmt: skip


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


def window_of(draft: Draft) -> Window:
    """What its cells weigh, as it was when the draft began."""
    kept = draft.window
    unit = tuple(kept.get("unit", ("", "")))
    return Window(kept["lo"], kept["hi"], kept["target"], kept["weight"], (unit[0], unit[1]))


def last_step(draft: Draft) -> Step:
    """The step that stands."""
    step = draft.steps.order_by("-number").first()
    assert step is not None, "a draft begins with a step"
    return step


def division(draft: Draft, step: Step) -> Division:
    """The cells of a step on the table."""
    return division_of(
        draft.community, plane(draft), unpacked(step.cells), window_of(draft),
        locked=frozenset(step.locked), taken=frozenset(step.taken), at=draft.made_at,
    )  # fmt: skip


def shown(draft: Draft, edited: Edited | None = None) -> dict[str, Any]:
    """The draft for a page: cells, findings, figures, what changes for households."""
    step = last_step(draft)
    seen = edited or look(division(draft, step), step.changed)
    ground, table, before = plane(draft), seen.division, unpacked(draft.before)
    plan = Plan(table.window, tuple(seen.cells), tuple(seen.findings))
    past = as_they_stand(table.community, table.buildings, before, table.window)
    return {
        "id": draft.pk,
        "community": draft.community,
        "theme": draft.theme,
        "window": draft.window,
        "published_at": draft.published_at,
        "step": step.number,
        "act": step.act,
        "cells": [_cell(one, seen, ground) for one in seen.cells],
        "before": [
            {"number": number, "geometry": _mapping(shape, ground)}
            for number, shape in sorted(before.items())
        ],
        "findings": [_finding(f, ground) for f in [*_reasons(draft, step, seen), *seen.findings]],
        "figures": figures(plan, [table.community], table.streets) if seen.cells else {},
        "figures_before": draft.stood,
        "moved_households": moved_households(past.cells, seen.cells, table.buildings),
    }


def _reasons(draft: Draft, step: Step, seen: Edited) -> list[Finding]:
    """What the engine found of the community: why no division can keep the window, while a cell
    lies outside of it. That it found nothing better is said of its own proposal alone."""
    if not any(f.kind in ("cell.below", "cell.above") for f in seen.findings):
        return []
    found = [Finding(**kept) for kept in draft.reasons]
    return [replace(f, grave=False) for f in found
            if f.kind != "community.best" or step.number == 1]  # fmt: skip


def _finding(finding: Finding, ground: LocalPlane) -> dict[str, Any]:
    return {
        "kind": finding.kind, "where": finding.where, "zh": finding.zh, "en": finding.en,
        "grave": finding.grave, "at": _spot(finding, ground),
    }  # fmt: skip


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


def buildings(draft: Draft) -> list[dict[str, Any]]:
    """Points of the buildings with households, for choosing them on the map."""
    ground = plane(draft)
    found = []
    weight = window_of(draft).weight
    for one in buildings_of(draft.community, ground, weight=weight, at=draft.made_at):
        point = one.footprint.representative_point()
        lon, lat = ground.to_lonlat([point.x], [point.y])
        found.append({
            "code": one.code, "households": one.households, "weight": one.weigh(weight),
            "lon": round(float(lon[0]), 7), "lat": round(float(lat[0]), 7),
        })  # fmt: skip
    return found
