"""What the forecasts are worth on days they had not seen: errors, alarms, coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.boosted import has_trees
from cityloop.engines.forecast.calibrate import (
    average_precision,
    calibration_error,
    reliability,
    scaled_forward,
)
from cityloop.engines.forecast.counts import Counts, DailyCounts, at_level, joined
from cityloop.engines.forecast.level import USUAL, Weights
from cityloop.engines.forecast.nowcast import chances_back
from cityloop.engines.forecast.outlook import (
    FULL_HISTORY,
    LEAST_FOR_LINE,
    LEAST_KNOWN,
    WARM_UP,
    YEAR,
    Outlook,
    Trees,
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
    """From which row on, how many days ahead, with which weights, with trees or not."""

    start: int
    horizon: int
    weights: Weights
    trees: Trees = 0.0


def evaluate(
    counts: DailyCounts,
    kinds: Ints,
    *,
    horizon: int = 2,
    test_days: int = YEAR,
    weights: Weights = USUAL,
    hours: Sequence[int] = HOURS,
    with_trees: bool = True,
) -> Report:
    """Walk forward over the last `test_days` days; every figure is of days then unseen.

    The test begins after 84 days of records where there are fewer than a year's before it.
    Before any figure is given, the forecaster is run on records whose future was changed: a
    forecast that changes with them is refused as leaking.

    Args:
        counts: by area × topic. kinds: kinds of its days. hours: at which to judge the nowcast.
        with_trees: False: level × week alone, even where LightGBM is installed.
    Raises: DomainError("forecast.short" | "forecast.leak").
    """
    start = max(counts.days - test_days, FIRST_TEST)
    if counts.days - start < LEAST_TEST:
        raise _too_short(counts)
    if not counts.counts[start:].any():
        raise _nothing_to_judge(counts, start)
    ask = Asked(start, horizon, weights, "chosen" if with_trees and has_trees() else 0.0)
    levels = {name: at_level(counts, name) for name in ("cell", *ALARM_LEVELS)}
    report: Report = {
        "reports": int(counts.counts.sum()),
        "first_day": counts.first_day.isoformat(),
        "last_day": counts.last_day.isoformat(),
        "tested_from": (counts.first_day + timedelta(days=start)).isoformat(),
        "tested_days": counts.days - start,
        "horizon_days": horizon,
        "remarks": list(counts.remarks),
        "trees": _said_of_trees(with_trees),
        "days_checked_for_leaks": _check_blind(counts, kinds, ask),
    }
    found = {name: _forecast(shown, kinds, ask) for name, shown in levels.items()}
    for name, shown in levels.items():
        plain = _forecast(shown, kinds, replace(ask, trees=0.0)) if ask.trees else found[name]
        report[name] = {
            "series": len(shown.cells),
            **_figures(shown.counts, found[name], plain),
            "overload": _judged(found[name], shown.counts),
        }
    report["overload"] = _overload(levels, found)
    report["nowcast"] = _nowcasts(counts, kinds, ask, hours)
    return report


def _figures(counts: Counts, found: Outlook, plain: Outlook) -> Report:
    """Errors of one level; ratios None where seasonal naive made no error at all."""
    shown = errors(counts, found)
    shown["mae_ratio_without_trees"] = errors(counts, plain)["mae_ratio"]
    if not shown["mae_naive"]:
        shown |= dict.fromkeys([name for name in shown if name.startswith("mae_ratio")])
    return shown


def _said_of_trees(are_asked_for: bool) -> str:
    if not are_asked_for:
        return "not asked for: level × week alone"
    return "lightgbm" if has_trees() else "not installed (extra ai): level × week alone"


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
        "trees": float(found.trees.mean()),
    }


def _judged(found: Outlook, counts: Counts) -> Report | None:
    """The alarms of the days that have a line; None where none has."""
    lined = ~np.isnan(found.line[:, 0])
    happened = counts[found.start :] > np.nan_to_num(found.line)
    return alarms(found.chance[lined], happened[lined]) if lined.any() else None


def alarms(chance: Floats, happened: NDArray[np.bool_]) -> Report:
    """How well probabilities tell the days that came from those that did not; where none came,
    that is not known (None)."""
    base = float(happened.mean())
    events = int(happened.sum())
    ranked = happened.ravel()[np.argsort(-chance.ravel(), kind="stable")][:events]
    ap = average_precision(chance, happened) if events else None
    return {
        "events": events,
        "base_rate": base,
        "average_precision": ap,
        "times_base": ap / base if ap is not None else None,
        "precision_as_many": float(ranked.mean()) if events else None,
        "calibration_error": calibration_error(chance, happened),
        "reliability": reliability(chance, happened),
    }


def _overload(levels: Mapping[str, DailyCounts], said: Mapping[str, Outlook]) -> Report | None:
    """City, topics and areas together: the levels at which warnings are given; None where no day
    has a line."""
    chances, events = [], []
    for name in ALARM_LEVELS:
        shown, found = levels[name], said[name]
        lined = ~np.isnan(found.line[:, 0])
        chances.append(found.chance[lined])
        events.append(shown.counts[found.start :][lined] > found.line[lined])
    if not len(chances[0]):
        return None
    return alarms(np.concatenate(chances, axis=1), np.concatenate(events, axis=1))


def _nowcasts(
    counts: DailyCounts, kinds: Ints, ask: Asked, hours: Sequence[int]
) -> Mapping[str, Any] | None:
    """Overload of the day itself, seen at several hours; None where hours are not known."""
    sets = [at_level(counts, level) for level in ALARM_LEVELS]
    shown = joined(*sets)
    first = max(ask.start - WARM_UP, FULL_HISTORY, LEAST_FOR_LINE)
    if shown.hourly is None or shown.days - first < LEAST_TEST:
        return None
    today = replace(ask, start=first, horizon=1, trees=0.0)
    ahead = [_forecast(one, kinds, today) for one in sets]
    mean, phi, line = (
        np.concatenate([getattr(one, name) for one in ahead], axis=1)
        for name in ("mean", "phi", "line")
    )
    happened, found = shown.counts[first:] > line, {}
    tested = max(ask.start, first + LEAST_KNOWN) - first
    for hour in hours:
        chance = chances_back(
            shown.hourly, kinds, shown.topics, hour=hour, first=first, mean=mean, phi=phi, line=line
        )
        honest = scaled_forward(chance, happened)[tested:]
        seen = shown.hourly[first + tested :, :hour].sum()
        share = float(seen / max(shown.counts[first + tested :].sum(), 1))
        as_it_came = calibration_error(chance[tested:], happened[tested:])
        found[str(hour)] = {
            "share_seen": share,
            **alarms(honest, happened[tested:]),
            "calibration_error_unscaled": as_it_came,
        }
    return found


def _forecast(counts: DailyCounts, kinds: Ints, ask: Asked) -> Outlook:
    return outlook(
        counts.counts, kinds, counts.topics, start=ask.start, stop=counts.days,
        horizon=ask.horizon, weights=ask.weights, trees=ask.trees,
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


def _too_short(counts: DailyCounts) -> DomainError:
    needed, days = FIRST_TEST + LEAST_TEST, counts.days
    said = " ".join(("", *counts.remarks))
    return DomainError(
        "forecast.short",
        f"The records cover {days} days; an evaluation needs {needed} ({FIRST_TEST} to learn "
        f"from, {LEAST_TEST} to be judged on).{said}",
        f"记录仅覆盖 {days} 天，评估至少需要 {needed} 天"
        f"（{FIRST_TEST} 天用于学习，{LEAST_TEST} 天用于检验）。{said}",
        where="days",
        details={"days": days, "needed": needed},
    )


def _nothing_to_judge(counts: DailyCounts, start: int) -> DomainError:
    days = counts.days - start
    return DomainError(
        "forecast.no_reports",
        f"Not one report came on the last {days} days, {counts.first_day + timedelta(days=start)} "
        f"to {counts.last_day}: there is nothing to be judged by. Check the count column.",
        f"最后 {days} 天（{counts.first_day + timedelta(days=start)} 至 {counts.last_day}）"
        "没有一件上报，无从检验，请检查件数列。",
        where="count",
    )
