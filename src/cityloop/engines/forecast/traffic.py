"""Speeds (or flows) of the next minutes, from the last hour here and next door.

One linear rule a place and time ahead, on what the place usually does at that time of the day, its
own last readings and those of its neighbours; places with few readings lean on everybody's rule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
LAGS, NEIGHBOUR_LAGS = 12, 3
RIDGE, POOL = 1e-3, 200.0
LEAST_ROWS = 200


@dataclass(frozen=True)
class TrafficModel:
    """A trained forecast.

    usual: what each place reads at each step of the day, shape (steps a day, places).
    neighbours: weights of each place's neighbours, rows sum to 1 (or 0), shape (places, places).
    rules: shape (steps ahead, places, features). steps_per_day: readings a day.
    """

    usual: Floats
    neighbours: Floats
    rules: Floats
    steps_per_day: int

    def predict(self, recent: Floats, slot: int) -> Floats:
        """The next readings.

        Args:
            recent: the last readings, oldest first, shape (>= 12, places); NaN = missing, taken
                for what is usual then.
            slot: step of the day of the last of them, 0 = 00:00.
        Returns: shape (steps ahead, places), >= 0.
        Raises: DomainError("traffic.short" | "traffic.places").
        """
        shown = np.asarray(recent, dtype=np.float64)
        if shown.ndim != 2 or shown.shape[1] != self.usual.shape[1]:
            raise _wrong_places(shown.shape, self.usual.shape[1])
        if len(shown) < LAGS:
            raise _too_short(len(shown), LAGS)
        slots = (slot - np.arange(LAGS)[::-1]) % self.steps_per_day
        away = np.nan_to_num(shown[-LAGS:] - self.usual[slots])
        row = _features(away[None], self.neighbours)[0]
        ahead = (slot + 1 + np.arange(len(self.rules))) % self.steps_per_day
        said = self.usual[ahead] + np.einsum("pf,apf->ap", row, self.rules)
        return np.asarray(np.maximum(said, 0.0), dtype=np.float64)


def train_traffic(
    readings: Floats,
    links: Floats,
    *,
    steps_ahead: int = 3,
    steps_per_day: int = 288,
    slot: int = 0,
) -> TrafficModel:
    """Learn from past readings.

    Args:
        readings: speeds (or flows), shape (times, places), equal steps, oldest first;
            NaN = missing.
        links: nearness of places, shape (places, places), >= 0; the diagonal does not count.
        steps_ahead: how many steps to forecast (3 of 5 minutes = 15 minutes).
        slot: step of the day of the first row.
    Raises: DomainError("traffic.short" | "traffic.places" | "traffic.negative").
    Source: autoregression with exogenous neighbours (ridge), cf. STARIMA, Pfeifer & Deutsch 1980.
    """
    seen = np.asarray(readings, dtype=np.float64)
    _check(seen, links)
    slots = (slot + np.arange(len(seen))) % steps_per_day
    usual = _usual(seen, slots, steps_per_day)
    near = _row_shares(links)
    away = np.nan_to_num(seen - usual[slots])
    windows = np.lib.stride_tricks.sliding_window_view(away, LAGS, axis=0).transpose(0, 2, 1)
    rows = _features(windows, near)
    rules = []
    for ahead in range(1, steps_ahead + 1):
        x, y = rows[:-ahead], away[LAGS - 1 + ahead :]
        known = ~np.isnan(seen[LAGS - 1 + ahead :])
        rules.append(_rules(x, y, known))
    return TrafficModel(usual, near, np.stack(rules), steps_per_day)


def _features(windows: Floats, near: Floats) -> Floats:
    """(times, 12, places) → (times, places, features): own lags, neighbours' lags, a constant."""
    own = windows.transpose(0, 2, 1)
    beside = windows[:, -NEIGHBOUR_LAGS:] @ near.T
    ones = np.ones((*own.shape[:2], 1))
    return np.concatenate([own, beside.transpose(0, 2, 1), ones], axis=2)


def _rules(x: Floats, y: Floats, known: NDArray[np.bool_]) -> Floats:
    """A ridge rule a place, drawn to the rule of all places by POOL rows."""
    weight = known.astype(np.float64)
    gram = np.einsum("tpf,tp,tpg->pfg", x, weight, x, optimize=True)
    moment = np.einsum("tpf,tp->pf", x, weight * y, optimize=True)
    all_gram, all_moment = gram.sum(axis=0), moment.sum(axis=0)
    rows = max(float(weight.sum()), 1.0)
    size = x.shape[2]
    scale = np.trace(all_gram) / rows / size
    everybody = np.linalg.solve(all_gram + RIDGE * rows * scale * np.eye(size), all_moment)
    prior = POOL * all_gram / rows + RIDGE * POOL * scale * np.eye(size)
    found = np.linalg.solve(gram + prior, (moment + prior @ everybody)[..., None])
    return np.asarray(found[..., 0], dtype=np.float64)


def _usual(seen: Floats, slots: NDArray[np.int64], steps_per_day: int) -> Floats:
    """Mean by step of the day, smoothed over half an hour; the place's mean where none is known."""
    known = ~np.isnan(seen)
    sums = np.zeros((steps_per_day, seen.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, slots, np.nan_to_num(seen))
    np.add.at(counts, slots, known)
    width = max(1, steps_per_day // 48)
    around = range(-width, width + 1)
    sums = sum((np.roll(sums, n, axis=0) for n in around), np.zeros_like(sums))
    counts = sum((np.roll(counts, n, axis=0) for n in around), np.zeros_like(counts))
    mean = np.nan_to_num(seen).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), mean), dtype=np.float64)


def _row_shares(links: Floats) -> Floats:
    near = np.asarray(links, dtype=np.float64).copy()
    np.fill_diagonal(near, 0.0)
    shares = near / np.maximum(near.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(shares, dtype=np.float64)


def _check(seen: Floats, links: Floats) -> None:
    if seen.ndim != 2 or np.shape(links) != (seen.shape[1], seen.shape[1]):
        raise _wrong_places(np.shape(links), seen.shape[-1])
    if len(seen) < LEAST_ROWS:
        raise _too_short(len(seen), LEAST_ROWS)
    if np.nanmin(seen) < 0 or np.min(links) < 0:
        raise DomainError(
            "traffic.negative",
            "A reading or a link is below 0; readings and nearness are 0 or more, NaN = missing.",
            "读数或邻接权重小于 0；应为非负数，缺失用 NaN。",
        )


def _too_short(there: int, needed: int) -> DomainError:
    return DomainError(
        "traffic.short",
        f"There are {there} steps of readings; {needed} are needed.",
        f"仅有 {there} 步读数，至少需要 {needed} 步。",
        details={"steps": there, "needed": needed},
    )


def _wrong_places(shape: tuple[int, ...], places: int) -> DomainError:
    return DomainError(
        "traffic.places",
        f"Shape {shape} does not fit {places} places.",
        f"形状 {shape} 与 {places} 个点位不符。",
        where="places",
    )
