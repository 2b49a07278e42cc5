"""A small made-up city of counts: topics with a week, areas with a share, hours of the day."""

from __future__ import annotations

from datetime import date

import numpy as np

from cityloop.engines.forecast import DailyCounts

WEEK = np.array([1.2, 1.1, 1.1, 1.1, 1.1, 0.8, 0.6])
FIRST = date(2024, 1, 1)


def city(days: int = 300, *, areas: int = 3, topics: int = 3, per_day: float = 6.0) -> DailyCounts:
    """Counts whose level wanders slowly and doubles now and then; hours as in an office town."""
    rng = np.random.default_rng(5)
    level = np.exp(np.cumsum(rng.normal(0, 0.03, (days, topics)), axis=0))
    busy = np.where(rng.random((days, topics)) < 0.08, 2.0, 1.0)
    mean = per_day * level * busy * WEEK[np.arange(days) % 7][:, None]
    share = np.linspace(1.5, 0.5, areas)
    cells = tuple((f"a{a}", f"t{t}") for a in range(areas) for t in range(topics))
    counts = rng.poisson(np.stack([mean[:, t] * share[a] for a in range(areas)
                                   for t in range(topics)], axis=1))  # fmt: skip
    day = np.exp(-0.5 * ((np.arange(24) - 12.5) / 3.5) ** 2)
    hourly = rng.multinomial(counts, day / day.sum()).transpose(0, 2, 1)
    return DailyCounts(FIRST, cells, counts.astype(np.int64), hourly.astype(np.int64))
