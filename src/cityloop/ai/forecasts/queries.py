"""Forecasts, warnings and their record, as far as the viewer may see areas."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import QuerySet

from cityloop.ai.forecasts.domain import said_basis
from cityloop.ai.forecasts.models import (
    EarlyWarning,
    ForecastCell,
    ForecastRun,
    NamedTrigger,
    TodayCell,
)
from cityloop.ai.forecasts.rules import check_may_read, shown_areas
from cityloop.ai.forecasts.settings import forecast_settings
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.engines.forecast import has_trees

PAST_DAYS, RECORD_DAYS, MOST_WARNINGS = 28, 180, 200
WHOLE = ("全市", "Whole city")
EVERY = ("全部类别", "All classes")
SMALL = ("其他（数量小，合并）", "Others (small, together)")
Names = dict[Any, tuple[str, str]]


@dataclass(frozen=True)
class Reader:
    """What a viewer is shown: names of the areas by id (0 = whole city), of topics by key."""

    areas: Names
    topics: Names
    run: ForecastRun | None

    def named(self, row: Any) -> dict[str, Any]:
        """The cell of a row, in words."""
        area, topic = self.areas[row.area_id], self.topic(row.topic)
        return {
            "area_id": row.area_id, "area_zh": area[0], "area_en": area[1],
            "topic": row.topic, "topic_zh": topic[0], "topic_en": topic[1],
        }  # fmt: skip

    def topic(self, key: str) -> tuple[str, str]:
        return EVERY if key == "" else SMALL if key == "*" else self.topics.get(key, (key, key))


def reader_of(viewer: Viewer) -> Reader:
    """Raises: NotAllowed("forecast.not_yours")."""
    check_may_read(viewer)
    areas: Names = {0: WHOLE, **shown_areas(viewer, forecast_settings().area_level)}
    run = ForecastRun.objects.order_by("-last_day").first()
    topics = {key: (zh, en) for key, (zh, en) in (run.topics if run else {}).items()}
    return Reader(areas, topics, run)


def notes(run: ForecastRun | None) -> list[tuple[str, str]]:
    """What a reader must know of how the forecasts were made, in words (zh, en)."""
    if run is None or run.problem:
        return []
    shares = {level: found.get("trees", 0.0) for level, found in run.figures.items()}
    return said_basis(run.history_days, shares, are_installed=has_trees())


def last_known_day() -> date | None:
    """The last day forecasts were made from; None before the first."""
    return ForecastRun.objects.order_by("-last_day").values_list("last_day", flat=True).first()


def has_nowcast(day: date, hour: int) -> bool:
    """Whether today's end was reckoned at this hour already."""
    return TodayCell.objects.filter(day=day, hour=hour).exists()


def series(
    viewer: Viewer, *, by: Literal["topic", "area"], area_id: int = 0, topic: str = ""
) -> list[dict[str, Any]]:
    """Past and next days of each topic of an area, or of each area for a topic; the largest first.

    Each with what was said (median, 80 % interval) and what came. Of several forecasts of a day the
    last one counts for days ahead, that of two days before for days past.
    """
    reader = reader_of(viewer)
    if reader.run is None or (by == "topic" and area_id not in reader.areas):
        return []
    rows = ForecastCell.objects.filter(day__gt=reader.run.last_day - timedelta(days=PAST_DAYS))
    rows = rows.filter(area_id=area_id) if by == "topic" else rows.filter(topic=topic)
    cells: dict[tuple[int, str], dict[date, ForecastCell]] = {}
    for row in rows.filter(area_id__in=reader.areas).order_by("-horizon"):
        cells.setdefault((row.area_id, row.topic), {})[row.day] = row
    found = [
        {**reader.named(next(iter(days.values()))), "points": [days[d] for d in sorted(days)]}
        for days in cells.values()
    ]
    whole = (lambda one: one["topic"] == "") if by == "topic" else (lambda one: not one["area_id"])
    return sorted(found, key=lambda one: (not whole(one), -sum(p.mean for p in one["points"])))


