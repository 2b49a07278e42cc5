"""Plans and their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cityloop.business.patrol.models import Plan
from cityloop.business.patrol.rules import SEES_COVERAGE
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.queries import grids, tree


def cells_of(plans: Sequence[Plan]) -> list[list[int]]:
    """The present cells of each plan, in the order of their codes; two queries at most."""
    areas = tree()
    codes = {code for plan in plans for code in plan.duty_grid_codes}
    known = {g.code: g.cells for g in grids(codes)} if codes else {}
    found = []
    for plan in plans:
        own = [areas.find_code(code) for code in plan.cell_codes]
        ids = {area.id for area in own if area is not None}
        for code in plan.duty_grid_codes:
            ids.update(c for c in known.get(code, ()) if (a := areas.find(c)) and a.current)
        found.append(sorted(ids, key=lambda i: areas.get(i).code))
    return found


def active_plans() -> list[tuple[Plan, list[int]]]:
    """Every plan that is followed, with its cells."""
    plans = list(Plan.objects.filter(active=True))
    return list(zip(plans, cells_of(plans), strict=True))


def plans_for(cells: Iterable[int]) -> list[tuple[Plan, list[int]]]:
    """Plans that touch these cells, with those of their cells that are among them."""
    own = set(cells)
    found = [(plan, [c for c in ids if c in own]) for plan, ids in active_plans()]
    return [(plan, ids) for plan, ids in found if ids]


def all_plans(*, viewer: Viewer) -> list[dict[str, Any]]:
    """Every plan with a cell in the viewer's areas. Raises: NotAllowed("role.needed")."""
    need_role(viewer, *sorted(SEES_COVERAGE))
    plans, areas = list(Plan.objects.all()), tree()
    found = []
    for plan, cells in zip(plans, cells_of(plans), strict=True):
        seen = viewer.is_system or any(
            viewer.holds_in(areas.path(c).ids(), *SEES_COVERAGE) for c in cells
        )
        if seen:
            names = ("code", "name_zh", "name_en", "cell_codes", "duty_grid_codes", "every_days")
            row = {name: getattr(plan, name) for name in (*names, "checklist", "active")}
            found.append({**row, "cells": len(cells)})
    return found
