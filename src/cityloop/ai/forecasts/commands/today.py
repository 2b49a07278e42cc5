"""Today, hour by hour: how it will end, and a warning where it will be too much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from cityloop.ai.forecasts.commands.making import triggers_entered
from cityloop.ai.forecasts.commands.warning import give, preparations, reasons
from cityloop.ai.forecasts.domain import Demand, said_worth
from cityloop.ai.forecasts.models import EarlyWarning, ForecastRun, TodayCell
from cityloop.ai.forecasts.reckoning import ALARM_LEVELS, Reckoning, reckoning
from cityloop.ai.forecasts.settings import ForecastSettings, forecast_settings
from cityloop.city.db import write
from cityloop.engines.forecast import (
    FULL_HISTORY,
    LEAST_HISTORY,
    DailyCounts,
    at_level,
    chances_back,
    fitted_scale,
    grouped,
    nowcast,
    scaled,
    scaled_forward,
)
from cityloop.engines.forecast.calibrate import reliability
from cityloop.engines.forecast.counts import ALL

FIRST_WARNED = 9
SHORTEST = 14
JUDGED_DAYS, FIRST_JUDGED, JUDGED_EACH = 112, 28, 14


@dataclass(frozen=True)
class Worth:
    """What this hour's probabilities were worth on past days.

    scale: (a, b) of the calibration that makes them honest, fitted on these days alone.
    told: the record of them, each day scaled by the days before it; {} where too few are known.
    """

    scale: tuple[float, float] = (0.0, 1.0)
    told: dict[str, Any] | None = None


def make_nowcast(demand: Demand, *, now: datetime) -> int:
    """Reckon today's end from the hours that are over. Returns how many cells were reckoned.

    0 before 14 days with hours and 15 days in all are known, and in the first hour of the day.
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
    levels = [one for one in ALARM_LEVELS if not (one == "area" and known.only_area)]
    worth = _worth(known, {one: at_level(shown, one) for one in levels}, local.hour, rules)
    rows = [
        row for level in levels
        for row in _rows(known, at_level(shown, level), at_level(began, level), level, local.hour,
                         worth.scale)
    ]  # fmt: skip
    with write():
        TodayCell.objects.filter(day=local.date(), hour=local.hour).delete()
        TodayCell.objects.bulk_create(rows)
        ForecastRun.objects.filter(last_day=known.counts.last_day).update(nowcast=worth.told or {})
        if local.hour >= FIRST_WARNED:
            _warn(known, rows, rules, now, worth)
    return len(rows)


def _worth(
    known: Reckoning, levels: dict[str, DailyCounts], hour: int, rules: ForecastSettings
) -> Worth:
    """Past days as this hour would have shown them, each from the days before it alone."""
    first = max(known.days - JUDGED_DAYS, FULL_HISTORY)
    recent = next(iter(levels.values()))
    first = max(first, known.days - recent.days + SHORTEST)
    if known.days - first < FIRST_JUDGED:
        return Worth()
    chances, events = [], []
    for level, shown in levels.items():
        assert shown.hourly is not None
        said = known.ahead(level, start=first, stop=known.days, horizon=1)
        row = first - (known.days - shown.days)
        chances.append(chances_back(
            shown.hourly, known.kinds[known.days - shown.days : known.days], shown.topics,
            hour=hour, first=row, mean=said.mean, phi=said.phi, line=said.line,
        ))  # fmt: skip
        events.append(shown.counts[row:] > said.line)
    chance, happened = np.concatenate(chances, axis=1), np.concatenate(events, axis=1)
    honest = scaled_forward(chance, happened, each=JUDGED_EACH, first=FIRST_JUDGED)
    honest, came = honest[FIRST_JUDGED:], happened[FIRST_JUDGED:]
    sure = honest >= rules.warn_today_from
    told = {
        "hour": hour, "days": len(honest), "from": rules.warn_today_from,
        "given": int(sure.sum()), "came": int(came[sure].sum()),
        "events": int(came.sum()), "bands": reliability(honest, came) if len(honest) else [],
    }  # fmt: skip
    return Worth(fitted_scale(chance, happened), told if len(honest) else None)


def _rows(
    known: Reckoning, recent: DailyCounts, began: DailyCounts, level: str, hour: int,
    scale: tuple[float, float],
) -> list[TodayCell]:  # fmt: skip
    assert recent.hourly is not None
    row = known.days
    said = known.ahead(level, start=row, stop=row + 1, horizon=1)
    line = np.where(np.isnan(said.line[0]), np.inf, said.line[0])
    found = nowcast(
        recent.hourly, known.kinds[row - recent.days : row], recent.topics,
        seen=began.counts[:hour].sum(axis=0).astype(np.float64), kind=int(known.kinds[row]),
        hour=hour, mean=said.mean[0], phi=said.phi[0], line=np.minimum(line, 1e9),
    )  # fmt: skip
    chance = scaled(found.chance, scale)
    has_line = np.isfinite(line)
    return [
        TodayCell(
            day=known.day(row), hour=hour, area_id=int(area or 0), topic=topic,
            seen=int(found.seen[n]), usual=round(float(said.mean[0, n] * found.share[n]), 2),
            mean=round(float(found.mean[n]), 2), low=float(found.low[n]),
            high=float(found.high[n]), line=float(line[n]) if has_line[n] else None,
            chance=round(float(chance[n]), 4) if has_line[n] else None,
        )
        for n, (area, topic) in enumerate(recent.cells)
    ]  # fmt: skip


def _warn(
    known: Reckoning, rows: list[TodayCell], rules: ForecastSettings, now: datetime, worth: Worth
) -> None:
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
                reasons=[seen, *reasons(known, cell, row.day, row.mean, rules),
                         said_worth(worth.told)],
                preparations=preparations(known, cell, row.day, rules),
            )
        )  # fmt: skip
    give(known, found, now=now)