def today(viewer: Viewer, *, day: date) -> tuple[int | None, list[dict[str, Any]]]:
    """(hour reckoned at, cells by how likely they are too much); None where there is nothing."""
    reader = reader_of(viewer)
    rows = TodayCell.objects.filter(day=day, area_id__in=reader.areas)
    hour = rows.order_by("-hour").values_list("hour", flat=True).first()
    if hour is None:
        return None, []
    shown = sorted(rows.filter(hour=hour), key=lambda r: (-(r.chance or 0.0), -r.mean))
    return hour, [{**reader.named(row), "row": row} for row in shown]


def warnings(viewer: Viewer, *, past: bool, today_is: date) -> list[dict[str, Any]]:
    """Warnings of today and later, or of past days with what came of them (misses included)."""
    reader = reader_of(viewer)
    rows = _seen(reader).select_related("decided_by")
    rows = rows.filter(day__lt=today_is) if past else rows.filter(day__gte=today_is)
    order = ("-day", "-chance", "id") if past else ("day", "-chance", "id")
    return [{**reader.named(row), "row": row} for row in rows.order_by(*order)[:MOST_WARNINGS]]


def _seen(reader: Reader) -> QuerySet[EarlyWarning]:
    return EarlyWarning.objects.filter(area_id__in=reader.areas)


def record(viewer: Viewer, *, today_is: date) -> dict[str, Any]:
    """How right warnings were over half a year: hits, false alarms, misses, hours of lead."""
    reader = reader_of(viewer)
    rows = _seen(reader).filter(day__gte=today_is - timedelta(days=RECORD_DAYS)).exclude(outcome="")
    ahead = [row for row in rows if row.horizon != 0 or row.outcome == "miss"]
    same_day = [row for row in rows if row.horizon == 0 and row.outcome != "miss"]
    return {"days": RECORD_DAYS, "ahead": _counted(ahead), "same_day": _counted(same_day)}


def _counted(rows: Iterable[EarlyWarning]) -> dict[str, Any]:
    kept = list(rows)
    n = Counter(row.outcome for row in kept)
    given, events = n["hit"] + n["false_alarm"], n["hit"] + n["miss"]
    leads = [row.lead_hours for row in kept if row.lead_hours is not None]
    return {
        "hits": n["hit"], "false_alarms": n["false_alarm"], "misses": n["miss"],
        "hit_rate": n["hit"] / given if given else None,
        "found_rate": n["hit"] / events if events else None,
        "lead_hours": statistics.median(leads) if leads else None,
    }  # fmt: skip


def triggers(viewer: Viewer, *, now: datetime) -> list[NamedTrigger]:
    """Reasons entered for the last year and the time ahead, those withdrawn included."""
    reader_of(viewer)
    since = now.date() - timedelta(days=365)
    rows = NamedTrigger.objects.filter(last_day__gte=since).select_related("entered_by")
    return list(rows[:MOST_WARNINGS])


def warning_in_words(warning_id: int) -> tuple[str, str] | None:
    """One warning in a sentence (zh, en), with its first reason; for who is told of it."""
    row = EarlyWarning.objects.filter(pk=warning_id, made_at__isnull=False).first()
    reader = reader_of(SYSTEM)
    if row is None or row.area_id not in reader.areas:
        return None
    cell = reader.named(row)
    zh_why, en_why = row.reasons[0] if row.reasons else ("", "")
    mean, line, chance = f"{row.mean or 0:.0f}", f"{row.line:.0f}", f"{row.chance or 0:.0%}"
    return (
        f"早期预警：{row.day.month}月{row.day.day}日 {cell['area_zh']} · {cell['topic_zh']}，"
        f"超载概率 {chance}，预计 {mean} 件，超过 {line} 件为超载。{zh_why}",
        f"Early warning: {row.day:%-d %B}, {cell['area_en']} · {cell['topic_en']}: overload "
        f"{chance}, {mean} expected, more than {line} is an overload. {en_why}",
    )
