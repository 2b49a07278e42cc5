"""A likely overload becomes a warning with reasons and suggestions; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from cityloop.ai.forecasts.domain import Named, said_reason
from cityloop.ai.forecasts.models import EarlyWarning, ForecastCell
from cityloop.ai.forecasts.reckoning import Reckoning
from cityloop.ai.forecasts.settings import ForecastSettings
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record_many
from cityloop.engines.forecast import DailyCounts
from cityloop.engines.forecast.counts import Cell

WARNED_AHEAD = (2, 3)


def warn_ahead(
    known: Reckoning, rows: Iterable[ForecastCell], rules: ForecastSettings, *, now: datetime
) -> None:
    """Warn of tomorrow and the day after: the city, its topics, its areas (never area × topic,
    whose surges cannot be foreseen so early)."""
    likely = [
        row for row in rows
        if row.horizon in WARNED_AHEAD and not row.hindsight
        and not (row.area_id and (row.topic or known.only_area))
        and (row.chance or 0.0) >= rules.warn_from
    ]  # fmt: skip
    give(known, [_of_forecast(known, row, rules, now) for row in likely], now=now)


def give(known: Reckoning, warnings: Sequence[EarlyWarning], *, now: datetime) -> None:
    """Keep the warnings that were not given yet, each on record."""
    days = {one.day for one in warnings}
    there = set(EarlyWarning.objects.filter(day__in=days).values_list("day", "area_id", "topic"))
    fresh = [one for one in warnings if (one.day, one.area_id, one.topic) not in there]
    for one in fresh:
        one.save()
    if fresh:
        record_many([_draft(one) for one in fresh], actor=SYSTEM, now=now)


def _draft(row: EarlyWarning) -> Draft:
    data = {
        "day": row.day.isoformat(), "area": row.area_id, "topic": row.topic,
        "chance_per_mille": round(1000 * (row.chance or 0)), "days_ahead": row.horizon,
    }  # fmt: skip
    return Draft("forecast.warned", "forecast_warning", row.pk, data)


def _of_forecast(
    known: Reckoning, row: ForecastCell, rules: ForecastSettings, now: datetime
) -> EarlyWarning:
    cell = (str(row.area_id) if row.area_id else "", row.topic)
    return EarlyWarning(
        day=row.day, area_id=row.area_id, topic=row.topic, horizon=row.horizon, made_at=now,
        chance=row.chance, mean=row.mean, low=row.low, high=row.high, line=row.line,
        reasons=reasons(known, cell, row.day, row.mean, rules),
        preparations=preparations(known, cell, row.day, rules),
    )  # fmt: skip


def reasons(
    known: Reckoning, cell: Cell, day: date, mean: float, rules: ForecastSettings
) -> list[Named]:
    """Why this day, in words: triggers first, then the week and the level."""
    found: list[Named] = []
    for trigger in known.triggers_on(cell, day):
        zh, en = rules.triggers.get(trigger.kind, (trigger.kind, trigger.kind))
        effects = [e for (kind, topic), e in known.effects.items()
                   if kind == trigger.kind and cell[1] in {"", topic}]  # fmt: skip
        days = max((e.days for e in effects), default=0)
        if days:
            times = max(e.multiplier for e in effects)
            found.append((
                f"{zh}：过去 {days} 天同类情形下，相关诉求约为平时的 {times:.1f} 倍",
                f"{en}: on {days} such days before, the reports it touches were {times:.1f} "
                "times the usual",
            ))  # fmt: skip
        else:
            found.append((
                f"{zh}：尚无先例，按录入人估计的 {trigger.guess:g} 倍计",
                f"{en}: no such day before; {trigger.guess:g} times, as entered",
            ))  # fmt: skip
    return found + _of_history(_column(known, cell), known, day, mean)


def _column(known: Reckoning, cell: Cell) -> DailyCounts:
    area, topic = cell
    level = "cell" if area and topic else "area" if area else "topic" if topic else "city"
    shown = known.level(level)
    place = shown.cells.index(cell)
    return DailyCounts(shown.first_day, (cell,), shown.counts[:, place : place + 1])


def _of_history(one: DailyCounts, known: Reckoning, day: date, mean: float) -> list[Named]:
    counts, kinds = one.counts[:, 0], known.kinds[: one.days]
    kind = int(known.kinds[(day - one.first_day).days])
    lately, same = counts[-140:], counts[-140:][kinds[-140:] == kind]
    return said_reason(
        mean=mean, usual=float(lately.mean()), recent=float(counts[-7:].mean()),
        before=float(counts[-63:-7].mean()), weekday=kind,
        same_days=float(same.mean()) if len(same) else float(lately.mean()),
    )  # fmt: skip


def preparations(known: Reckoning, cell: Cell, day: date, rules: ForecastSettings) -> list[Named]:
    """What the profile suggests for this topic under these triggers."""
    kinds = frozenset(t.kind for t in known.triggers_on(cell, day))
    return [(one.zh, one.en) for one in rules.prepare(cell[1], kinds)]
