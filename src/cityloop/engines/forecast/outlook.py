"""Forecasts of days two (or more) ahead, each from what was known then: for the next days, and for
past days as if they were ahead (walk-forward), by one and the same code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.calibrate import fitted_scale, scaled
from cityloop.engines.forecast.counts import Counts
from cityloop.engines.forecast.level import USUAL, Weights, expected_on
from cityloop.engines.forecast.spread import above, dispersion, quantile
from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_HISTORY = 56
"""Days of records before a forecast is made at all: eight of each weekday."""
WARM_UP, YEAR = 112, 365
LEAST_OVERLOAD, OVERLOAD_SHARE = 5, 0.9
LEAST_FOR_LINE = 180
"""Days of records before there is a line: what is much for a season is not yet for the year."""
LOW, HIGH = 0.1, 0.9
FIRST_PHI, POOL, LEAST_KNOWN, REFIT = 1.5, 40.0, 28, 28


@dataclass(frozen=True)
class Outlook:
    """Forecasts of the days start..stop-1, each array of shape (days, cells).

    mean: expected reports. median: the point forecast with the least mean absolute error.
    low, high: 10 % and 90 % quantiles. phi: variance over mean. line: the overload line, own 90th
    percentile of the year known; chance: probability that the day ends above it (and with 5 or
    more). Both are NaN before 180 days are known. start: row of the first of them.
    """

    start: int
    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    phi: Floats
    line: Floats
    chance: Floats


def outlook(
    counts: Counts,
    kinds: Ints,
    topics: Ints,
    *,
    start: int,
    stop: int,
    horizon: int = 2,
    multiplier: Floats | None = None,
    weights: Weights = USUAL,
    blend: Floats | None = None,
) -> Outlook:
    """Forecast rows start..stop-1, row i from the counts of rows 0..i-horizon alone.

    Args:
        counts: shape (days known, cells), whole numbers.
        kinds: kinds of days, shape (>= stop,). topics: number of each cell's topic.
        stop: at most days known + horizon.
        multiplier: effect of named triggers, shape (>= stop, cells); 1 = none.
        blend: means of another forecaster of the same rows, shape (stop, cells), NaN = none;
            where there are any, the mean of both is taken.
    Raises: DomainError("forecast.short" | "forecast.too_far").
    """
    _check(counts, kinds, start, stop, horizon)
    effect = np.ones((stop, counts.shape[1])) if multiplier is None else multiplier[:stop]
    clean = counts[:stop] / effect[: len(counts)]
    begin = max(LEAST_HISTORY + horizon - 1, start - WARM_UP)
    mean = np.full((stop, counts.shape[1]), np.nan)
    for row in range(begin, stop):
        known = row - horizon + 1
        plain = expected_on(clean[:known], kinds[:known], int(kinds[row]), topics, weights)
        mean[row] = plain * effect[row]
    if blend is not None:
        mean = np.where(np.isnan(blend[:stop]), mean, (mean + blend[:stop]) / 2)
    phi = _phis(counts, mean, topics, begin, horizon)
    line = _lines(counts, begin, stop, horizon)
    chance = _chances(counts, mean, phi, line, start, horizon)
    shown = slice(start, stop)
    mu, spread = mean[shown], phi[shown]
    return Outlook(
        start, mu, quantile(0.5, mu, spread), quantile(LOW, mu, spread),
        quantile(HIGH, mu, spread), spread, line[shown], chance[shown],
    )  # fmt: skip


def _phis(counts: Counts, mean: Floats, topics: Ints, begin: int, horizon: int) -> Floats:
    """Scatter of each row, from the misses of the 112 days forecast before it."""
    found = np.full(mean.shape, FIRST_PHI)
    for row in range(begin, len(mean)):
        first, known = max(begin, row - horizon + 1 - WARM_UP), row - horizon + 1
        if known - first >= LEAST_KNOWN // 2:
            past = slice(first, known)
            found[row] = dispersion(counts[past].astype(np.float64), mean[past], topics, POOL)
    return found


def _lines(counts: Counts, begin: int, stop: int, horizon: int) -> Floats:
    """More reports than this are an overload: own 90th percentile of the 365 days known."""
    found = np.full((stop, counts.shape[1]), np.nan)
    for row in range(max(begin, LEAST_FOR_LINE + horizon - 1), stop):
        known = counts[max(0, row - YEAR) : row - horizon + 1]
        found[row] = np.maximum(np.quantile(known, OVERLOAD_SHARE, axis=0), LEAST_OVERLOAD - 1)
    return np.asarray(np.floor(found), dtype=np.float64)


def _chances(
    counts: Counts, mean: Floats, phi: Floats, line: Floats, start: int, horizon: int
) -> Floats:
    """Probability of overload, scaled by what came of the earlier ones; refitted each 28 days."""
    raw = np.full(mean.shape, np.nan)
    has_line = ~np.isnan(line[:, 0])
    raw[has_line] = above(line[has_line], mean[has_line], phi[has_line])
    begin = int(has_line.argmax()) if has_line.any() else len(mean)
    found, stop, scale = raw.copy(), len(mean), (0.0, 1.0)
    for row in range(start, stop, REFIT):
        past = slice(max(begin, row - horizon + 1 - YEAR), row - horizon + 1)
        if past.stop - past.start >= LEAST_KNOWN:
            scale = fitted_scale(raw[past], counts[past] > line[past])
        found[row : row + REFIT] = scaled(raw[row : row + REFIT], scale)
    return found


def check_blind(
    run: Callable[[Counts], Outlook], counts: Counts, *, days_known: int, horizon: int
) -> None:
    """See whether forecasts know what they cannot: change the future, and they must stay.

    Args:
        run: the forecaster whole, from counts to outlook.
        days_known: rows 0..days_known-1 stay; all later ones are replaced.
    Raises: DomainError("forecast.leak") naming the first day that changed.
    """
    future = counts.copy()
    future[days_known:] = future[days_known:][::-1] * 3 + 17
    honest, changed = run(counts), run(future)
    rows = days_known - 1 + horizon - honest.start + 1
    for name in (f.name for f in fields(Outlook) if f.name != "start"):
        one, other = getattr(honest, name)[:rows], getattr(changed, name)[:rows]
        differ = np.flatnonzero((np.nan_to_num(one) != np.nan_to_num(other)).any(axis=1))
        if len(differ):
            row = honest.start + int(differ[0])
            raise DomainError(
                "forecast.leak",
                f"The {name} forecast of day {row} changes with counts after day "
                f"{row - horizon}: it has seen the future, and its figures mean nothing.",
                f"第 {row} 天的预测（{name}）随第 {row - horizon} 天之后的数据变化："
                "使用了未来信息，指标无效。",
                where=name,
            )


def _check(counts: Counts, kinds: Ints, start: int, stop: int, horizon: int) -> None:
    if start - horizon + 1 < LEAST_HISTORY:
        raise DomainError(
            "forecast.short",
            f"There are {max(0, start - horizon + 1)} days of records before the first forecast; "
            f"{LEAST_HISTORY} are needed. Wait, or import earlier reports.",
            f"首次预测前仅有 {max(0, start - horizon + 1)} 天记录，至少需要 {LEAST_HISTORY} 天；"
            "请继续积累或导入历史上报。",
            details={"days": len(counts), "needed": LEAST_HISTORY},
        )
    if horizon < 1 or stop > len(counts) + horizon or len(kinds) < stop or stop <= start:
        raise DomainError(
            "forecast.too_far",
            f"Rows {start}..{stop} cannot be forecast {horizon} days ahead from "
            f"{len(counts)} days of records and {len(kinds)} kinds of days.",
            f"仅有 {len(counts)} 天记录，无法提前 {horizon} 天预测第 {start}–{stop} 行。",
        )
