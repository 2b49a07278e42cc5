"""Boosted trees on top of level × week: what else a long history tells, learned by LightGBM.

The trees do not forecast counts; they correct the plain forecast (its logarithm is the offset), so
that with little to learn they change little. Needs the extra `ai`; without it nothing is corrected.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_TRAINED = 112
"""Days with a plain forecast and its outcome before the first trees are grown."""
LEAST_JUDGED = 56
"""Days with both forecasts before one is chosen."""
REFIT, ROUNDS, MOST_ROWS = 28, 120, 60_000
MOST_CORRECTION, SURE = 1.0, 2.0
WINDOWS, WEEKS, LAST_DAYS = (3, 7, 28, 91), (1, 2, 3, 4), (1, 2)
YEAR, SEASON, WEEK = 364, 365.2425, 7
SETTINGS: dict[str, Any] = {
    "objective": "poisson", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 100,
    "lambda_l2": 10.0, "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1,
    "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 7, "verbosity": -1,
}  # fmt: skip


def has_trees() -> bool:
    """Whether LightGBM (extra `ai`) is installed."""
    return find_spec("lightgbm") is not None


def corrected(
    counts: Floats, plain: Floats, kinds: Ints, topics: Ints, *, begin: int, start: int, stop: int,
    horizon: int,
) -> Floats:  # fmt: skip
    """Means of rows start..stop-1 by trees grown each 28 days on what was known then.

    Args:
        counts: shape (days known, cells). plain: plain means, shape (stop, cells), from row
            `begin` on. kinds: of days, shape (>= stop,). topics: number of each cell's topic.
    Returns: shape (stop, cells), NaN where no trees were grown (fewer than 112 days to learn from,
        or LightGBM is not installed). Row i rests on counts of rows 0..i-horizon alone.
    Source: Ke et al. 2017 (LightGBM), Poisson deviance with offset.
    """
    found = np.full(plain.shape, np.nan)
    if not has_trees() or stop - horizon + 1 - begin < LEAST_TRAINED:
        return found
    shown = _features(counts, plain, kinds, topics, begin=begin, stop=stop, horizon=horizon)
    for row in range(start, stop, REFIT):
        known = row - horizon + 1
        if known - begin < LEAST_TRAINED:
            continue
        trees = _grown(shown[: known - begin], counts[begin:known], plain[begin:known])
        ahead = shown[row - begin : row + REFIT - begin]
        said = trees.predict(ahead.reshape(-1, ahead.shape[2]), raw_score=True, num_threads=1)
        factor = np.exp(np.clip(said, -MOST_CORRECTION, MOST_CORRECTION))
        rows = slice(row, row + len(ahead))
        found[rows] = plain[rows] * factor.reshape(ahead.shape[:2])
    return found


def _grown(shown: NDArray[np.float32], counts: Floats, plain: Floats) -> Any:
    import lightgbm

    x, y = shown.reshape(-1, shown.shape[2]), counts.ravel()
    offset = np.log(np.maximum(plain, 1e-3)).ravel()
    if len(y) > MOST_ROWS:
        kept = np.sort(np.random.default_rng(len(y)).choice(len(y), MOST_ROWS, replace=False))
        x, y, offset = x[kept], y[kept], offset[kept]
    given = lightgbm.Dataset(x, y.astype(np.float64), init_score=offset)
    return lightgbm.train(SETTINGS, given, ROUNDS)


def _features(
    counts: Floats, plain: Floats, kinds: Ints, topics: Ints, *, begin: int, stop: int, horizon: int
) -> NDArray[np.float32]:
    """What is known of each row `horizon` days before it, shape (rows, cells, features): past
    counts as shares of the plain forecast, by cell, topic and city; kind of day; season."""
    cells = counts.shape[1]
    onto = np.zeros((cells, int(topics.max()) + 1))
    onto[np.arange(cells), topics] = 1.0
    sums = np.concatenate([np.zeros((1, cells)), np.cumsum(counts, axis=0)])
    rows = []
    for row in range(begin, stop):
        known, due = row - horizon + 1, plain[row] + 0.5

        def mean(days: int, until: int = known) -> Floats:
            first = max(0, until - days)
            return np.asarray((sums[until] - sums[first]) / (until - first))

        week, month = mean(WEEK), mean(4 * WEEK)
        whole = plain[row].sum() + 0.5
        one = [
            *((mean(days) + 0.5) / due for days in WINDOWS),
            *(_of_day(counts, row - WEEK * n, known) / due for n in WEEKS),
            *((counts[known - n] + 0.5) / due for n in LAST_DAYS),
            ((week @ onto + 0.5) / (plain[row] @ onto + 0.5))[topics],
            *((m.sum() + 0.5) / whole for m in (mean(WINDOWS[0]), week, month)),
            # the week around the same day a year ago
            (mean(WEEK, row - YEAR + 4) + 0.5) / due if row - YEAR >= 3 else np.nan,
            np.log(due),
            *(kinds[min(max(row + n, 0), len(kinds) - 1)] for n in (-1, 0, 1)),
            np.sin(2 * np.pi * row / SEASON), np.cos(2 * np.pi * row / SEASON),
            topics,
        ]  # fmt: skip
        rows.append(np.stack([np.broadcast_to(f, (cells,)) for f in one], axis=1))
    return np.asarray(rows, dtype=np.float32)


def _of_day(counts: Floats, row: int, known: int) -> Floats | float:
    return counts[row] + 0.5 if 0 <= row < known else np.nan


def share_of_trees(
    counts: Floats, plain: Floats, trees: Floats, *, known: int, looked_back: int = 168,
    least: int = LEAST_JUDGED,
) -> float:  # fmt: skip
    """How much of the forecast the trees make: 0, 0.5 or 1, whichever erred least on the last
    XX

        Args:
            counts: shape (days known, cells). plain, trees: means, shape (>= known, cells).
            known: days known; looked_back: of these, how many are judged (those with trees).
            least: days with trees before anything but 0 is said.
        Error: Poisson deviance, summed over cells, paired by day.
    """
    past = slice(max(0, known - looked_back), known)
    grown = ~np.isnan(trees[past, 0])
    if grown.sum() < least:
        return 0.0
    came, usual, said = counts[past][grown], plain[past][grown], trees[past][grown]
    base = _deviance(came, usual)
    best, chosen = 0.0, 0.0
    for share in (0.5, 1.0):
        gain = base - _deviance(came, (1 - share) * usual + share * said)
        mean = float(gain.mean())
        if mean > best and mean > SURE * gain.std() / np.sqrt(len(gain)):
            best, chosen = mean, share
    return chosen


def _deviance(came: Floats, mean: Floats) -> Floats:
    """Of each day, up to a constant of the counts; shape (days,)."""
    kept = np.maximum(mean, 1e-3)
    return np.asarray((kept - came * np.log(kept)).sum(axis=1))
