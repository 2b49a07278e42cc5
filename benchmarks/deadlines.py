"""How fast the deadline engine is: one JSON object a line.

`limit` is a plain numpy operation on the same columns in the same run: what no clock can beat.
Run: python benchmarks/deadlines.py
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np

from cityloop.engines.deadlines import (
    UNITS,
    Limit,
    Unit,
    WorkCalendar,
    add,
    add_many,
    elapsed_many,
    verdicts,
    work_flags,
)

ROWS = 1_000_000
RUNS = 5
SCALAR_CALLS = 50_000
GOAL_ROWS_S = 2_000_000
GOAL_CALLS_S = 20_000


def rate(work: Callable[[], object], count: int) -> float:
    """Median of the runs, units a second, after one run to warm up (tables, memory)."""
    work()
    rates = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return statistics.median(rates)


def line(name: str, value: float, unit: str, *, goal: float, limit: float) -> dict[str, object]:
    """One figure as the README quotes it."""
    return {
        "name": name,
        "value": round(value),
        "unit": unit,
        "goal": goal,
        "limit": round(limit),
        "ratio": round(value / limit, 4),
        "ok": value >= goal,
    }


def city_calendar() -> WorkCalendar:
    """Office hours in Shanghai with eleven days off a year, so that no package is needed."""
    days = [date(year, 10, day) for year in range(2020, 2027) for day in range(1, 9)]
    days += [date(year, 5, day) for year in range(2020, 2027) for day in range(1, 4)]
    return WorkCalendar(holidays=frozenset(days))


def figures() -> list[dict[str, object]]:
    """All figures, on two years of random starts with limits in every unit."""
    rng = np.random.default_rng(20250928)
    calendar = city_calendar()
    two_years = 2 * 365 * 86_400 * 1_000_000
    starts = np.datetime64("2024-01-01", "us") + rng.integers(0, two_years, ROWS)
    values = rng.integers(1, 16, ROWS).astype(np.float64)
    codes = rng.integers(0, len(UNITS), ROWS).astype(np.int8)
    spans = rng.integers(0, 10 * 86_400 * 1_000_000, ROWS)
    ends = starts + spans
    work = work_flags(codes)
    due = add_many(starts, values, codes, calendar)
    now = datetime(2025, 7, 1, tzinfo=UTC)
    start_us, end_us = starts.view(np.int64), ends.view(np.int64)

    raw_add = rate(lambda: start_us + spans, ROWS)
    raw_subtract = rate(lambda: end_us - start_us, ROWS)
    raw_compare = rate(lambda: end_us > start_us, ROWS)
    added = rate(lambda: add_many(starts, values, codes, calendar), ROWS)
    counted = rate(lambda: elapsed_many(starts, ends, work, calendar), ROWS)
    judged = rate(lambda: verdicts(due, ends, now=now), ROWS)
    return [
        line("deadlines.add_many", added, "rows/s", goal=GOAL_ROWS_S, limit=raw_add),
        line("deadlines.elapsed_many", counted, "rows/s", goal=GOAL_ROWS_S, limit=raw_subtract),
        line("deadlines.verdicts", judged, "rows/s", goal=GOAL_ROWS_S, limit=raw_compare),
        scalar_figure(calendar),
    ]


def scalar_figure(calendar: WorkCalendar) -> dict[str, object]:
    """`add` for single cases; its limit is adding a timedelta to a datetime."""
    first = datetime(2025, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(minutes=7 * i) for i in range(SCALAR_CALLS)]
    limit, span = Limit(3, Unit.WORK_DAY), timedelta(days=3)
    raw = rate(lambda: [start + span for start in starts], SCALAR_CALLS)
    added = rate(lambda: [add(start, limit, calendar) for start in starts], SCALAR_CALLS)
    return line("deadlines.add", added, "calls/s", goal=GOAL_CALLS_S, limit=raw)


def main() -> None:
    """Print the figures."""
    for figure in figures():
        print(json.dumps(figure))


if __name__ == "__main__":
    main()
