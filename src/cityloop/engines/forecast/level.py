"""Level × profile of the week: what to expect of a day, from the days known two days earlier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.days import KINDS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_SHARE = 0.05
SURE_OF_A_DAY = 8
"""With fewer days of a kind known, the week is drawn to a flat one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How fast what is new replaces what is old.

    window: days looked back. cell, topic, slow: share a new day takes in the level of a cell, of
    its topic in the whole city, and in the slow level of both. mix: how much of a cell's level
    comes from its slow share of its topic's fast level (few reports borrow from many).
    pool: reports by which a topic's week is drawn to everybody's week.
    """

    window: int = 140
    cell: float = 0.10
    topic: float = 0.20
    slow: float = 0.03
    mix: float = 0.6
    pool: float = 200.0


USUAL = Weights()


def expected_on(
    history: Floats, kinds: Ints, kind: int, topics: Ints, weights: Weights = USUAL
) -> Floats:
    """Mean number of reports a cell on a day of this kind.

    Args:
        history: counts of the days known, shape (days, cells); the last row is the newest.
        kinds: their kinds (`day_kinds`), shape (days,).
        topics: number of each cell's topic, shape (cells,).
    Returns: shape (cells,), >= 0.
    Source: exponential smoothing (Brown 1959) of counts freed from a multiplicative week.
    """
    seen = history[-weights.window :]
    days = kinds[-weights.window :]
    size = int(topics.max()) + 1
    onto = np.zeros((len(topics), size))
    onto[np.arange(len(topics)), topics] = 1.0
    of_topic = seen @ onto
    week = _week(of_topic, days, weights.pool)
    by_cell = week[days][:, topics]
    cell = _level(seen, by_cell, weights.cell)
    slow = _level(seen, by_cell, weights.slow)
    fast_topic = _level(of_topic, week[days], weights.topic)
    slow_topic = _level(of_topic, week[days], weights.slow)
    borrowed = slow * (fast_topic / np.maximum(slow_topic, 1e-9))[topics]
    level = (1 - weights.mix) * cell + weights.mix * borrowed
    return np.asarray(level * week[kind][topics], dtype=np.float64)


def _week(of_topic: Floats, days: Ints, pool: float) -> Floats:
    """Share of an average day that each kind of day has, shape (7, topics)."""
    total = of_topic.sum(axis=1)
    mean = max(total.mean(), 1e-9)
    week = np.ones((KINDS, of_topic.shape[1]))
    average = of_topic.mean(axis=0)
    for kind in range(KINDS):
        mine = days == kind
        if not mine.any():
            continue
        few = max(0.0, (SURE_OF_A_DAY - mine.sum()) / 2)
        everybody = (total[mine].sum() / mean + few) / (mine.sum() + few)
        known = average * mine.sum()
        week[kind] = (of_topic[mine].sum(axis=0) + pool * everybody) / (known + pool)
    return np.maximum(week, LEAST_SHARE)


def _level(seen: Floats, week: Floats, share: float) -> Floats:
    old = (1 - share) ** np.arange(len(seen))[::-1][:, None]
    return np.asarray((seen * old).sum(axis=0) / (week * old).sum(axis=0), dtype=np.float64)
