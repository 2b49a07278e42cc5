"""How hot an issue is: how many people, how fast, how long without an answer.

Nothing in it depends on who somebody is or how often somebody reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PEAK_DAYS, WEEK, UNSOLVED_FULL = 14.0, 7.0, 90.0
TREND_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Heat:
    """Figures of one issue at a moment.

    Args:
        reports: how many; persons: distinct senders (a report without one counts as one).
        this_week, last_week: reports in the last seven days, and in the seven before.
        peak: most reports in any fourteen days.
        unsolved_days: age of the oldest report whose case is open, 0 when all are solved.
        value: the heat, see `heat_of`. trend: reports a week, oldest first, twelve weeks.
    """

    reports: int
    persons: int
    this_week: int
    last_week: int
    peak: int
    unsolved_days: float
    value: float
    trend: tuple[int, ...]


def heat_of(
    days: Sequence[float], senders: Sequence[str], unsolved: Sequence[bool], *, today: float
) -> Heat:
    """Heat = (persons + ½ peak + growth) × (1 + ½ share of 90 days unsolved).

    Growth is how many more reports came in the last seven days than in the seven before, at
    least 0. An issue whose reports are all solved or old has little left of it: persons and
    peak count only in the share of reports of the last 90 days.
    Args:
        days: when each report came, any origin; senders: a key per sender, "" = unknown;
        unsolved: whether its case is open; today: the moment, same origin as `days`.
    """
    at = np.sort(np.asarray(days, dtype=np.float64))
    known = {key for key in senders if key}
    persons = len(known) + sum(not key for key in senders)
    age = today - at
    this_week = int(((age >= 0) & (age < WEEK)).sum())
    last_week = int(((age >= WEEK) & (age < 2 * WEEK)).sum())
    ends = np.searchsorted(at, at + PEAK_DAYS, side="left")
    peak = int((ends - np.arange(len(at))).max(initial=0))
    open_days = [today - day for day, is_open in zip(days, unsolved, strict=True) if is_open]
    unsolved_days = max(open_days, default=0.0)
    recent = float((age < UNSOLVED_FULL).mean()) if len(at) else 0.0
    standing = (persons + 0.5 * peak) * max(recent, 0.1)
    waiting = 1.0 + 0.5 * min(unsolved_days, UNSOLVED_FULL) / UNSOLVED_FULL
    value = (standing + max(this_week - last_week, 0)) * waiting
    weeks = np.bincount(
        np.clip(age[(age >= 0) & (age < TREND_WEEKS * WEEK)] // WEEK, 0, TREND_WEEKS - 1).astype(
            int
        ),
        minlength=TREND_WEEKS,
    )
    return Heat(
        len(at),
        persons,
        this_week,
        last_week,
        peak,
        unsolved_days,
        round(value, 2),
        tuple(weeks[::-1].tolist()),
    )
