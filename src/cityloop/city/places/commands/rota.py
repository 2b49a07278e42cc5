"""Taking a duty grid away, and carrying a week of shifts over to another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_default_timezone

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import users_holding
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places.commands.duty import get_grid
from cityloop.city.places.models import Shift
from cityloop.city.places.queries.rota import workers_of
from cityloop.city.places.rules import need_duty_keeper
from cityloop.kernel.errors import DomainError

_MOST = 5000


def remove_duty_grid(code: str, *, actor: Viewer, now: datetime) -> None:
    """Take a duty grid away; its cells have no worker of their own then.

    Raises: NotFound("duty.no_grid"), NotAllowed.
    """
    grid = get_grid(code, actor)
    with write():
        data = {"code": code, "cells": list(grid.cells.values_list("code", flat=True))}
        pk = grid.pk
        grid.delete()
        record(Draft("duty.grid_removed", "duty_grid", pk, data), actor=actor, now=now)


def copy_week(
    from_monday: date,
    to_monday: date,
    *,
    area_id: int | None = None,
    actor: Viewer,
    now: datetime,
) -> int:
    """Shifts that start in one week again in another, at the same local times; how many.

    Those of people who are no grid workers any more stay behind; what is there stays.
    Raises: NotAllowed, DomainError("shift.week").
    """
    need_duty_keeper(actor)
    if from_monday.weekday() or to_monday.weekday() or from_monday == to_monday:
        raise DomainError(
            "shift.week",
            f"{from_monday} and {to_monday} must be two different Mondays.",
            f"{from_monday} 与 {to_monday} 须为两个不同的星期一。",
            where="to_monday",
        )
    zone = get_default_timezone()
    first = datetime.combine(from_monday, time(), zone)
    days = (to_monday - from_monday).days
    rows = Shift.objects.filter(starts_at__gte=first, starts_at__lt=first + timedelta(days=7))
    if area_id is not None:
        rows = rows.filter(user_id__in=workers_of(area_id))
    with write():
        chosen = list(rows.order_by("pk")[:_MOST])
        active = users_holding(Role.GRID_WORKER, {s.user_id for s in chosen})
        wanted = {
            (s.user_id, _moved(s.starts_at, days, zone), _moved(s.ends_at, days, zone))
            for s in chosen
            if s.user_id in active
        }
        there = set(
            Shift.objects.filter(user_id__in=active).values_list("user_id", "starts_at", "ends_at")
        )
        fresh = sorted(wanted - there)
        Shift.objects.bulk_create(
            [Shift(user_id=u, starts_at=a, ends_at=b) for u, a, b in fresh], batch_size=500
        )
        if fresh:
            data = {"from": str(from_monday), "to": str(to_monday), "added": len(fresh)}
            record(Draft("duty.week_copied", "places", 1, data), actor=actor, now=now)
    return len(fresh)


def _moved(at: datetime, days: int, zone: object) -> datetime:
    """The same time by the clock on the wall, also across a change of the clocks."""
    local = at.astimezone(zone)  # type: ignore[arg-type]
    return datetime.combine(local.date() + timedelta(days=days), local.time(), local.tzinfo)
