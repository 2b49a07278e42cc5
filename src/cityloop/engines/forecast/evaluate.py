"""What the forecasts are worth on days they had not seen: errors, alarms, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.calibrate import (
    average_precision,
    calibration_error,
    fitted_scale,
    scaled,
)
from cityloop.engines.forecast.counts import Counts, DailyCounts, at_level, joined
from cityloop.engines.forecast.level import USUAL, Weights
from cityloop.engines.forecast.nowcast import nowcast
from cityloop.engines.forecast.outlook import (
    LEAST_FOR_LINE,
    LEAST_HISTORY,
    LEAST_KNOWN,
    WARM_UP,
    YEAR,
    Outlook,
    check_blind,
    outlook,
)
from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FIRST_TEST, LEAST_TEST = 84, 28
WEEK = 7
ALARM_LEVELS = ("city", "topic", "area")
HOURS = (9, 10, 11, 12, 14, 16)
Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """From which row on, how many days ahead, with which weights."""

    start: int
    horizon: int
    weights: Weights


def evaluate(
    counts: DailyCounts,
    kinds: Ints,
    *,
    horizon: int = 2,
    test_days: int = YEAR,
    weights: Weights = USUAL,
    hours: Sequence[int] = HOURS,
) -> Report:
    """Walk forward over the last `test_days` days; every figure is of days then unseen.

    The test begins after 84 days of records where there are fewer than a year's before it.
    Before any figure is given, the forecaster is run on records whose future was changed: a
    forecast that changes with them is refused as leaking.

    Args:
        counts: by area × topic. kinds: kinds of its days. hours: at which to judge the nowcast.
    Raises: DomainError("forecast.short" | "forecast.leak").
    """
    start = max(counts.days - test_days, FIRST_TEST)
    if counts.days - start < LEAST_TEST:
        raise _too_short(counts.days)
    ask = Asked(start, horizon, weights)
    report: Report = {
        "reports": int(counts.counts.sum()),
        "first_day": counts.first_day.isoformat(),
        "last_day": counts.last_day.isoformat(),
        "tested_from": (counts.first_day + timedelta(days=start)).isoformat(),
        "tested_days": counts.days - start,
        "horizon_days": horizon,
        "remarks": list(counts.remarks),
        "days_checked_for_leaks": _check_blind(counts, kinds, ask),
    }
    for level in ("cell", "topic", "area", "city"):
        shown = at_level(counts, level)
        found = _forecast(shown, kinds, ask)
        report[level] = {
            "series": len(shown.cells),
            **errors(shown.counts, found),
            "overload": _judged(found, shown.counts),
        }
    report["overload"] = _overload(counts, kinds, ask)
    report["nowcast"] = _nowcasts(counts, kinds, ask, hours)
    return report


def errors(counts: Counts, found: Outlook) -> Report:
    """Mean absolute errors beside the seasonal naive forecast (same weekday last week)."""
    actual = counts[found.start :].astype(np.float64)
    naive = counts[found.start - WEEK : len(counts) - WEEK]
    of_naive = float(np.abs(actual - naive).mean())
    mae = float(np.abs(actual - found.median).mean())
    of_mean = float(np.abs(actual - found.mean).mean())
    return {
        "per_day": float(actual.mean()),
        "mae": mae,
        "mae_naive": of_naive,
        "mae_ratio": mae / max(of_naive, 1e-12),
        "mae_ratio_of_mean": of_mean / max(of_naive, 1e-12),
        "bias": float((found.mean - actual).mean()),
        "within_80": float(((actual >= found.low) & (actual <= found.high)).mean()),
    }


def _judged(found: Outlook, counts: Counts) -> Report:
    """The alarms of the days that have a line; {} where none has."""
    lined = ~np.isnan(found.line[:, 0])
    happened = counts[found.start :] > np.nan_to_num(found.line)
    return alarms(found.chance[lined], happened[lined]) if lined.any() else {}


def alarms(chance: Floats, happened: NDArray[np.bool_]) -> Report:
    """How well probabilities tell the days that came from those that did not."""
    base = float(happened.mean())
    events = int(happened.sum())
    ranked = happened.ravel()[np.argsort(-chance.ravel(), kind="stable")][:events]
    ap = average_precision(chance, happened)
    return {
        "events": events,
        "base_rate": base,
        "average_precision": ap,
        "times_base": ap / base if base else 0.0,
        "precision_as_many": float(ranked.mean()) if events else 0.0,
        "calibration_error": calibration_error(chance, happened),
    }


def _overload(counts: DailyCounts, kinds: Ints, ask: Asked) -> Report:
    """City, topics and areas together: the levels at which warnings are given."""
    chances, events = [], []
    for level in ALARM_LEVELS:
        shown = at_level(counts, level)
        found = _forecast(shown, kinds, ask)
        lined = ~np.isnan(found.line[:, 0])
        chances.append(found.chance[lined])
        events.append(shown.counts[ask.start :][lined] > found.line[lined])
    if not len(chances[0]):
        return {}
    return alarms(np.concatenate(chances, axis=1), np.concatenate(events, axis=1))


def _nowcasts(
    counts: DailyCounts, kinds: Ints, ask: Asked, hours: Sequence[int]
) -> Mapping[str, Any] | None:
    """Overload of the day itself, seen at several hours; None where hours are not known."""
    sets = [at_level(counts, level) for level in ALARM_LEVELS]
    shown = joined(*sets)
    first = max(ask.start - WARM_UP, LEAST_HISTORY, LEAST_FOR_LINE)
    if shown.hourly is None or shown.days - first < LEAST_TEST:
        return None
    today = replace(ask, start=first, horizon=1)
    ahead = [_forecast(one, kinds, today) for one in sets]
    mean, phi, line = (
        np.concatenate([getattr(one, name) for one in ahead], axis=1)
        for name in ("mean", "phi", "line")
    )
    happened, found = shown.counts[first:] > line, {}
    tested = max(ask.start, first + LEAST_KNOWN) - first
    for hour in hours:
        chance = _chances_at(shown, shown.hourly, kinds, hour, first, mean, phi, line)
        honest = _scaled_forward(chance, happened)[tested:]
        seen = shown.hourly[first + tested :, :hour].sum()
        share = float(seen / max(shown.counts[first + tested :].sum(), 1))
        found[str(hour)] = {"share_seen": share, **alarms(honest, happened[tested:])}
    return found


def _chances_at(
    counts: DailyCounts, hourly: Counts, kinds: Ints, hour: int, first: int,
    mean: Floats, phi: Floats, line: Floats,
) -> Floats:  # fmt: skip
    topics, found = counts.topics, np.zeros_like(mean)
    for row in range(first, counts.days):
        found[row - first] = nowcast(
            hourly[:row], kinds[:row], topics,
            seen=hourly[row, :hour].sum(axis=0).astype(np.float64),
            kind=int(kinds[row]), hour=hour,
            mean=mean[row - first], phi=phi[row - first], line=line[row - first],
        ).chance  # fmt: skip
    return found


def _scaled_forward(chance: Floats, happened: NDArray[np.bool_]) -> Floats:
    """Each month's chances scaled by what came of the days before it."""
    found = chance.copy()
    for row in range(LEAST_KNOWN, len(chance), LEAST_KNOWN):
        scale = fitted_scale(chance[:row], happened[:row])
        found[row : row + LEAST_KNOWN] = scaled(chance[row : row + LEAST_KNOWN], scale)
    return found


