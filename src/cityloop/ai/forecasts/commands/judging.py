"""Every warning is judged by itself when its day is over; days missed are on record as well."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from cityloop.ai.forecasts.domain import Demand, Outcome, judged, lead_hours
from cityloop.ai.forecasts.models import EarlyWarning, ForecastCell
from cityloop.ai.forecasts.reckoning import ALARM_LEVELS, Reckoning
from cityloop.engines.forecast import at_level, grouped
from cityloop.engines.forecast.counts import Cell

LOOKED_BACK = timedelta(days=30)


def judge(known: Reckoning, demand: Demand, *, now: datetime) -> None:
    """Judge the warnings of days that are over, and enter the overloads nobody was warned of."""
    today = known.day(known.days)
    actual = _Actual(known, demand)
    for row in EarlyWarning.objects.filter(outcome="", day__lt=today):
        came = actual.count((_area(row.area_id), row.topic), row.day)
        if came is None:
            continue
        row.actual, row.judged_at = came, now
        outcome = judged(came, row.line, was_warned=True)
        row.outcome = outcome.value if outcome else ""
        crossed = actual.crossed_at((_area(row.area_id), row.topic), row.day, row.line)
        if outcome is Outcome.HIT and crossed and row.made_at:
            row.lead_hours = lead_hours(row.made_at, crossed)
        row.save(update_fields=["actual", "judged_at", "outcome", "lead_hours"])
    _misses(known, now)


def _misses(known: Reckoning, now: datetime) -> None:
    """Overloads of days that had been forecast (not in hindsight) without a warning."""
    today = known.day(known.days)
    forecast = ForecastCell.objects.filter(
        day__lt=today, day__gte=today - LOOKED_BACK, horizon=2, hindsight=False,
        actual__isnull=False, line__isnull=False,
    )  # fmt: skip
    warned = set(
        EarlyWarning.objects.filter(day__gte=today - LOOKED_BACK).values_list(
            "day", "area_id", "topic"
        )
    )
    missed = [
        EarlyWarning(
            day=row.day, area_id=row.area_id, topic=row.topic, horizon=row.horizon, line=row.line,
            chance=row.chance, mean=row.mean, low=row.low, high=row.high, actual=row.actual,
            outcome=Outcome.MISS.value, judged_at=now,
        )
        for row in forecast
        if not (row.area_id and (row.topic or known.only_area))
        and (row.day, row.area_id, row.topic) not in warned
        and judged(row.actual or 0, row.line or 0.0, was_warned=False)
    ]  # fmt: skip
    EarlyWarning.objects.bulk_create(missed)


class _Actual:
    """What came, by cell and day, and when a line was crossed."""

    def __init__(self, known: Reckoning, demand: Demand) -> None:
        self._known = known
        self._levels = {level: known.level(level) for level in (*ALARM_LEVELS, "cell")}
        shown = demand.recent and grouped(demand.recent, lambda cell: known.joined[cell])
        self._recent = {level: at_level(shown, level) for level in ALARM_LEVELS} if shown else {}

    def count(self, cell: Cell, day: date) -> int | None:
        shown = self._levels[_level(cell)]
        row = (day - shown.first_day).days
        if cell not in shown.cells or not 0 <= row < shown.days:
            return None
        return int(shown.counts[row, shown.cells.index(cell)])

    def crossed_at(self, cell: Cell, day: date, line: float) -> datetime | None:
        """The end of the hour in which the line was crossed; None where hours are not known."""
        shown = self._recent.get(_level(cell))
        if shown is None or shown.hourly is None or cell not in shown.cells:
            return None
        row = (day - shown.first_day).days
        if not 0 <= row < shown.days:
            return None
        over = np.cumsum(shown.hourly[row, :, shown.cells.index(cell)]) > line
        if not over.any():
            return None
        begins = datetime.combine(
            shown.first_day + timedelta(days=row), time(), ZoneInfo(settings.TIME_ZONE)
        )
        return begins + timedelta(hours=int(over.argmax()) + 1)


def _level(cell: Cell) -> str:
    area, topic = cell
    return "cell" if area and topic else "area" if area else "topic" if topic else "city"


def _area(area_id: int) -> str:
    return str(area_id) if area_id else ""
