"""The clock of a stage: pausing, suspending, extending, judging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.deadlines.made_up import calendars, instants, limits

from cityloop.engines.deadlines import (
    Kind,
    Limit,
    StageClock,
    Unit,
    WorkCalendar,
    pause,
    remaining,
    resume,
    shift,
)
from cityloop.kernel.errors import DomainError

CALENDAR = WorkCalendar("UTC")
MONDAY_8 = datetime(2025, 9, 15, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def day_clock(now: datetime = MONDAY_8) -> StageClock:
    return StageClock.start(now=now, limit=Limit(1, Unit.WORK_DAY), calendar=CALENDAR)


@settings(deadline=None)
@given(instants(), limits(), st.integers(0, 10**12), st.integers(0, 10**12), calendars())
def test_pause_resume_preserves_what_was_left(
    start: datetime, limit: Limit, until_pause: int, standing: int, calendar: WorkCalendar
) -> None:
    clock = StageClock.start(now=start, limit=limit, calendar=calendar)
    paused_at = start + timedelta(microseconds=until_pause)
    resumed_at = paused_at + timedelta(microseconds=standing)
    stood = clock.pause(paused_at)
    again = stood.resume(resumed_at)
    used = clock.used_seconds(paused_at)
    assert stood.used_seconds(resumed_at) == pytest.approx(used, abs=2e-6)
    assert again.used_seconds(resumed_at) == pytest.approx(used, abs=2e-6)
    assert again.on_time(resumed_at) == clock.on_time(paused_at)


@settings(deadline=None)
@given(instants(), st.integers(-(10**11), 10**11), st.sampled_from(Kind), calendars())
def test_resume_then_pause_gives_the_same_seconds(
    now: datetime, left_us: int, kind: Kind, calendar: WorkCalendar
) -> None:
    due_at = resume(left_us / 1e6, now, kind, calendar)
    assert pause(due_at, now, kind, calendar) == pytest.approx(left_us / 1e6, abs=2e-6)


@settings(deadline=None)
@given(instants(), limits(), calendars(), st.lists(st.integers(0, 10**11), max_size=6))
def test_used_seconds_over_many_moves_is_never_negative_and_never_falls(
    start: datetime, limit: Limit, calendar: WorkCalendar, gaps: list[int]
) -> None:
    clock = StageClock.start(now=start, limit=limit, calendar=calendar)
    now, used = start, 0.0
    for gap in gaps:
        now += timedelta(microseconds=gap)
        assert clock.used_seconds(now) >= used - 1e-5
        used = clock.used_seconds(now)
        clock = clock.resume(now) if clock.stands(now) else clock.pause(now)
        assert clock.used_seconds(now) == pytest.approx(used, abs=1e-5)


@settings(deadline=None)
@given(instants(), limits(), calendars(), st.integers(0, 10**11), st.booleans())
def test_from_row_gives_back_the_same_clock(
    start: datetime, limit: Limit, calendar: WorkCalendar, gap: int, stand: bool
) -> None:
    clock = StageClock.start(now=start, limit=limit, calendar=calendar).extend(start)
    if stand:
        clock = clock.pause(start + timedelta(microseconds=gap))
    assert StageClock.from_row(clock.as_row(), calendar) == clock


def test_as_row_holds_plain_values_only() -> None:
    row = day_clock().pause(MONDAY_8 + HOUR).as_row()
    assert {type(value) for value in row.values()} <= {datetime, float, int, str, type(None)}


def test_is_overdue_turns_after_the_deadline_not_at_it() -> None:
    clock = day_clock()
    assert clock.due_at == MONDAY_8 + 10 * HOUR
    assert not clock.is_overdue(clock.due_at)
    assert clock.is_overdue(clock.due_at + timedelta(microseconds=1))
    assert clock.on_time(clock.due_at)
    assert clock.on_time(clock.due_at + HOUR, exempt=True)


def test_near_overdue_at_four_fifths_of_the_limit() -> None:
    clock = day_clock()
    assert clock.near_overdue_at() == MONDAY_8 + timedelta(hours=8, minutes=24)  # 6.4 work hours
    assert clock.near_overdue_at(1) == clock.due_at
    assert clock.pause(MONDAY_8).near_overdue_at() is None


@pytest.mark.parametrize("fraction", [0, -0.1, 1.1, float("nan")])
def test_near_overdue_at_impossible_fraction_is_refused(fraction: float) -> None:
    with pytest.raises(DomainError) as refusal:
        day_clock().near_overdue_at(fraction)
    assert refusal.value.code == "deadlines.fraction"


def test_pause_overdue_clock_stays_overdue_by_as_much() -> None:
    clock = day_clock()
    tuesday_9 = MONDAY_8 + timedelta(days=1) + HOUR
    again = clock.pause(tuesday_9).resume(tuesday_9 + timedelta(days=7))
    assert clock.pause(tuesday_9).is_overdue(tuesday_9)
    assert again.is_overdue(tuesday_9 + timedelta(days=7))
    assert again.due_at is not None
    late = remaining(again.due_at, tuesday_9 + timedelta(days=7), Kind.WORK, CALENDAR)
    assert late == -3600


def test_pause_deadline_missed_by_no_work_time_stays_overdue() -> None:
    clock = day_clock()
    evening = MONDAY_8 + 12 * HOUR  # due at closing time, no office hour since
    stood = clock.pause(evening)
    assert stood.is_overdue(evening)
    assert stood.resume(evening + timedelta(days=2)).is_overdue(evening + timedelta(days=2))


def test_extend_adds_the_original_limit_twice_at_most() -> None:
    clock = day_clock().extend(MONDAY_8).extend(MONDAY_8)
    assert clock.due_at == MONDAY_8 + timedelta(days=2, hours=10)
    assert clock.allowed_s == 3 * 8 * 3600
    with pytest.raises(DomainError) as refusal:
        clock.extend(MONDAY_8)
    assert refusal.value.code == "deadlines.extended_before"


def test_extend_while_paused_counts_after_resuming() -> None:
    clock = day_clock().pause(MONDAY_8 + 2 * HOUR).extend(MONDAY_8 + 3 * HOUR)
    tuesday_8 = MONDAY_8 + timedelta(days=1)
    assert clock.resume(tuesday_8).due_at == shift(tuesday_8, 14 * 3600, Kind.WORK, CALENDAR)


def test_extend_overdue_clock_is_refused_also_while_paused() -> None:
    clock = day_clock()
    late = MONDAY_8 + timedelta(days=1)
    for overdue in (clock, clock.pause(late)):
        with pytest.raises(DomainError) as refusal:
            overdue.extend(late)
        assert refusal.value.code == "deadlines.extension_overdue"


def test_suspend_resumes_by_itself_at_its_date() -> None:
    until = MONDAY_8 + timedelta(days=14)
    clock = day_clock().suspend(MONDAY_8 + 2 * HOUR, until=until)
    assert clock.stands(until - HOUR)
    assert not clock.stands(until)
    assert clock.used_seconds(until - HOUR) == 2 * 3600
    assert clock.used_seconds(until + HOUR) == 3 * 3600
    assert clock.due_at == until + 8 * HOUR  # 6 office hours and the lunch break
    assert clock.near_overdue_at() == until + timedelta(hours=6, minutes=24)


def test_near_overdue_at_passed_before_a_suspension_warns_when_it_ends() -> None:
    until = MONDAY_8 + timedelta(days=14)
    clock = day_clock().suspend(MONDAY_8 + 9 * HOUR, until=until)  # 7 of 8 hours used
    assert clock.near_overdue_at() == until


def test_suspend_ended_early_runs_on_from_then() -> None:
    clock = day_clock().suspend(MONDAY_8 + 2 * HOUR, until=MONDAY_8 + timedelta(days=100))
    again = clock.resume(MONDAY_8 + timedelta(days=1))
    assert again.due_at == MONDAY_8 + timedelta(days=1, hours=8)
    assert again.suspended_until is None


def test_suspend_then_pause_after_its_end_counts_both() -> None:
    until = MONDAY_8 + timedelta(days=7)
    clock = day_clock().suspend(MONDAY_8 + HOUR, until=until).pause(until + HOUR)
    assert clock.used_seconds(until + timedelta(days=3)) == 2 * 3600


def test_suspend_second_time_is_refused() -> None:
    clock = day_clock().suspend(MONDAY_8, until=MONDAY_8 + HOUR)
    with pytest.raises(DomainError) as refusal:
        clock.suspend(MONDAY_8 + 2 * HOUR, until=MONDAY_8 + 3 * HOUR)
    assert refusal.value.code == "deadlines.suspended_before"


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_suspend_date_not_after_now_or_too_far_is_refused(days: int) -> None:
    with pytest.raises(DomainError) as refusal:
        day_clock().suspend(MONDAY_8, until=MONDAY_8 + timedelta(days=days))
    assert refusal.value.code == "deadlines.suspension_date"


def test_moves_out_of_order_are_refused() -> None:
    clock = day_clock()
    stood = clock.pause(MONDAY_8 + HOUR)
    for move, code in (
        (lambda: clock.resume(MONDAY_8 + HOUR), "deadlines.not_paused"),
        (lambda: stood.pause(MONDAY_8 + HOUR), "deadlines.paused"),
        (lambda: stood.suspend(MONDAY_8 + HOUR, until=MONDAY_8 + 9 * HOUR), "deadlines.paused"),
        (lambda: clock.pause(MONDAY_8 - HOUR), "deadlines.before_start"),
        (lambda: stood.resume(MONDAY_8), "deadlines.before_start"),
    ):
        with pytest.raises(DomainError) as refusal:
            move()
        assert refusal.value.code == code
