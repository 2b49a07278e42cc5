"""Counts for forecasts, from cases as they are classed now: by day, hour, area and big class."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncHour

from cityloop.ai.forecasts.domain import SMALL, Demand
from cityloop.ai.forecasts.settings import forecast_settings
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue.queries import catalogue, class_keys, work_calendar
from cityloop.city.viewer import SYSTEM
from cityloop.engines.forecast import DailyCounts, count_days
from cityloop.kernel.errors import DomainError

HOURS_KEPT = 120
NOWHERE = "-1"
BIG = 3
"""A class key begins with its kind and its big class: C01 of C0137."""
Rows = list[tuple[datetime, str, str, int]]


def demand(now: datetime) -> Demand | None:
    """Cases received on whole local days, and today until now; None before there is any.

    Cases without a place count as area -1, without a class as the rest "*".
    """
    rules, zone = forecast_settings(), ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=rules.history_days), datetime.min.time(), zone)
    rows = _rows(since, now, rules.area_level, zone)
    past = [row for row in rows if row[0].date() < today]
    if not past:
        return None
    moments, areas, topics, numbers = zip(*past, strict=True)
    days = [moment.date() for moment in moments]
    try:
        counts = count_days(days, areas, topics, numbers, until=today - timedelta(days=1))
    except DomainError:
        return None
    calendar = work_calendar()
    return Demand(
        counts,
        recent=_recent(counts, past),
        today=_by_hour(counts, rows, today, 1)[0],
        off=frozenset(calendar.holidays),
        swapped=frozenset(calendar.workdays),
        topics=_names(),
    )


def _rows(since: datetime, now: datetime, level: str, zone: ZoneInfo) -> Rows:
    """(hour, area, big class, cases), grouped by the database."""
    grouped = (
        cases_of(SYSTEM)
        .filter(received_at__gte=since, received_at__lte=now)
        .order_by()
        .annotate(hour=TruncHour("received_at", tzinfo=zone))
        .values_list("hour", f"{level}_id", "case_class_id")
        .annotate(cases=Count("pk"))
    )
    found = list(grouped)
    keys = class_keys({class_id for _, _, class_id, _ in found if class_id})
    total: Counter[tuple[datetime, str, str]] = Counter()
    for hour, area, class_id, cases in found:
        topic = keys.get(class_id, "")[:BIG] or SMALL
        total[hour.astimezone(zone), str(area) if area else NOWHERE, topic] += cases
    return [(*key, n) for key, n in total.items()]


def _recent(counts: DailyCounts, past: Rows) -> DailyCounts:
    """The last days of the counts with their hours."""
    days = min(counts.days, HOURS_KEPT)
    first = counts.last_day - timedelta(days=days - 1)
    hourly = _by_hour(counts, past, first, days)
    return DailyCounts(first, counts.cells, counts.counts[-days:], hourly)


def _by_hour(counts: DailyCounts, rows: Rows, first: date, days: int) -> np.ndarray:
    """Shape (days, 24, cells) from a first day on; cells that never had a report before today have
    no forecast either and are left out."""
    place = {cell: n for n, cell in enumerate(counts.cells)}
    found = np.zeros((days, 24, len(counts.cells)), dtype=np.int64)
    for hour, area, topic, cases in rows:
        row = (hour.date() - first).days
        if 0 <= row < days and (area, topic) in place:
            found[row, hour.hour, place[area, topic]] += cases
    return found


def _names() -> dict[str, tuple[str, str]]:
    """Names of big classes by the beginning of their keys."""
    return {
        key[:BIG]: (one.big_zh, one.big_en or one.big_zh)
        for key, one in catalogue().classes.items()
    }
