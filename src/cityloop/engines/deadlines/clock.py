"""One instant at a time: add a limit, count what has passed.

Clock time is elapsed real time. Work time is real time that passes while the wall clock of the
calendar's zone shows office hours of a worked day. Instants are aware datetimes; answers are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cityloop.engines.deadlines.calendar import WorkCalendar
from cityloop.engines.deadlines.limit import FIXED_SECONDS, Kind, Limit, known_kind
from cityloop.engines.deadlines.work_table import (
    EPOCH,
    FIRST_YEAR,
    LAST_YEAR,
    MICROS,
    WorkTable,
    micros,
    work_table,
)
from cityloop.kernel.errors import DomainError

_BLOCK = 10  # years; tables start on whole blocks so that few different ones are ever built


def limit_seconds(limit: Limit, calendar: WorkCalendar) -> float:
    """Seconds of its own kind in the limit; one work day = the calendar's normal hours (8 h)."""
    return limit.value * FIXED_SECONDS.get(limit.unit, calendar.work_day_s)


def add(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The deadline of something that starts now: earliest instant with the whole limit used.

    Args:
        start: aware; outside office hours a work limit starts with the next office hour.
        limit: what may be used.
        calendar: office hours; only work units look at it.
    Returns: aware UTC. A limit used up exactly at closing time ends then, not next morning.
    Raises: DomainError("deadlines.naive" | "deadlines.out_of_range").
    Example:
    >>> from cityloop.engines.deadlines.limit import Unit
    >>> friday_10 = datetime(2025, 9, 19, 2, tzinfo=UTC)  # 10:00 in Shanghai
    >>> add(friday_10, Limit(1, Unit.WORK_DAY), WorkCalendar()).isoformat()
    '2025-09-22T02:00:00+00:00'
    """
    return shift(start, limit_seconds(limit, calendar), limit.kind, calendar)


def elapsed(start: datetime, end: datetime, unit_kind: Kind, calendar: WorkCalendar) -> float:
    """Seconds of the kind between two instants, >= 0.

    Raises: DomainError("deadlines.reversed") when `end` lies before `start`.
    """
    start_us, end_us = _checked(start, "start"), _checked(end, "end")
    if end_us < start_us:
        raise DomainError(
            "deadlines.reversed",
            f"The end {end.isoformat()} lies before the start {start.isoformat()}. "
            "Check the two times and their zones.",
            f"结束时间 {end.isoformat()} 早于开始时间 {start.isoformat()}。请核对时间与时区。",
            where="end",
        )
    if known_kind(unit_kind) is Kind.CLOCK:
        return (end_us - start_us) / MICROS
    table = table_for(calendar, start.astimezone(UTC).year, end.astimezone(UTC).year)
    return (table.work_before(end_us) - table.work_before(start_us)) / MICROS


def remaining(due_at: datetime, now: datetime, unit_kind: Kind, calendar: WorkCalendar) -> float:
    """Seconds of the kind left until the deadline; negative = overdue by that much."""
    if now <= due_at:
        return elapsed(now, due_at, unit_kind, calendar)
    return -elapsed(due_at, now, unit_kind, calendar)


def shift(at: datetime, seconds: float, unit_kind: Kind, calendar: WorkCalendar) -> datetime:
    """The instant that many seconds of the kind later; negative seconds go back.

    Forward gives the earliest such instant, backward the latest: never further than needed.
    """
    at_us, amount_us = _checked(at, "at"), round(seconds * MICROS)
    if known_kind(unit_kind) is Kind.CLOCK or amount_us == 0:
        return instant(at_us + amount_us)
    year = at.astimezone(UTC).year
    if amount_us > 0:
        table = table_with_work(calendar, year, at_us, amount_us)
        return instant(table.first_reaching(table.work_before(at_us) + amount_us))
    table = _table_with_past(calendar, year, at_us, -amount_us)
    return instant(table.last_reaching(table.work_before(at_us) + amount_us))


def instant(at_us: int) -> datetime:
    """The aware UTC datetime of these microseconds; refuses what no calendar table covers."""
    try:
        at = EPOCH + timedelta(microseconds=at_us)
    except OverflowError:
        raise out_of_range(f"{at_us} µs since 1970", "at") from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise out_of_range(at.isoformat(), "at")
    return at


def table_for(calendar: WorkCalendar, first_year: int, last_year: int) -> WorkTable:
    """A cached table that covers these years, rounded out to whole blocks."""
    first = first_year - (first_year - FIRST_YEAR) % _BLOCK
    last = first + 2 * _BLOCK - 1
    while last < last_year:
        last += 2 * _BLOCK
    return work_table(calendar, first, min(last, LAST_YEAR))


def table_with_work(
    calendar: WorkCalendar, first_year: int, at_us: int, amount_us: int
) -> WorkTable:
    """A table from `first_year` that has this much work time after the instant."""
    years = 1
    while True:
        table = table_for(calendar, first_year, min(first_year + years, LAST_YEAR))
        if table.work_before(at_us) + amount_us <= table.total:
            return table
        if first_year + years >= LAST_YEAR:
            raise out_of_range(f"{amount_us / MICROS:.0f} s of work time later", "limit")
        years *= 2


def _table_with_past(calendar: WorkCalendar, year: int, at_us: int, amount_us: int) -> WorkTable:
    years = 1
    while True:
        table = table_for(calendar, max(year - years, FIRST_YEAR), year)
        if table.work_before(at_us) >= amount_us:
            return table
        if year - years <= FIRST_YEAR:
            raise out_of_range(f"{amount_us / MICROS:.0f} s of work time earlier", "limit")
        years *= 2


def out_of_range(value: str, where: str) -> DomainError:
    """The refusal of an instant that no calendar table covers."""
    return DomainError(
        "deadlines.out_of_range",
        f"The time is {value}; allowed: years {FIRST_YEAR} to {LAST_YEAR}. Correct the time.",
        f"时间为 {value}；允许 {FIRST_YEAR} 至 {LAST_YEAR} 年。请更正时间。",
        where=where,
        details={"value": value, "first_year": FIRST_YEAR, "last_year": LAST_YEAR},
    )


def _checked(at: datetime, where: str) -> int:
    if at.tzinfo is None:
        raise DomainError(
            "deadlines.naive",
            f"The time {where}={at.isoformat()} has no time zone. Pass an aware datetime.",
            f"时间 {where}={at.isoformat()} 缺少时区。请传入带时区的时间。",
            where=where,
            details={"value": at.isoformat()},
        )
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise out_of_range(at.isoformat(), where)
    return micros(at)
