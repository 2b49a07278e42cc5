"""How today will end, from what has come until now: shares of the day by topic and kind of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.counts import Counts
from cityloop.engines.forecast.days import SATURDAY
from cityloop.engines.forecast.spread import above_shape, quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOOK_BACK = 84
POOL = 60.0
MOST_SHARE = 0.999


@dataclass(frozen=True)
class Today:
    """Of one day at one hour, arrays of shape (cells,).

    seen: reports until now. share: part of the day's reports that has come by now as a rule.
    mean: expected at the end of the day; low, high: 10 % and 90 % quantiles of it.
    chance: probability that the day ends above its line.
    """

    seen: Floats
    share: Floats
    mean: Floats
    low: Floats
    high: Floats
    chance: Floats


def nowcast(
    hourly: Counts,
    kinds: Ints,
    topics: Ints,
    *,
    seen: Floats,
    kind: int,
    hour: int,
    mean: Floats,
    phi: Floats,
    line: Floats,
) -> Today:
    """The end of a day from its first hours.

    What came moves the day's level (gamma-Poisson: the more the forecast scatters, the more what
    is seen counts); what is to come scatters by that level and by how the share of the day varies.

    Args:
        hourly: whole days before this one, shape (days, 24, cells); kinds: of these days.
        seen: reports of this day before `hour`, shape (cells,). kind: of this day. hour: 0..24.
        mean, phi, line: this day's forecast and overload line, shape (cells,).
    """
    past = hourly[-LOOK_BACK:]
    working = kinds[-LOOK_BACK:] < SATURDAY
    alike = past[working == (kind < SATURDAY)]
    share, scatter = _shares(alike if len(alike) else past, hour, topics)
    shape = mean / np.maximum(phi - 1, 0.005)
    factor = (shape + seen) / (shape + mean * share)
    rest = np.maximum(mean * (1 - share) * factor, 1e-6)
    by_level = rest**2 / (shape + seen)
    by_share = (scatter - 1) * share * (1 - share) * (seen + rest)
    extra = np.maximum(by_level + by_share, rest**2 * 1e-6)
    chance = above_shape(line - seen, rest, rest**2 / extra)
    spread = 1 + extra / rest
    return Today(
        seen, share, seen + rest,
        seen + quantile(0.1, rest, spread), seen + quantile(0.9, rest, spread),
        np.where(seen > line, 1.0, chance),
    )  # fmt: skip


def chances_back(
    hourly: Counts, kinds: Ints, topics: Ints, *, hour: int, first: int, mean: Floats, phi: Floats,
    line: Floats,
) -> Floats:  # fmt: skip
    """What would have been said of past days at this hour, each from the days before it.

    Args:
        hourly: whole days, shape (days, 24, cells); kinds: of these days, shape (>= days,).
        first: the first day asked for; at least one comes before it.
        mean, phi, line: forecasts of the days first.., shape (days - first, cells).
    Returns: probabilities as they come, not yet scaled, of the shape of `mean`.
    """
    found = np.zeros(mean.shape)
    for row in range(first, len(hourly)):
        found[row - first] = nowcast(
            hourly[:row], kinds[:row], topics,
            seen=hourly[row, :hour].sum(axis=0).astype(np.float64),
            kind=int(kinds[row]), hour=hour,
            mean=mean[row - first], phi=phi[row - first], line=line[row - first],
        ).chance  # fmt: skip
    return found


def _shares(past: Counts, hour: int, topics: Ints) -> tuple[Floats, Floats]:
    """Part of a day's reports before `hour`, and how far days scatter around it beyond chance.

    Cells lean on their topic, topics on all together, by POOL reports.
    """
    before = past[:, :hour].sum(axis=1).astype(np.float64)
    whole = past.sum(axis=1).astype(np.float64)
    size = int(topics.max()) + 1
    onto = np.zeros((len(topics), size))
    onto[np.arange(len(topics)), topics] = 1.0
    everybody = before.sum() / max(whole.sum(), 1.0)
    by_topic = _drawn(before @ onto, whole @ onto, np.full(size, everybody))
    share = np.clip(_drawn(before, whole, by_topic[topics]), 0.0, MOST_SHARE)
    of_topic, in_topic = before @ onto, whole @ onto
    due = in_topic * by_topic * (1 - by_topic)
    misses = ((of_topic - in_topic * by_topic) ** 2).sum(axis=0)
    known = due.sum(axis=0)
    pooled = misses.sum() / max(known.sum(), 1e-9)
    scatter = (misses + POOL * pooled) / (known + POOL)
    return share, np.maximum(scatter, 1.0)[topics]


def _drawn(part: Floats, whole: Floats, towards: Floats) -> Floats:
    return np.asarray(
        (part.sum(axis=0) + POOL * towards) / (whole.sum(axis=0) + POOL), dtype=np.float64
    )
