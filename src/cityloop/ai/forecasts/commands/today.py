"""Today, hour by hour: how it will end, and a warning where it will be too much."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from cityloop.ai.forecasts.commands.making import triggers_entered
from cityloop.ai.forecasts.commands.warning import give, preparations, reasons
from cityloop.ai.forecasts.domain import Demand
from cityloop.ai.forecasts.models import EarlyWarning, TodayCell
from cityloop.ai.forecasts.reckoning import ALARM_LEVELS, Reckoning, reckoning
from cityloop.ai.forecasts.settings import ForecastSettings, forecast_settings
from cityloop.city.db import write
from cityloop.engines.forecast import LEAST_HISTORY, DailyCounts, at_level, grouped, nowcast
from cityloop.engines.forecast.counts import ALL

FIRST_WARNED = 9
SHORTEST = 28


def make_nowcast(demand: Demand, *, now: datetime) -> int:
    """Reckon today's end from the hours that are over. Returns how many cells were reckoned.

    0 before 28 days with hours and 57 days in all are known, and in the first hour of the day.
    """
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    rules = forecast_settings()
    known = reckoning(
        demand, triggers_entered(), least=rules.least_in_28_days, days_ahead=rules.days_ahead
    )
    recent = demand.recent
    if recent is None or recent.days < SHORTEST or known.days < LEAST_HISTORY + 1:
        return 0
    if demand.today is None or local.hour == 0 or known.day(known.days) != local.date():
        return 0
    shown = grouped(recent, lambda cell: known.joined[cell])
    began = grouped(
        DailyCounts(local.date(), recent.cells, demand.today), lambda cell: known.joined[cell]
    )
    rows = [
        row for level in ALARM_LEVELS if not (level == "area" and known.only_area)
        for row in _rows(known, at_level(shown, level), at_level(began, level), level, local.hour)
    ]  # fmt: skip
    with write():
        TodayCell.objects.filter(day=local.date(), hour=local.hour).delete()
        TodayCell.objects.bulk_create(rows)
        if local.hour >= FIRST_WARNED:
            _warn(known, rows, rules, now)
    return len(rows)


def _rows(
    known: Reckoning, recent: DailyCounts, began: DailyCounts, level: str, hour: int
) -> list[TodayCell]:
    assert recent.hourly is not None
    row = known.days
    said = known.ahead(level, start=row, stop=row + 1, horizon=1)
    line = np.where(np.isnan(said.line[0]), np.inf, said.line[0])
    found = nowcast(
        recent.hourly, known.kinds[row - recent.days : row], recent.topics,
        seen=began.counts[:hour].sum(axis=0).astype(np.float64), kind=int(known.kinds[row]),
        hour=hour, mean=said.mean[0], phi=said.phi[0], line=np.minimum(line, 1e9),
    )  # fmt: skip
    has_line = np.isfinite(line)
    return [
        TodayCell(
            day=known.day(row), hour=hour, area_id=int(area or 0), topic=topic,
            seen=int(found.seen[n]), usual=round(float(said.mean[0, n] * found.share[n]), 2),
            mean=round(float(found.mean[n]), 2), low=float(found.low[n]),
            high=float(found.high[n]), line=float(line[n]) if has_line[n] else None,
            chance=round(float(found.chance[n]), 4) if has_line[n] else None,
        )
        for n, (area, topic) in enumerate(recent.cells)
    ]  # fmt: skip


def _warn(known: Reckoning, rows: list[TodayCell], rules: ForecastSettings, now: datetime) -> None:
    found = []
    for row in rows:
        if row.chance is None or row.line is None or row.chance < rules.warn_today_from:
            continue
        cell = (str(row.area_id) if row.area_id else ALL, row.topic)
        seen = (
            f"到 {row.hour} 时已收 {row.seen} 件，往常此时约 {row.usual:.0f} 件",
            f"{row.seen} came by {row.hour}:00; {row.usual:.0f} is usual by then",
        )
        found.append(
            EarlyWarning(
                day=row.day, area_id=row.area_id, topic=row.topic, horizon=0, made_at=now,
                chance=row.chance, mean=row.mean, low=row.low, high=row.high, line=row.line,
                reasons=[seen, *reasons(known, cell, row.day, row.mean, rules)],
                preparations=preparations(known, cell, row.day, rules),
            )
        )  # fmt: skip
    give(known, found, now=now)