def _forecast(counts: DailyCounts, kinds: Ints, ask: Asked) -> Outlook:
    return outlook(
        counts.counts, kinds, counts.topics, start=ask.start, stop=counts.days,
        horizon=ask.horizon, weights=ask.weights,
    )  # fmt: skip


def _check_blind(counts: DailyCounts, kinds: Ints, ask: Asked) -> list[str]:
    """Change all that came after three days of the test; nothing said before may change."""
    first = max(ask.start, counts.days - 3 * LEAST_KNOWN)
    checked, late = [], replace(ask, start=first)
    shown = joined(*(at_level(counts, level) for level in ALARM_LEVELS))

    def run(given: Counts) -> Outlook:
        return _forecast(replace(shown, counts=given), kinds, late)

    for known in sorted({first, (first + counts.days) // 2, counts.days - 1}):
        check_blind(run, shown.counts, days_known=known, horizon=ask.horizon)
        checked.append((counts.first_day + timedelta(days=known)).isoformat())
    return checked


def _too_short(days: int) -> DomainError:
    needed = FIRST_TEST + LEAST_TEST
    return DomainError(
        "forecast.short",
        f"The records cover {days} days; an evaluation needs {needed} ({FIRST_TEST} to learn "
        f"from, {LEAST_TEST} to be judged on).",
        f"记录仅覆盖 {days} 天，评估至少需要 {needed} 天"
        f"（{FIRST_TEST} 天用于学习，{LEAST_TEST} 天用于检验）。",
        details={"days": days, "needed": needed},
    )
