"""Office hours of a city: which days are worked, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from cityloop.kernel.errors import DomainError

Period = tuple[time, time]
OFFICE_HOURS: Final[tuple[Period, ...]] = ((time(8), time(12)), (time(14), time(18)))
SATURDAY_SUNDAY: Final = frozenset({5, 6})
MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Season:
    """Other office hours for a part of every year, e.g. summer hours (夏令作息).

    Args:
        first: (month, day) of the first day; may lie after `last`: the season then spans New Year.
        last: (month, day) of the last day, included.
        periods: office hours of its days.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    periods: tuple[Period, ...]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(2024, month, day)  # a leap year: 29 February may bound a season
            except (ValueError, TypeError):
                raise _wrong(
                    "season", f"({month}, {day})", "a month and a day", "应为（月，日）"
                ) from None
        object.__setattr__(self, "periods", _checked_periods(self.periods))

    def covers(self, month: int, day: int) -> bool:
        """Whether this day of the year belongs to the season."""
        if self.first <= self.last:
            return self.first <= (month, day) <= self.last
        return (month, day) >= self.first or (month, day) <= self.last


@dataclass(frozen=True)
class WorkCalendar:
    """When the offices of a city work. Immutable and hashable; work tables are cached by it.

    Args:
        timezone: IANA name; office hours are wall time there.
        periods: (from, to) of a normal work day, not crossing midnight; 00:00 as `to` is 24:00.
        weekend: weekdays off, Monday = 0.
        holidays: days off, whatever their weekday.
        workdays: days worked although they fall on a weekend (调休).
        seasons: other hours by part of the year; the first that covers a day wins.
        known_until: last day for which holidays were published, None = does not matter.
    Raises: DomainError("deadlines.calendar") naming the field, its value and what is allowed.
    """

    timezone: str = "Asia/Shanghai"
    periods: tuple[Period, ...] = OFFICE_HOURS
    weekend: frozenset[int] = SATURDAY_SUNDAY
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    seasons: tuple[Season, ...] = ()
    known_until: date | None = None

    def __post_init__(self) -> None:
        _check_zone(self.timezone)
        object.__setattr__(self, "periods", _checked_periods(self.periods))
        object.__setattr__(self, "weekend", _checked_weekend(self.weekend))
        object.__setattr__(self, "holidays", _checked_days("holidays", self.holidays))
        object.__setattr__(self, "workdays", _checked_days("workdays", self.workdays))
        object.__setattr__(self, "seasons", tuple(self.seasons))
        if both := sorted(self.holidays & self.workdays):
            shown = ", ".join(str(day) for day in both[:5])
            raise _wrong("workdays", shown, "a day is either holiday or workday", "同为假日和班日")

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Looked up on every call of the scalar clock; hashing the sets each time costs more
        # than the clock itself.
        parts = (self.timezone, self.periods, self.weekend, self.holidays, self.workdays)
        return hash((parts, self.seasons, self.known_until))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    @cached_property
    def work_day_s(self) -> float:
        """Seconds in one work day: the office hours of a normal day (default 8 h)."""
        return 60.0 * sum(end - start for start, end in minutes_of(self.periods))

    def is_work_day(self, day: date) -> bool:
        """Whether the offices work on this local date."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.weekend

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """Office hours of this local date; empty on a day off."""
        if not self.is_work_day(day):
            return ()
        for season in self.seasons:
            if season.covers(day.month, day.day):
                return season.periods
        return self.periods

    def is_provisional(self, at: datetime) -> bool:
        """Whether the instant lies beyond the published holidays, so that a deadline may move."""
        return self.known_until is not None and at.astimezone(self.zone).date() > self.known_until


def minutes_of(periods: Iterable[Period]) -> list[tuple[float, float]]:
    """Periods as (from, to) minutes of the wall clock; 00:00 as end counts as 24:00."""
    return [(_minute(start), _minute(end) or MINUTES_A_DAY) for start, end in periods]


def _minute(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def _checked_periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    ordered = tuple(sorted((start, end) for start, end in periods))
    if not ordered:
        raise _wrong("periods", "()", "at least one (from, to)", "至少要有一个（起，止）")
    last_end = 0.0
    for (start, end), (from_minute, to_minute) in zip(ordered, minutes_of(ordered), strict=True):
        shown = f"{start:%H:%M:%S}-{end:%H:%M:%S}"
        if start.tzinfo or end.tzinfo or start.microsecond or end.microsecond:
            raise _wrong("periods", shown, "wall times in whole seconds, no zone", "应为当地整秒")
        if from_minute >= to_minute:
            allowed = "from before to; split a night shift at midnight"
            raise _wrong("periods", shown, allowed, "起应早于止；跨夜请在零点拆成两段")
        if from_minute < last_end:
            raise _wrong("periods", shown, "periods that do not overlap", "时段不得重叠")
        last_end = to_minute
    return ordered


def _checked_weekend(weekend: Iterable[int]) -> frozenset[int]:
    days = frozenset(weekend)
    if not days <= frozenset(range(7)) or len(days) == 7:
        allowed = "weekdays 0 (Monday) to 6 (Sunday), at least one day worked"
        raise _wrong("weekend", str(sorted(days)), allowed, "0（周一）至 6（周日），不得七天全休")
    return days


def _checked_days(field: str, days: Iterable[date]) -> frozenset[date]:
    kept = frozenset(days)
    for day in kept:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise _wrong(field, repr(day), "dates without a time", "应为不带时刻的日期")
    return kept


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        allowed = 'an IANA time zone such as "Asia/Shanghai"'
        raise _wrong(
            "timezone", repr(name), allowed, "应为 IANA 时区名，如 Asia/Shanghai"
        ) from None


def _wrong(field: str, value: str, allowed_en: str, allowed_zh: str) -> DomainError:
    return DomainError(
        "deadlines.calendar",
        f"The work calendar's {field} is {value}; allowed: {allowed_en}. Correct the calendar.",
        f"工作日历的 {field} 为 {value}；要求：{allowed_zh}。请更正日历。",
        where=field,
        details={"value": value},
    )
