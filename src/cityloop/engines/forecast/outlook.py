"""Forecasts of days two (or more) ahead, each from what was known then: for the next days, and for
past days as if they were ahead (walk-forward), by one and the same code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.boosted import LEAST_JUDGED, LEAST_TRAINED, corrected, share_of_trees
from cityloop.engines.forecast.boosted import REFIT as GROWN_EACH
from cityloop.engines.forecast.calibrate import fitted_scale, scaled
from cityloop.engines.forecast.counts import Counts
from cityloop.engines.forecast.level import USUAL, Weights, expected_on
from cityloop.engines.forecast.spread import above, dispersion, quantile
from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_HISTORY = 14
"""Days of records before a forecast is made at all: two of each weekday."""
FULL_HISTORY = 56
"""Eight of each weekday; with fewer the history is short, and intervals are widened."""
WARM_UP, YEAR = 112, 365
LEAST_OVERLOAD, OVERLOAD_SHARE = 5, 0.9
LEAST_FOR_LINE, LEAST_FOR_FIRST_LINE = 180, 28
"""Days of records before there is a line: what is much for a season is not yet for the year.
`LEAST_FOR_FIRST_LINE` may be asked for where a line of the days known is better than none."""
LEAST_FOR_TREES = FULL_HISTORY + LEAST_TRAINED + LEAST_JUDGED
JUDGED = 168
"""Days over which trees are judged against level × week."""
LOW, HIGH = 0.1, 0.9
FIRST_PHI, FIRST_SHARE, WIDER = 1.5, 0.06, 0.75
"""Scatter before misses are known: by chance and a half, and a day's own swing of a quarter."""
POOL, LEAST_MISSES, LEAST_KNOWN, REFIT = 40.0, 5, 28, 28


@dataclass(frozen=True)
class Outlook:
    """Forecasts of the days start..stop-1, each array of shape (days, cells).

    mean: expected reports. median: the point forecast with the least mean absolute error.
    low, high: 10 % and 90 % quantiles. phi: variance over mean. line: the overload line, own 90th
    percentile of the year known; chance: probability that the day ends above it (and with 5 or
    more). Both are NaN before 180 days are known. start: row of the first of them. trees: how much
    of each day's mean boosted trees make, 0..1, shape (days, 1).
    """

    start: int
    mean: Floats
    median: Floats
    low: Floats
    high: Floats
    phi: Floats
    line: Floats
    chance: Floats
    trees: Floats


Trees = float | Literal["chosen"]


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
    trees: Trees = 0.0,
    least_for_line: int = LEAST_FOR_LINE,
) -> Outlook:
    """Forecast rows start..stop-1, row i from the counts of rows 0..i-horizon alone.

    Args:
        counts: shape (days known, cells), whole numbers.
        kinds: kinds of days, shape (>= stop,). topics: number of each cell's topic.
        stop: at most days known + horizon.
        multiplier: effect of named triggers, shape (>= stop, cells); 1 = none.
        trees: how much of the means boosted trees make, 0..1; "chosen": each 28 days as much as
            would have erred least on the days known then, none in doubt. Without LightGBM
            (extra `ai`) and before 112 days to learn from: none.
        least_for_line: days known before there is an overload line.
    Raises: DomainError("forecast.short" | "forecast.too_far").
    """
    _check(counts, kinds, start, stop, horizon)
    effect = np.ones((stop, counts.shape[1])) if multiplier is None else multiplier[:stop]
    clean = counts[:stop] / effect[: len(counts)]
    warm_up = WARM_UP + (JUDGED if trees == "chosen" else 0)
    # where full histories go before, what a short one would have said is left aside
    is_long = start >= FULL_HISTORY + LEAST_KNOWN
    first = (FULL_HISTORY if is_long else LEAST_HISTORY) + horizon - 1
    begin = first if trees else max(first, start - warm_up)
    plain = np.full((stop, counts.shape[1]), np.nan)
    for row in range(begin, stop):
        known = row - horizon + 1
        plain[row] = expected_on(clean[:known], kinds[:known], int(kinds[row]), topics, weights)
    begin = max(first, start - warm_up)
    mean, share = _with_trees(
        clean, plain, kinds, topics, (first, begin, start, stop), horizon, trees
    )
    mean *= effect
    phi = _phis(counts, mean, topics, begin, horizon)
    line = _lines(counts, begin, stop, horizon, least_for_line)
    chance = _chances(counts, mean, phi, line, start, horizon)
    shown = slice(start, stop)
    mu, spread = mean[shown], phi[shown]
    return Outlook(
        start, mu, quantile(0.5, mu, spread), quantile(LOW, mu, spread),
        quantile(HIGH, mu, spread), spread, line[shown], chance[shown], share[shown],
    )  # fmt: skip


def _with_trees(
    counts: Floats, plain: Floats, kinds: Ints, topics: Ints, rows: tuple[int, int, int, int],
    horizon: int, trees: Trees,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Means with as much of the trees as was asked for, and how much that is a day.

    rows: (first with a plain mean, first looked at, first shown, behind the last).
    """
    first, begin, start, stop = rows
    share = np.zeros((stop, 1))
    young = stop - horizon + 1 - first < LEAST_TRAINED + LEAST_JUDGED
    if not trees or (trees == "chosen" and young):
        return plain, share
    from_row = begin if trees == "chosen" else start
    grown = corrected(
        counts, plain, kinds, topics, begin=first, start=from_row, stop=stop, horizon=horizon
    )
    for row in range(from_row, stop, GROWN_EACH):
        known = row - horizon + 1
        chosen = (
            share_of_trees(counts, plain, grown, known=known, looked_back=JUDGED)
            if trees == "chosen"
            else trees
        )
        share[row : row + GROWN_EACH] = chosen
    share[np.isnan(grown[:, 0])] = 0.0
    return np.where(share > 0, (1 - share) * plain + share * grown, plain), share


def _phis(counts: Counts, mean: Floats, topics: Ints, begin: int, horizon: int) -> Floats:
    """Scatter of each row, from the misses of the 112 days forecast before it."""
    found = FIRST_PHI + FIRST_SHARE * np.nan_to_num(mean)
    for row in range(begin, len(mean)):
        first, known = max(begin, row - horizon + 1 - WARM_UP), row - horizon + 1
        if known - first >= LEAST_MISSES:
            past, sure = slice(first, known), min(1.0, (known - first) / LEAST_KNOWN)
            phi = dispersion(counts[past].astype(np.float64), mean[past], topics, POOL)
            found[row] = sure * phi + (1 - sure) * found[row]
        found[row] *= widened(known)
    return found


def widened(days_known: int) -> float:
    """By how much a short history widens the scatter: 2.5 times at 14 days, not at all from 56."""
    return 1 + max(0.0, (FULL_HISTORY - days_known) / (FULL_HISTORY - LEAST_HISTORY)) * WIDER


def _lines(counts: Counts, begin: int, stop: int, horizon: int, least: int) -> Floats:
    """More reports than this are an overload: own 90th percentile of the 365 days known."""
    found = np.full((stop, counts.shape[1]), np.nan)
    for row in range(max(begin, least + horizon - 1), stop):
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
