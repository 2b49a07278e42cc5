"""Duty grids and shifts as lists, cells that nobody was ever put in charge of, roles of an area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import RoleHolder, role_holders
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.domain import Level
from cityloop.city.places.models import DutyGrid, DutyWorker, Shift
from cityloop.city.places.queries.snapshot import tree
from cityloop.city.places.rules import SEES_ROLES, need_duty_reader
from cityloop.kernel.errors import DomainError

MOST = 200
LONGEST = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Cover:
    """Cells of an area that have a worker by duty grid, and those that have none, by code."""

    cells: int
    covered: int
    uncovered: list[dict[str, Any]]


def duty_grids(
    *, viewer: Viewer, area_id: int | None = None, search: str = "", after: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Duty grids by id, with cells and workers. Raises: NotAllowed."""
    need_duty_reader(viewer)
    rows = DutyGrid.objects.filter(pk__gt=after).order_by("pk")
    if area_id is not None:
        below = [a.id for a in tree().below(area_id, Level.COMMUNITY)]
        rows = rows.filter(community_id__in=below)
    if search:
        rows = rows.filter(code__icontains=search) | rows.filter(name__icontains=search)
    grids = list(rows[: max(1, min(limit, MOST))])
    cells, workers = _cells([g.pk for g in grids]), _workers([g.pk for g in grids])
    return [_grid(g, cells[g.pk], workers[g.pk]) for g in grids]


def shifts(
    since: datetime, until: datetime, *, viewer: Viewer, area_id: int | None = None
) -> list[dict[str, Any]]:
    """Shifts that touch [since, until), by start; of the grid workers of an area.

    Raises: NotAllowed, DomainError("shift.span") beyond 35 days.
    """
    need_duty_reader(viewer)
    if not timedelta(0) < until - since <= LONGEST:
        raise DomainError(
            "shift.span",
            f"From {since} to {until} is no span of 1 to {LONGEST.days} days.",
            f"时间段无效：应为 1 至 {LONGEST.days} 天。",
            where="until",
        )
    rows = Shift.objects.filter(starts_at__lt=until, ends_at__gt=since)
    if area_id is not None:
        rows = rows.filter(user_id__in=workers_of(area_id))
    found = rows.order_by("starts_at", "pk").values_list(
        "pk", "user_id", "user__display_name", "user__username", "starts_at", "ends_at"
    )
    return [
        {"id": pk, "user_id": u, "user_name": n or name, "starts_at": a, "ends_at": b}
        for pk, u, n, name, a, b in found[:5000]
    ]


def workers_of(area_id: int) -> set[int]:
    """Users in the duty grids of an area."""
    below = [a.id for a in tree().below(area_id, Level.COMMUNITY)]
    rows = DutyWorker.objects.filter(duty_grid__community_id__in=below)
    return set(rows.values_list("user_id", flat=True))


def assigned_cover(area_id: int | None, *, viewer: Viewer) -> Cover:
    """Whether each cell has a worker at all, on duty or not: the standing arrangement."""
    need_duty_reader(viewer)
    return standing_cover(area_id)


def standing_cover(area_id: int | None = None) -> Cover:
    """The same for the platform's own use."""
    cells = tree().below(area_id, Level.CELL)
    rows = DutyGrid.cells.through.objects.filter(
        dutygrid_id__in=DutyWorker.objects.filter(user__is_active=True).values("duty_grid_id")
    )
    held = set(rows.values_list("area_id", flat=True))
    bare = [c for c in cells if c.id not in held]
    shown = [{"id": c.id, "code": c.code, "name": c.name_zh} for c in bare[:1000]]
    return Cover(len(cells), len(cells) - len(bare), shown)


def shift_count(since: datetime, until: datetime) -> int:
    """Shifts that touch [since, until)."""
    return Shift.objects.filter(starts_at__lt=until, ends_at__gt=since).count()


def roles_in_area(area_id: int, *, viewer: Viewer) -> list[RoleHolder]:
    """Everybody whose role reaches this area: held in it, above it, or for the whole city.

    Raises: NotAllowed, NotFound("place.unknown").
    """
    need_role(viewer, *sorted(SEES_ROLES))
    return role_holders([a.id for a in tree().chain(area_id)])


def _cells(grid_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    known = tree()
    rows = DutyGrid.cells.through.objects.filter(dutygrid_id__in=grid_ids).order_by("area_id")
    for grid, cell in rows.values_list("dutygrid_id", "area_id"):
        area = known.find(cell)
        if area is not None:
            said = {"id": area.id, "code": area.code, "name": area.name_zh}
            found[grid].append(said | {"current": area.current})
    return found


def _workers(grid_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = DutyWorker.objects.filter(duty_grid_id__in=grid_ids).select_related("user")
    for row in rows.order_by("rank", "pk"):
        said = {"user_id": row.user_id, "name": str(row.user), "rank": row.rank}
        found[row.duty_grid_id].append(said | {"active": row.user.is_active})
    return found


def _grid(
    row: DutyGrid, cells: list[dict[str, Any]], workers: list[dict[str, Any]]
) -> dict[str, Any]:
    community = tree().find(row.community_id)
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "community_id": row.community_id,
        "community_name": community.name_zh if community else "",
        "cells": cells,
        "workers": workers,
    }
