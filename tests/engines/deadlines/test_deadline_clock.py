"""The clock, one instant at a time: its laws, a slow second opinion, switch days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.deadlines.made_up import calendars, instants, limits
from tests.engines.deadlines.minute_reference import slow_add, slow_elapsed

from cityloop.engines.deadlines import (
    Kind,
    Limit,
    Unit,
    WorkCalendar,
    add,
    elapsed,
    limit_seconds,
    remaining,
    shift,
)
from cityloop.kernel.errors import DomainError

DAY_AND_NIGHT = ((time(0), time(0)),)


@settings(deadline=None)
@given(instants(), limits(), calendars())
def test_add_then_count_is_the_identity(
    start: datetime, limit: Limit, calendar: WorkCalendar
) -> None:
    due_at = add(start, limit, calendar)
    passed = elapsed(start, due_at, limit.kind, calendar)
    assert passed == pytest.approx(limit_seconds(limit, calendar), abs=1e-6)


@settings(deadline=None)
@given(instants(), instants(), limits(), calendars())
def test_add_is_monotone_in_the_start(
    one: datetime, other: datetime, limit: Limit, calendar: WorkCalendar
) -> None:
    first, last = sorted((one, other))
    assert first <= add(first, limit, calendar) <= add(last, limit, calendar)


@settings(deadline=None)
@given(instants(), st.integers(1, 5000), st.integers(1, 5000), st.sampled_from(Kind), calendars())
def test_add_is_additive_and_longer_limits_end_later(
    start: datetime, a: int, b: int, kind: Kind, calendar: WorkCalendar
) -> None:
    unit = Unit(f"{kind}_minute")
    step = add(start, Limit(a, unit), calendar)
    whole = add(start, Limit(a + b, unit), calendar)
    assert add(step, Limit(b, unit), calendar) == whole
    assert step < whole


@settings(deadline=None)
@given(instants(), st.integers(1, 10**12), st.sampled_from(Kind), calendars())
def test_shift_back_undoes_the_count_of_forward(
    at: datetime, micros: int, kind: Kind, calendar: WorkCalendar
) -> None:
    seconds = micros / 1e6
    back = shift(at, -seconds, kind, calendar)
    assert back < at
    assert elapsed(back, at, kind, calendar) == pytest.approx(seconds, abs=1e-6)


@settings(deadline=None)
@given(instants(), instants(), instants(), st.sampled_from(Kind), calendars())
def test_elapsed_is_never_negative_and_adds_up(
    a: datetime, b: datetime, c: datetime, kind: Kind, calendar: WorkCalendar
) -> None:
    a, b, c = sorted((a, b, c))
    parts = elapsed(a, b, kind, calendar), elapsed(b, c, kind, calendar)
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(elapsed(a, c, kind, calendar), abs=1e-5)
    assert sum(parts) <= (c - a).total_seconds() + 1e-5


@settings(max_examples=60, deadline=None)
@given(instants(whole_minutes=True), st.integers(1, 700), calendars())
def test_add_work_time_equals_minute_by_minute(
    start: datetime, minutes: int, calendar: WorkCalendar
) -> None:
    fast = add(start, Limit(minutes, Unit.WORK_MINUTE), calendar)
    assert fast == slow_add(start, minutes, calendar)


@settings(max_examples=60, deadline=None)
@given(instants(whole_minutes=True), st.integers(0, 6000), calendars())
def test_elapsed_work_time_equals_minute_by_minute(
    start: datetime, minutes: int, calendar: WorkCalendar
) -> None:
    end = start + timedelta(minutes=minutes)
    assert elapsed(start, end, Kind.WORK, calendar) == 60 * slow_elapsed(start, end, calendar)


@settings(deadline=None)
@given(calendars(), st.data())
def test_elapsed_no_work_time_passes_on_a_holiday(
    calendar: WorkCalendar, data: st.DataObject
) -> None:
    if not calendar.holidays:
        return
    day = data.draw(st.sampled_from(sorted(calendar.holidays)))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(calendar.timezone))
    tomorrow = day + timedelta(days=1)
    next_midnight = midnight.replace(day=tomorrow.day, month=tomorrow.month, year=tomorrow.year)
    assert elapsed(midnight, next_midnight, Kind.WORK, calendar) == 0


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", date(2025, 3, 9), 23),
        ("America/New_York", date(2025, 11, 2), 25),
        ("Europe/Amsterdam", date(2025, 3, 30), 23),
        ("Europe/Amsterdam", date(2025, 10, 26), 25),
        ("Asia/Shanghai", date(2025, 10, 26), 24),
    ],
)
def test_elapsed_round_the_clock_desk_on_switch_day_counts_real_hours(
    zone: str, day: date, hours: int
) -> None:
    calendar = WorkCalendar(zone, periods=DAY_AND_NIGHT, weekend=frozenset())
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    end = datetime(day.year, day.month, day.day + 1, tzinfo=ZoneInfo(zone))
    assert elapsed(start, end, Kind.WORK, calendar) == hours * 3600
    assert elapsed(start, end, Kind.CLOCK, calendar) == hours * 3600


def test_elapsed_office_hours_on_switch_day_are_the_usual_ones() -> None:
    calendar = WorkCalendar("America/New_York", weekend=frozenset())
    zone = ZoneInfo("America/New_York")
    for day in (date(2025, 3, 9), date(2025, 11, 2)):
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        assert elapsed(start, start.replace(hour=23), Kind.WORK, calendar) == 8 * 3600


def test_add_over_many_years_reaches_beyond_the_first_table() -> None:
    calendar = WorkCalendar("UTC", periods=((time(8), time(9)),), weekend=frozenset())
    due_at = add(datetime(2025, 1, 1, tzinfo=UTC), Limit(24 * 366, Unit.WORK_HOUR), calendar)
    assert due_at == datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(days=24 * 366 - 1)


def test_add_limit_that_never_ends_in_range_is_refused() -> None:
    calendar = WorkCalendar("UTC", periods=((time(8), time(8, 1)),))
    with pytest.raises(DomainError) as refusal:
        add(datetime(2025, 1, 1, tzinfo=UTC), Limit(30_000, Unit.WORK_HOUR), calendar)
    assert refusal.value.code == "deadlines.out_of_range"


@pytest.mark.parametrize("year", [1, 1899, 2300, 9999])
def test_add_time_out_of_range_is_refused(year: int) -> None:
    with pytest.raises(DomainError) as refusal:
        add(datetime(year, 6, 1, tzinfo=UTC), Limit(1, Unit.WORK_DAY), WorkCalendar())
    assert refusal.value.code == "deadlines.out_of_range"


def test_add_calendar_without_any_work_day_is_refused() -> None:
    off = frozenset(date(1990, 1, 1) + timedelta(days=n) for n in range(60 * 366))
    with pytest.raises(DomainError) as refusal:
        add(datetime(2025, 1, 1, tzinfo=UTC), Limit(1, Unit.WORK_DAY), WorkCalendar(holidays=off))
    assert refusal.value.code == "deadlines.no_work_time"


def test_shift_back_to_opening_time_stays_at_opening_time() -> None:
    monday_9 = datetime(2025, 9, 15, 9, tzinfo=UTC)
    back = shift(monday_9, -3600, Kind.WORK, WorkCalendar("UTC"))
    assert back == datetime(2025, 9, 15, 8, tzinfo=UTC)  # not Friday 18:00


def test_add_naive_time_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        add(datetime(2025, 1, 1), Limit(1, Unit.CLOCK_HOUR), WorkCalendar())
    assert refusal.value.code == "deadlines.naive"


def test_elapsed_end_before_start_is_refused() -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    with pytest.raises(DomainError) as refusal:
        elapsed(now, now - timedelta(seconds=1), Kind.WORK, WorkCalendar())
    assert refusal.value.code == "deadlines.reversed"


def test_remaining_before_and_after_the_deadline_has_its_sign() -> None:
    calendar = WorkCalendar("UTC")
    due_at = datetime(2025, 9, 19, 17, tzinfo=UTC)  # a Friday
    before, after = due_at - timedelta(hours=1), due_at + timedelta(days=2)
    assert remaining(due_at, before, Kind.WORK, calendar) == 3600
    assert remaining(due_at, after, Kind.WORK, calendar) == -3600
    assert remaining(due_at, after, Kind.CLOCK, calendar) == -2 * 86400
