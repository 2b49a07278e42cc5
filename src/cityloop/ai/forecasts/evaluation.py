"""What the forecasts are worth on a file of past reports they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cityloop.ai.forecasts.files import read_counts
from cityloop.engines.forecast import (
    DailyCounts,
    at_level,
    day_kinds,
    days_off,
    evaluate,
    outlook,
    small_ones_together,
)
from cityloop.engines.forecast.evaluate import FIRST_TEST
from cityloop.engines.forecast.outlook import FULL_HISTORY, YEAR
from cityloop.engines.forecast.peer import auto_ets

CALENDARS = ("none", "us", "cn")
LEAST_PER_DAY = 1.0
SURELY_SOME = 20.0
"""Where so many reports a day are usual, a day without any was hardly quiet."""


def evaluate_file(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    areas: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    holidays: str = "auto",
    horizon: int = 2,
    test_days: int = YEAR,
    least_per_day: float = LEAST_PER_DAY,
    with_trees: bool = True,
    beside_auto_ets: bool = False,
) -> dict[str, Any]:
    """The engine's report, with the columns used and the rows left out.

    Args:
        holidays: none, us, cn; "auto": the one that would have erred least before the test.
        least_per_day: areas and topics with fewer reports are taken together.
        with_trees: boosted trees where LightGBM is installed and they were better before.
        beside_auto_ets: AutoETS of statsforecast on the same series and days (slow).
    Raises: DomainError as `read_counts`, `evaluate`, `days_off`, `auto_ets`.
    """
    read = read_counts(path, columns=columns, areas=areas, day_first=day_first)
    start = max(read.counts.days - test_days, FIRST_TEST)
    counts = small_ones_together(read.counts, least_per_day, known_days=start)
    name = _fitting(counts.until(start)) if holidays == "auto" else holidays
    report = evaluate(
        counts, kinds_of(counts, name), horizon=horizon, test_days=test_days, with_trees=with_trees
    )
    report["remarks"] += _silent_days(counts)
    beside = auto_ets(at_level(counts, "cell").counts, start, horizon) if beside_auto_ets else None
    return {
        "columns": read.columns,
        "rows": read.rows,
        "rows_left_out": dict(read.refused),
        "holidays": name,
        **report,
        "auto_ets": beside and {**beside, "ours": report["cell"]["mae"] / beside["mae"]},
    }


def _silent_days(counts: DailyCounts) -> list[str]:
    """Days without any report where many were due: zeros here, perhaps missing in the file."""
    total = counts.counts.sum(axis=1)
    silent = np.flatnonzero(total == 0) if total.mean() >= SURELY_SOME else np.empty(0, np.intp)
    if not len(silent):
        return []
    first, last = (counts.first_day + timedelta(days=int(silent[at])) for at in (0, -1))
    return [
        f"{len(silent)} days between {first} and {last} have no report at all (others have "
        f"{total.mean():.0f}): they count as 0. Are they missing in the file?"
    ]


def kinds_of(counts: DailyCounts, holidays: str, *, ahead: int = 0) -> Any:
    """Kinds of the days of these counts (and some after them) by a country's holidays."""
    years = range(counts.first_day.year, counts.last_day.year + 2)
    off, swapped = days_off(holidays, years)
    return day_kinds(counts.first_day, counts.days + ahead, off=off, swapped=swapped)


def _fitting(known: DailyCounts) -> str:
    """The calendar with the least error on the days before the test; none when in doubt."""
    city = at_level(known, "city")
    first = FULL_HISTORY + 1
    if city.days <= first:
        return "none"
    errors = {}
    for name in CALENDARS:
        kinds = kinds_of(city, name)
        said = outlook(city.counts, kinds, city.topics, start=first, stop=city.days)
        errors[name] = float(np.abs(said.mean - city.counts[first:]).mean())
    return min(CALENDARS, key=lambda name: (errors[name], CALENDARS.index(name)))
