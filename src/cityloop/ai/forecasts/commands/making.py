"""The forecasts of a day: reckoned from the counts given, kept, warned of; the past judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from cityloop.ai.forecasts.commands.judging import judge
from cityloop.ai.forecasts.commands.warning import warn_ahead
from cityloop.ai.forecasts.domain import Demand
from cityloop.ai.forecasts.models import ForecastCell, ForecastRun, NamedTrigger, TodayCell
from cityloop.ai.forecasts.reckoning import SHOWN_LEVELS, Reckoning, reckoning
from cityloop.ai.forecasts.settings import ForecastSettings, forecast_settings
from cityloop.city.bulk import update_rows
from cityloop.city.db import write
from cityloop.engines.forecast import LEAST_HISTORY, Outlook, Trigger
from cityloop.engines.forecast.evaluate import errors

JUDGED_HORIZON = 2
SHOWN_PAST, BATCH = 56, 1_000
KEEP_TODAY = timedelta(days=14)


def make_forecast(demand: Demand, *, now: datetime) -> ForecastRun:
    """Forecast the next days, warn where an overload is likely, judge the days that are over.

    May be called again for the same day: its forecasts are made anew, warnings stay as given.
    """
    rules = forecast_settings()
    known = reckoning(
        demand, triggers_entered(), least=rules.least_in_28_days, days_ahead=rules.days_ahead
    )
    if known.days < LEAST_HISTORY + 1:
        return _too_early(known, now)
    rows, figures = _rows(known, rules)
    with write():
        run, _ = ForecastRun.objects.update_or_create(
            last_day=known.counts.last_day,
            defaults={
                "made_at": now, "history_days": known.days, "problem": None, "figures": figures,
                "topics": {key: list(names) for key, names in demand.topics.items()},
                "suppressed": known.suppressed,
            },
        )  # fmt: skip
        _keep(rows, known, rules)
        judge(known, demand, now=now)
        warn_ahead(known, rows, rules, now=now)
    return run


def triggers_entered() -> list[Trigger]:
    """What people entered and did not withdraw, as the engine reads it."""
    return [
        Trigger(
            row.kind, row.first_day, row.last_day, frozenset(map(str, row.areas)),
            frozenset(row.topics), row.guess,
        )
        for row in NamedTrigger.objects.filter(withdrawn_at=None).order_by("entered_at")
    ]  # fmt: skip


def _too_early(known: Reckoning, now: datetime) -> ForecastRun:
    there = known.days
    problem = [
        f"仅有 {there} 天的上报记录，至少需要 {LEAST_HISTORY + 1} 天才能预测。",
        f"There are {there} days of reports; {LEAST_HISTORY + 1} are needed for a forecast.",
    ]
    with write():
        run, _ = ForecastRun.objects.update_or_create(
            last_day=known.counts.last_day,
            defaults={"made_at": now, "history_days": there, "problem": problem},
        )
    return run


def _rows(known: Reckoning, rules: ForecastSettings) -> tuple[list[ForecastCell], dict[str, Any]]:
    """The next days at every level, and the past ones as they would have been forecast.

    How much boosted trees make of a level is chosen on its past days, two days ahead; the other
    days ahead take the same share.
    """
    rows: list[ForecastCell] = []
    figures: dict[str, Any] = {}
    for level in SHOWN_LEVELS:
        start = max(known.days - SHOWN_PAST, LEAST_HISTORY + JUDGED_HORIZON - 1)
        share = 0.0
        if start < known.days:
            past = known.ahead(
                level, start=start, stop=known.days, horizon=JUDGED_HORIZON, trees="chosen"
            )
            rows += _cells(known, level, past, JUDGED_HORIZON)
            share = float(past.trees[-1, 0])
            figures[level] = _judged(known, level, past)
        for horizon in range(1, rules.days_ahead + 1):
            row = known.days - 1 + horizon
            said = known.ahead(level, start=row, stop=row + 1, horizon=horizon, trees=share)
            rows += _cells(known, level, said, horizon)
    return rows, figures


def _judged(known: Reckoning, level: str, past: Outlook) -> dict[str, Any]:
    """Errors of the past days as shown and, where trees have a part, without them."""
    counts = known.level(level).counts
    found = errors(counts, past)
    plain = past
    if past.trees.any():
        plain = known.ahead(level, start=past.start, stop=known.days, horizon=JUDGED_HORIZON)
    plainly = errors(counts, plain)["mae"]
    return {**found, "trees": float(past.trees[-1, 0]), "mae_without_trees": plainly}


def _cells(known: Reckoning, level: str, said: Outlook, horizon: int) -> list[ForecastCell]:
    shown, found = known.level(level), []
    for at, column in np.ndindex(*said.mean.shape):
        row = said.start + at
        area, topic = shown.cells[column]
        is_past = row < known.days
        line, chance = float(said.line[at, column]), float(said.chance[at, column])
        found.append(
            ForecastCell(
                day=known.day(row), horizon=horizon, area_id=int(area or 0), topic=topic,
                mean=round(float(said.mean[at, column]), 3), median=float(said.median[at, column]),
                low=float(said.low[at, column]), high=float(said.high[at, column]),
                line=None if np.isnan(line) else line,
                chance=None if np.isnan(chance) else round(chance, 4),
                actual=int(shown.counts[row, column]) if is_past else None, hindsight=is_past,
            )
        )  # fmt: skip
    return found


def _keep(rows: list[ForecastCell], known: Reckoning, rules: ForecastSettings) -> None:
    """New days replace what was said of them; what was said of past days before they came stays."""
    today = known.day(known.days)
    for ahead in range(1, rules.days_ahead + 1):
        day = today + timedelta(days=ahead - 1)
        ForecastCell.objects.filter(day=day, horizon=ahead).delete()
    ForecastCell.objects.filter(day__lt=today).exclude(horizon=JUDGED_HORIZON).delete()
    past = ForecastCell.objects.filter(day__lt=today, horizon=JUDGED_HORIZON)
    _fill_actuals(known, today)
    there = set(past.values_list("day", flat=True))
    fresh = [row for row in rows if row.day >= today or row.day not in there]
    ForecastCell.objects.bulk_create(fresh, batch_size=BATCH)
    ForecastCell.objects.filter(day__lt=today - timedelta(days=rules.keep_days)).delete()
    TodayCell.objects.filter(day__lt=today - KEEP_TODAY).delete()


def _fill_actuals(known: Reckoning, today: date) -> None:
    """What came, beside what was said of it."""
    waiting = list(ForecastCell.objects.filter(day__lt=today, actual=None))
    if not waiting:
        return
    sets = [known.level(level) for level in SHOWN_LEVELS]
    column = {cell: (one, place) for one in sets for place, cell in enumerate(one.cells)}
    for row in waiting:
        at = (row.day - known.counts.first_day).days
        found = column.get((str(row.area_id) if row.area_id else "", row.topic))
        if found and 0 <= at < known.days:
            row.actual = int(found[0].counts[at, found[1]])
    update_rows(ForecastCell, [row for row in waiting if row.actual is not None], ["actual"])
