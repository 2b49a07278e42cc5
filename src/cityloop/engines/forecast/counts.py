"""How many reports came, by day and cell (area × topic): the only thing forecasts are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Cell = tuple[str, str]
ALL, REST = "", "*"
LONGEST_GAP = 28
HOURS = 24
MOST_DAYS = 40_000


@dataclass(frozen=True)
class DailyCounts:
    """Reports by day and cell.

    first_day: of row 0. cells: (area, topic) of each column; "" = all, "*" = the small ones
    together. counts: shape (days, cells). hourly: shape (days, 24, cells), by the hour of the local
    day they came in, or None where only days are known. remarks: what was left out, and why.
    """

    first_day: date
    cells: tuple[Cell, ...]
    counts: Counts
    hourly: Counts | None = None
    remarks: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return len(self.counts)

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def topics(self) -> NDArray[np.int64]:
        """A number a column, equal for equal topics."""
        return numbered([topic for _, topic in self.cells])

    def until(self, days: int) -> DailyCounts:
        """What was known after so many days."""
        hourly = None if self.hourly is None else self.hourly[:days]
        return replace(self, counts=self.counts[:days], hourly=hourly)


def numbered(names: Sequence[str]) -> NDArray[np.int64]:
    """Names as numbers 0..k-1, in the order of the sorted names."""
    return np.unique(np.asarray(names, dtype=object).astype(str), return_inverse=True)[1]


def count_days(
    days: Sequence[date],
    areas: Sequence[str],
    topics: Sequence[str],
    numbers: Sequence[int],
    hours: Sequence[int] | None = None,
    *,
    until: date | None = None,
) -> DailyCounts:
    """Rows (day, area, topic, how many, hour) as counts, every day between first and last.

    A stretch of more than 28 days without any report is taken for a gap in the records: only what
    comes after the last such gap is kept, and the remark tells how much was left out.

    Args:
        until: last day the records cover, where the last reports came earlier.
    Raises: DomainError("forecast.no_rows" | "forecast.too_long" | "forecast.negative").
    """
    if not days:
        raise _no_rows()
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    amounts = np.asarray(numbers, dtype=np.int64)
    if amounts.min() < 0:
        raise _negative(int(amounts.argmin()), int(amounts.min()))
    first, remarks = _after_gap(ordinals, amounts)
    kept = ordinals >= first
    last = max(int(ordinals.max()), until.toordinal() if until else 0)
    if last - first >= MOST_DAYS:
        raise _too_long(date.fromordinal(first), date.fromordinal(last))
    pairs = sorted(set(zip(areas, topics, strict=True)))
    place = {pair: n for n, pair in enumerate(pairs)}
    column = np.array([place[pair] for pair in zip(areas, topics, strict=True)])[kept]
    row, amounts = ordinals[kept] - first, amounts[kept]
    shape = (last - first + 1, len(pairs))
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, (row, column), amounts)
    hourly = None
    if hours is not None:
        hourly = np.zeros((shape[0], HOURS, shape[1]), dtype=np.int64)
        np.add.at(hourly, (row, np.asarray(hours)[kept], column), amounts)
    return DailyCounts(date.fromordinal(first), tuple(pairs), counts, hourly, remarks)


def _after_gap(ordinals: NDArray[np.int64], amounts: Counts) -> tuple[int, tuple[str, ...]]:
    known = np.unique(ordinals)
    wide = np.flatnonzero(np.diff(known) > LONGEST_GAP)
    if not len(wide):
        return int(known[0]), ()
    first = int(known[wide[-1] + 1])
    left = int(amounts[ordinals < first].sum())
    before = date.fromordinal(int(known[wide[-1]]))
    return first, (
        f"No report between {before} and {date.fromordinal(first)}: "
        f"{left} reports from before that gap are left out.",
    )


def grouped(counts: DailyCounts, key: Callable[[Cell], Cell]) -> DailyCounts:
    """Cells of equal key as one."""
    names = [key(cell) for cell in counts.cells]
    kept = tuple(sorted(set(names)))
    place = {name: n for n, name in enumerate(kept)}
    onto = np.zeros((len(names), len(kept)), dtype=np.int64)
    onto[np.arange(len(names)), [place[name] for name in names]] = 1
    hourly = None if counts.hourly is None else counts.hourly @ onto
    return replace(counts, cells=kept, counts=counts.counts @ onto, hourly=hourly)


LEVELS: Mapping[str, Callable[[Cell], Cell]] = {
    "city": lambda cell: (ALL, ALL),
    "topic": lambda cell: (ALL, cell[1]),
    "area": lambda cell: (cell[0], ALL),
    "cell": lambda cell: cell,
}


def at_level(counts: DailyCounts, level: str) -> DailyCounts:
    """The whole city, its topics, its areas, or area × topic."""
    return grouped(counts, LEVELS[level])


def joined(first: DailyCounts, *others: DailyCounts) -> DailyCounts:
    """Columns of several levels of the same days side by side."""
    sets = (first, *others)
    hourly = None
    if all(one.hourly is not None for one in sets):
        hourly = np.concatenate([one.hourly for one in sets if one.hourly is not None], axis=2)
    return replace(
        first,
        cells=tuple(cell for one in sets for cell in one.cells),
        counts=np.concatenate([one.counts for one in sets], axis=1),
        hourly=hourly,
    )


def small_ones_together(
    counts: DailyCounts, least_per_day: float, *, known_days: int | None = None
) -> DailyCounts:
    """Areas and topics with fewer reports a day in the whole city become one rest each: "*".

    Args:
        known_days: only so many of the first days say which are small; None: all. Who tests on
            the later days must not know from them what will be large.
    """
    areas = _large(counts, 0, least_per_day, known_days)
    topics = _large(counts, 1, least_per_day, known_days)
    both = grouped(
        counts, lambda c: (c[0] if c[0] in areas else REST, c[1] if c[1] in topics else REST)
    )
    small = len({c[0] for c in counts.cells} - areas), len({c[1] for c in counts.cells} - topics)
    if not any(small):
        return both
    said = (
        f"{small[0]} areas and {small[1]} topics with fewer than {least_per_day:g} reports a day "
        "are taken together as '*'."
    )
    return replace(both, remarks=(*both.remarks, said))


def _large(counts: DailyCounts, part: int, least: float, days: int | None) -> set[str]:
    known, totals = counts.counts[:days], dict[str, int]()
    for cell, n in zip(counts.cells, known.sum(axis=0).tolist(), strict=True):
        totals[cell[part]] = totals.get(cell[part], 0) + n
    return {name for name, n in totals.items() if n >= least * len(known)}


def _no_rows() -> DomainError:
    return DomainError(
        "forecast.no_rows",
        "There is not one usable row to count. Check the column names and the dates.",
        "没有可计数的数据行，请检查列名与日期。",
    )


def _negative(row: int, value: int) -> DomainError:
    return DomainError(
        "forecast.negative",
        f"Row {row + 1} counts {value} reports; a count is 0 or more.",
        f"第 {row + 1} 行的数量为 {value}，数量不能为负。",
        where="count",
    )


def _too_long(first: date, last: date) -> DomainError:
    return DomainError(
        "forecast.too_long",
        f"The records go from {first} to {last}, more than {MOST_DAYS} days. Check the dates.",
        f"记录跨度从 {first} 到 {last}，超过 {MOST_DAYS} 天，请检查日期。",
        where="date",
    )
