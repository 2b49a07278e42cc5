"""Which cells were seen, when, and which are due. No person, no hour: coverage is not a path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max

from cityloop.business.patrol.domain import is_due
from cityloop.business.patrol.models import Visit
from cityloop.business.patrol.queries.plans import active_plans
from cityloop.business.patrol.rules import SEES_COVERAGE, need_in_all
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.queries import tree

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class CellCover:
    """One cell of a plan: how often it is wanted, how often it was seen, when last."""

    cell_id: int
    code: str
    name_zh: str
    name_en: str
    every_days: int
    visits: int
    last_on: date | None
    due: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cells of an area that a plan wants; covered = not due."""

    since: date
    until: date
    wanted: int
    covered: int
    cells: list[CellCover]


def local_midnight(now: datetime) -> datetime:
    """The beginning of the city's day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(now.astimezone(zone).date(), time(0), zone)


def last_days(cells: Iterable[int], until: date) -> dict[int, date]:
    """The last day on which each cell was seen, up to a day."""
    rows = Visit.objects.filter(cell_id__in=list(cells), day__lte=until)
    return dict(rows.values_list("cell_id").annotate(last=Max("day")))


def coverage(area_id: int | None, *, days: int = 7, viewer: Viewer, now: datetime) -> Coverage:
    """Coverage of the planned cells of an area over the last days.

    Raises: NotAllowed("role.needed", "patrol.not_your_area"), NotFound("place.unknown").
    """
    if area_id is None:
        need_role(viewer, *sorted(SEES_COVERAGE))
    else:
        need_in_all(viewer, [area_id], SEES_COVERAGE)
    areas, midnight = tree(), local_midnight(now)
    today = midnight.date()
    since = today - timedelta(days=max(1, min(days, MOST_DAYS)) - 1)
    wanted: dict[int, int] = {}
    for plan, ids in active_plans():
        for cell in ids:
            path = areas.path(cell).ids()
            if (area_id is None or area_id in path) and viewer.holds_in(path, *SEES_COVERAGE):
                wanted[cell] = min(plan.every_days, wanted.get(cell, 366))
    rows = Visit.objects.filter(cell_id__in=list(wanted), day__range=(since, today))
    seen = dict(rows.values_list("cell_id").annotate(n=Count("pk")))
    last = last_days(wanted, today)
    cells = []
    for cell in sorted(wanted, key=lambda i: areas.get(i).code):
        area, on = areas.get(cell), last.get(cell)
        due = is_due(_begin(on), wanted[cell], midnight)
        cells.append(
            CellCover(
                cell,
                area.code,
                area.name_zh,
                area.name_en,
                wanted[cell],
                seen.get(cell, 0),
                on,
                due,
            )
        )
    return Coverage(since, today, len(cells), sum(not c.due for c in cells), cells)


def _begin(day: date | None) -> datetime | None:
    return day and datetime.combine(day, time(0), ZoneInfo(settings.TIME_ZONE))
