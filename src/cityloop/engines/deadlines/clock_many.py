"""The clock over whole columns: the same answers as `clock`, for millions of rows.

Rows go through the work table in blocks that stay in the processor's cache; there is no Python
loop over rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.engines.deadlines.calendar import WorkCalendar
from cityloop.engines.deadlines.clock import out_of_range, table_for, table_with_work
from cityloop.engines.deadlines.limit import (
    FIXED_SECONDS,
    LONGEST_DAYS,
    Kind,
    Unit,
    known_kind,
    known_unit,
)
from cityloop.engines.deadlines.work_table import FIRST_YEAR, LAST_YEAR, MICROS, Ints, WorkTable
from cityloop.kernel.errors import DomainError

Instants = NDArray[np.datetime64]
Flags = NDArray[np.bool_]

UNITS: Final = tuple(Unit)  # the position of a unit is its code in a column
_WORK: Final = np.array([unit.kind is Kind.WORK for unit in UNITS])
_NAT: Final = np.iinfo(np.int64).min
_BLOCK_ROWS: Final = 32_768


def unit_codes(units: ArrayLike) -> NDArray[np.int8]:
    """Units as int8 codes (positions in `UNITS`), the fast form for large columns.

    Args:
        units: a Unit, its text, an array of texts, or codes already.
    Raises: DomainError("deadlines.unit").
    """
    given = np.asarray(units)
    if given.dtype.kind in "iu":
        if given.size and (given.min() < 0 or given.max() >= len(UNITS)):
            known_unit(str(given.min() if given.min() < 0 else given.max()))
        return given.astype(np.int8, copy=False)
    codes = np.full(given.shape, -1, dtype=np.int8)
    for code, unit in enumerate(UNITS):
        codes[given == unit.value] = code
    if (codes < 0).any():
        known_unit(str(given[codes < 0].flat[0]))
    return codes


def work_flags(units: ArrayLike) -> Flags:
    """Which rows run on work time, as `elapsed_many` takes it."""
    flags: Flags = _WORK[unit_codes(units)]
    return flags


def add_many(
    starts: Instants, values: ArrayLike, units: ArrayLike, calendar: WorkCalendar
) -> Instants:
    """Deadlines of many rows; equal to `clock.add` row by row.

    Args:
        starts: UTC, any datetime64 unit, shape (rows,); NaT gives NaT.
        values: units of each limit, >= 0, shape (rows,) or one for all.
        units: one `Unit`, texts, or `unit_codes`, shape (rows,) or one for all.
    Returns: UTC datetime64[us], shape (rows,).
    Raises: DomainError("deadlines.row_value" | "deadlines.unit" | "deadlines.out_of_range").
    """
    start_us, missing = _micros_of(starts, "starts")
    codes = np.broadcast_to(unit_codes(units), start_us.shape)
    amounts = _amounts(np.broadcast_to(np.asarray(values, float), start_us.shape), codes, calendar)
    work = _WORK[codes]
    due_us = np.empty_like(start_us)
    if work.any():
        table = _table_reaching(calendar, start_us, amounts, work)
        _by_block(_add_block, due_us, start_us, amounts, work, table)
    else:
        np.add(start_us, amounts, out=due_us)
    due_us[missing] = _NAT
    due = due_us.view("datetime64[us]")
    _check_years(due, missing, "limit")
    return due


def elapsed_many(
    starts: Instants, ends: Instants, unit_kind: str | Flags, calendar: WorkCalendar
) -> NDArray[np.float64]:
    """Seconds between many pairs of instants; equal to `clock.elapsed` row by row.

    Args:
        starts, ends: UTC, any datetime64 unit, shape (rows,).
        unit_kind: one `Kind`, or for each row whether work time counts (`work_flags`).
    Returns: seconds >= 0, float64, shape (rows,); NaN where a time is NaT or the end lies
        before the start, so that a wrong row is seen and cannot shorten a mean.
    """
    start_us, no_start = _micros_of(starts, "starts")
    end_us, no_end = _micros_of(ends, "ends")
    if isinstance(unit_kind, str):
        work = np.broadcast_to(np.bool_(known_kind(unit_kind) is Kind.WORK), start_us.shape)
    else:
        work = np.broadcast_to(unit_kind, start_us.shape)
    passed = np.empty(start_us.shape, dtype=np.float64)
    if work.any():
        table = table_for(calendar, _year(start_us.min()), _year(max(start_us.max(), end_us.max())))
        _by_block(_elapsed_block, passed, start_us, end_us, work, table)
    else:
        np.divide(end_us - start_us, MICROS, out=passed)
    passed[no_start | no_end | (end_us < start_us)] = np.nan
    return passed


def _by_block(block: Callable[..., None], out: NDArray[Any], *columns: Any) -> None:
    *arrays, table = columns
    for first in range(0, out.size, _BLOCK_ROWS):
        rows = slice(first, first + _BLOCK_ROWS)
        block(out[rows], *(array[rows] for array in arrays), table)


def _add_block(due: Ints, start: Ints, amount: Ints, work: Flags, table: WorkTable) -> None:
    reached = table.first_reaching_many(table.work_before_many(start) + amount)
    np.add(start, amount, out=due)
    np.copyto(due, reached, where=work & (amount > 0))


def _elapsed_block(
    passed: NDArray[np.float64], start: Ints, end: Ints, work: Flags, table: WorkTable
) -> None:
    worked = table.work_before_many(end) - table.work_before_many(start)
    np.divide(np.where(work, worked, end - start), MICROS, out=passed)


def _amounts(values: NDArray[np.float64], codes: NDArray[np.int8], calendar: WorkCalendar) -> Ints:
    seconds = np.array([FIXED_SECONDS.get(unit, calendar.work_day_s) for unit in UNITS])
    longest = LONGEST_DAYS * 86_400.0
    amounts = values * seconds[codes]
    wrong = ~((amounts >= 0) & (amounts <= longest))
    if wrong.any():
        row = int(np.argmax(wrong))
        shown = f"{values[row]} {UNITS[codes[row]]}"
        raise DomainError(
            "deadlines.row_value",
            f"Row {row}: the limit is {shown}; allowed: 0 to {LONGEST_DAYS} days. Correct the row.",
            f"第 {row} 行：时限为 {shown}；允许 0 至 {LONGEST_DAYS} 天。请更正该行。",
            where=f"row {row}",
            details={"row": row, "wrong_rows": int(wrong.sum())},
        )
    amounts_us: Ints = np.rint(amounts * MICROS).astype(np.int64)
    return amounts_us


def _micros_of(times: Instants, where: str) -> tuple[Ints, Flags]:
    """Microseconds since 1970 and the rows that are NaT (given as 1970 meanwhile)."""
    given = np.asarray(times)
    if given.dtype.kind != "M":
        raise DomainError(
            "deadlines.not_times",
            f"{where} has dtype {given.dtype}; allowed: datetime64 in UTC. Convert the column.",
            f"{where} 的类型为 {given.dtype}；应为 UTC 的 datetime64。请先转换。",
            where=where,
        )
    missing = np.isnat(given)
    _check_years(given, missing, where)
    at_us = given.astype("datetime64[us]", copy=False).view(np.int64)
    if missing.any():
        known = at_us[~missing]
        at_us = np.where(missing, known[0] if known.size else 0, at_us)
    return at_us, missing


def _check_years(times: Instants, missing: Flags, where: str) -> None:
    """Refuse times out of range, before a coarser unit than microseconds could overflow."""
    known = ~missing
    if not known.any():
        return
    for extreme in (np.nanmin(times), np.nanmax(times)):
        if not FIRST_YEAR <= _year(extreme) <= LAST_YEAR:
            row = int(np.argmax(times == extreme))
            raise out_of_range(str(extreme), f"{where}, row {row}")


def _table_reaching(calendar: WorkCalendar, start: Ints, amounts: Ints, work: Flags) -> WorkTable:
    """A table over all starts, long enough for the latest start with the longest work limit."""
    longest = int(np.max(amounts, where=work, initial=0))
    return table_with_work(calendar, _year(start.min()), int(start.max()), longest)


def _year(at: np.datetime64 | np.int64) -> int:
    """The UTC year of a time, or of microseconds since 1970."""
    time = at if isinstance(at, np.datetime64) else np.datetime64(int(at), "us")
    return 1970 + int(time.astype("datetime64[Y]").astype(np.int64))
