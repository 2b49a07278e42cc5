"""All office time of a calendar over some years, as sorted arrays with their running total.

Everything the clock does is a look-up in this table: how much work time lies before an instant,
and at which instant a given amount of it is reached.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.deadlines.calendar import Period, WorkCalendar, minutes_of
from cityloop.kernel.errors import DomainError

Ints = NDArray[np.int64]

MICROS: Final = 1_000_000
DAY_US: Final = 86_400 * MICROS
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2299
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday


class WorkTable:
    """Office time of some years, in microseconds since 1970 UTC.

    starts, lengths: of each stretch of office time, sorted, shape (stretches,).
    before: office time in the table before each stretch, shape (stretches,).
    """

    def __init__(self, starts: Ints, ends: Ints) -> None:
        self.starts = starts
        self.lengths = ends - starts
        self.before = np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int64)
        self.total = int(self.lengths.sum())

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int]]:
        # bisect on a list is ten times faster than searchsorted for a single instant.
        return self.starts.tolist(), self.before.tolist(), self.lengths.tolist()

    def work_before(self, at_us: int) -> int:
        """Office time in the table before the instant."""
        starts, before, lengths = self._lists
        i = bisect_right(starts, at_us) - 1
        return 0 if i < 0 else before[i] + min(at_us - starts[i], lengths[i])

    def first_reaching(self, work_us: int) -> int:
        """Earliest instant with this much office time before it (0 < work_us <= total)."""
        starts, before, _ = self._lists
        i = bisect_left(before, work_us) - 1
        return starts[i] + work_us - before[i]

    def last_reaching(self, work_us: int) -> int:
        """Latest instant with this much office time before it (0 <= work_us < total)."""
        starts, before, _ = self._lists
        i = bisect_right(before, work_us) - 1
        return starts[i] + work_us - before[i]

    def work_before_many(self, at_us: Ints) -> Ints:
        """`work_before` for an array."""
        i = np.searchsorted(self.starts, at_us, side="right") - 1
        known = np.maximum(i, 0)
        inside = np.clip(at_us - self.starts[known], 0, self.lengths[known])
        work: Ints = self.before[known] + inside
        return work

    def first_reaching_many(self, work_us: Ints) -> Ints:
        """`first_reaching` for an array."""
        i = np.maximum(np.searchsorted(self.before, work_us, side="left") - 1, 0)
        reached: Ints = self.starts[i] + (work_us - self.before[i])
        return reached


@lru_cache(maxsize=64)
def work_table(calendar: WorkCalendar, first_year: int, last_year: int) -> WorkTable:
    """The table of these years (both included, UTC). Cached: building ten years takes a few ms."""
    first = datetime(first_year, 1, 1, tzinfo=UTC)
    last = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    wall_starts, wall_ends = _wall_periods(calendar, first_year, last_year)
    starts, ends = [], []
    for since, until, offset in _offsets(calendar.zone, first, last):
        i = np.searchsorted(wall_ends, since + offset, side="right")
        j = np.searchsorted(wall_starts, until + offset, side="left")
        starts.append(np.maximum(wall_starts[i:j] - offset, since))
        ends.append(np.minimum(wall_ends[i:j] - offset, until))
    table = WorkTable(np.concatenate(starts), np.concatenate(ends))
    if not table.total:
        raise DomainError(
            "deadlines.no_work_time",
            f"The work calendar has no office time from {first_year} to {last_year}: every day "
            "is off. Correct its holidays and weekend.",
            f"工作日历在 {first_year} 至 {last_year} 年没有任何工作时间。请更正节假日与周末设置。",
            where="holidays",
        )
    return table


def micros(at: datetime) -> int:
    """Microseconds since 1970 UTC, exact."""
    past = at - EPOCH
    return (past.days * 86_400 + past.seconds) * MICROS + past.microseconds


def _wall_periods(calendar: WorkCalendar, first_year: int, last_year: int) -> tuple[Ints, Ints]:
    """Office periods in local wall microseconds, with two days to spare for any UTC offset."""
    days = np.arange(f"{first_year - 1}-12-30", f"{last_year + 1}-01-03", dtype="datetime64[D]")
    worked = _worked(calendar, days)
    group = _season_of(calendar, days)
    hours = (calendar.periods, *(season.periods for season in calendar.seasons))
    starts, ends = [], []
    for number, periods in enumerate(hours):
        chosen = days[worked & (group == number)].astype(np.int64) * DAY_US
        bounds = _period_micros(periods)
        starts.append((chosen[:, None] + bounds[:, 0]).ravel())
        ends.append((chosen[:, None] + bounds[:, 1]).ravel())
    return np.sort(np.concatenate(starts)), np.sort(np.concatenate(ends))


def _worked(calendar: WorkCalendar, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    weekday = (days.astype(np.int64) + _EPOCH_WEEKDAY) % 7
    worked = ~np.isin(weekday, sorted(calendar.weekend))
    worked &= ~np.isin(days, np.array(sorted(calendar.holidays), dtype="datetime64[D]"))
    worked |= np.isin(days, np.array(sorted(calendar.workdays), dtype="datetime64[D]"))
    return worked


def _season_of(calendar: WorkCalendar, days: NDArray[np.datetime64]) -> NDArray[np.int8]:
    """0 for normal hours, else 1 + index of the season."""
    group = np.zeros(days.shape, dtype=np.int8)
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    code = month * 100 + (days - months).astype(np.int64) + 1
    for number in range(len(calendar.seasons), 0, -1):  # backwards: the first season wins
        season = calendar.seasons[number - 1]
        first = season.first[0] * 100 + season.first[1]
        last = season.last[0] * 100 + season.last[1]
        after, until = code >= first, code <= last
        group[after & until if first <= last else after | until] = number
    return group


def _period_micros(periods: tuple[Period, ...]) -> Ints:
    seconds = np.rint(np.array(minutes_of(periods)) * 60)
    bounds: Ints = seconds.astype(np.int64) * MICROS
    return bounds


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[tuple[int, int, int], ...]:
    """(since, until, UTC offset) in microseconds: the zone's constant stretches, in order.

    Looks once a day, and to the second where a day's two ends differ; a zone that switched
    there and back within one UTC day would be missed, and none has.
    """
    stretches: list[tuple[int, int, int]] = []
    since, day = first, first
    while day < last:
        following = min(day + timedelta(days=1), last)
        if _offset(zone, day) != _offset(zone, following):
            switch = _switch(zone, day, following)
            stretches.append((micros(since), micros(switch), _offset(zone, day)))
            since = switch
        day = following
    stretches.append((micros(since), micros(last), _offset(zone, since)))
    return tuple(stretches)


def _switch(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """First second in (low, high] with the offset of `high`."""
    wanted = _offset(zone, high)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if _offset(zone, middle) == wanted else (middle, high)
    return high


def _offset(zone: ZoneInfo, at: datetime) -> int:
    past = at.astimezone(zone).utcoffset() or timedelta(0)
    return (past.days * 86_400 + past.seconds) * MICROS
