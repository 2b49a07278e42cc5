"""Rings: near, late, each level of supervision, daily; once each, whatever happens beside them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from cityloop.business.cases import commands
from cityloop.business.cases.commands import timers
from cityloop.business.cases.models import Case, Task
from cityloop.business.catalogue import queries as catalogue_queries
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.audit.models import Event
from cityloop.engines.deadlines import WorkCalendar
from tests.business.cases.stories import Walk, report, unclassed
from tests.world import World, build

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def rung(case_id: int) -> list[str]:
    """Kinds of rings of a case, in order, with the level where there is one."""
    rows = Event.objects.filter(subject_type="case", subject_id=case_id, actor_kind="system")
    return [k.removeprefix("case.") for k in rows.order_by("id").values_list("kind", flat=True)]


def ring_until_quiet(now: datetime) -> int:
    total = 0
    while n := commands.ring_due(now=now):
        total += n
    return total


@pytest.mark.django_db
def test_a_stage_rings_near_late_each_level_and_then_daily(world: World) -> None:
    case, start = unclassed(world), world.now  # accept: 15 clock minutes
    expected = [
        (12 * MINUTE, "near", "near"),
        (15 * MINUTE, "late", "late"),
        (15 * MINUTE + 2 * HOUR, "escalate", "late"),
        (15 * MINUTE + 8 * HOUR, "escalate", "late"),
        (15 * MINUTE + 24 * HOUR, "escalate", "late"),
        (15 * MINUTE + 48 * HOUR, "escalate", "late"),
        (15 * MINUTE + 72 * HOUR, "escalate", "late"),
    ]
    for n, (after, kind, alert) in enumerate(expected, 1):
        assert commands.ring_due(now=start + after - timedelta(seconds=1)) == 0
        assert commands.ring_due(now=start + after) == 1
        case.refresh_from_db()
        assert (rung(case.pk)[n - 1], case.alert) == (kind, alert)
    assert len(rung(case.pk)) == len(expected)


@pytest.mark.django_db
def test_each_supervision_level_is_told_once_and_the_district_daily(world: World) -> None:
    case = unclassed(world)
    ring_until_quiet(world.now + 15 * MINUTE + 49 * HOUR)
    rows = Event.objects.filter(subject_id=case.pk, kind="case.escalate").order_by("id")
    levels = [e.data.split('"level":"')[1].split('"')[0] for e in rows]
    assert levels == ["community", "subdistrict", "district"]


@pytest.mark.django_db
def test_a_long_stand_still_is_caught_up_with_once_each(world: World) -> None:
    case, late = unclassed(world), world.now + 30 * DAY
    assert ring_until_quiet(late) == 5
    assert rung(case.pk) == ["near", "late", "escalate", "escalate", "escalate"]
    case.refresh_from_db()
    assert case.timer_at == late + DAY


@pytest.mark.django_db
def test_only_a_department_can_earn_the_overdue_mark(world: World) -> None:
    desk, walk = unclassed(world), Walk(world, unclassed(world)).to_handling()
    ring_until_quiet(world.now + 40 * DAY)
    desk.refresh_from_db()
    walk.case.refresh_from_db()
    assert (desk.late_ever, walk.case.late_ever) == (False, True)


@pytest.mark.django_db
def test_a_suspended_case_does_not_ring_and_goes_on_with_what_was_left(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    until = walk.at + 90 * DAY
    walk.step("handler", "ask_suspension", reason="等待拆迁", until=until)
    approval = walk.case.approvals.get()
    for who in ("dispatcher", "district"):
        commands.decide(approval.pk, True, reason="同意", actor=world.viewer(who), now=walk.at)
    before = rung(walk.case.pk)
    assert ring_until_quiet(until - timedelta(seconds=1)) == 0
    assert commands.ring_due(now=until) == 1
    walk.case.refresh_from_db()
    assert rung(walk.case.pk) == [*before, "resume"]
    assert (walk.case.state, walk.case.late_ever) == ("handling", False)


@pytest.mark.django_db
def test_a_co_handler_that_had_not_answered_still_owes_its_answer_after_a_suspension(
    world: World,
) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    walk.dispatch(co=("sanitation",))
    walk.accept()
    until = walk.at + 3 * DAY
    walk.step("handler", "ask_suspension", reason="等待拆迁", until=until)
    approval = walk.case.approvals.get()
    for who in ("dispatcher", "district"):
        commands.decide(approval.pk, True, reason="同意", actor=world.viewer(who), now=walk.at)
    commands.ring_due(now=until)
    states = Task.objects.filter(case=walk.case).order_by("pk").values_list("part", "state")
    assert list(states) == [("lead", "accepted"), ("co", "sent")]


@pytest.mark.django_db
def test_a_closed_case_lapses_after_the_window_without_being_late(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_closed()
    assert ring_until_quiet(walk.at + 3 * DAY - timedelta(seconds=1)) == 0
    assert commands.ring_due(now=walk.at + 3 * DAY) == 1
    assert rung(walk.case.pk)[-1] == "lapse"
    assert ring_until_quiet(walk.at + 300 * DAY) == 0


@pytest.mark.django_db
def test_a_task_is_marked_late_for_response_feedback_and_result(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    walk.dispatch()
    task = Task.objects.get(case=walk.case)
    timers.ring_task(task.pk, now=task.respond_due_at)
    task.refresh_from_db()
    assert (task.late_response, task.late_feedback, task.late_handling) == (True, False, False)
    walk.at = task.respond_due_at
    walk.accept()
    task.refresh_from_db()
    for at, name in sorted([(task.feedback_due_at, "feedback"), (task.handle_due_at, "handling")]):
        assert at is not None
        assert not timers.ring_task(task.pk, now=at - timedelta(seconds=1))
        assert timers.ring_task(task.pk, now=at)
        task.refresh_from_db()
        assert getattr(task, f"late_{name}")
    assert (task.timer_kind, task.timer_at is None) == ("remind", False)


@pytest.mark.django_db
def test_a_corrected_class_moves_the_timer_of_its_task_along(world: World) -> None:
    """A longer limit must not leave a ring of the old one, which would mark the task late."""
    rows = [c for k in catalogue_queries.catalogue().classes.values() for c in k.conditions]
    short = next(c for c in rows if (c.limit.value, c.limit.unit) == (4, "work_hour"))
    walk = Walk(world, unclassed(world))
    walk.step("acceptor", "file", condition_id=short.id)
    walk.dispatch()
    walk.accept()
    old = Task.objects.get(case=walk.case)
    longer = next(c for c in rows if (c.limit.value, c.limit.unit) == (5, "work_day"))
    walk.step("dispatcher", "reclassify", condition_id=longer.id)
    assert Task.objects.get(case=walk.case).handle_due_at > old.handle_due_at
    ring_until_quiet(old.handle_due_at)
    assert not Task.objects.get(case=walk.case).late_handling


@pytest.mark.django_db
def test_a_thousand_due_timers_ring_once_each(world: World) -> None:
    batch = [report(n % 4, class_key="", title="嗯", text="嗯嗯") for n in range(1000)]
    commands.receive_many(batch, actor=PUBLIC, now=world.now)
    now = world.now + 12 * MINUTE
    counts = []
    while n := commands.ring_due(now=now, limit=300):
        counts.append(n)
    assert counts == [300, 300, 300, 100]
    told = Event.objects.filter(kind="case.near").values_list("subject_id", flat=True)
    assert (len(told), len(set(told))) == (1000, 1000)
    assert not Case.objects.filter(timer_at__lte=now).exists()


@pytest.mark.django_db
def test_broken_rows_hold_up_no_other_even_when_they_are_the_oldest(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [unclassed(world) for _ in range(6)]
    broken = {c.pk for c in cases[:3]}
    ring = timers.ring_case

    def ring_case(case_id: int, *, now: datetime) -> bool:
        if case_id in broken:
            raise RuntimeError("a row that cannot ring")
        return ring(case_id, now=now)

    monkeypatch.setattr(timers, "ring_case", ring_case)
    now = world.now + 12 * MINUTE
    assert commands.ring_due(now=now, limit=3) == 3
    assert sorted(rung(c.pk) for c in cases) == [[], [], [], ["near"], ["near"], ["near"]]
    assert caplog.text.count("timer of ring_case") == 3
    # They stay due, and ring when they can again.
    monkeypatch.setattr(timers, "ring_case", ring)
    assert commands.ring_due(now=now) == 3


@pytest.mark.django_db
def test_a_broken_approval_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from cityloop.business.cases.commands import approvals

    walks = [Walk(world, unclassed(world)).to_handling() for _ in range(2)]
    for walk in walks:
        walk.step("handler", "ask_extension", reason="等待设备")
    first = walks[0].case.approvals.get().pk
    lapse = approvals._lapse

    def fails_once(approval_id: int, now: datetime) -> int:
        if approval_id == first:
            raise RuntimeError("a row that cannot lapse")
        return lapse(approval_id, now)

    monkeypatch.setattr(approvals, "_lapse", fails_once)
    assert approvals.lapse_due(now=world.now + 10 * DAY) == 1
    assert walks[1].case.approvals.get().state == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_ring_each_timer_once(now: datetime) -> None:
    world = build(now)
    batch = [report(n % 4, class_key="", title="嗯", text="嗯嗯") for n in range(60)]
    commands.receive_many(batch, actor=PUBLIC, now=now)
    counts: list[int] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            counts.append(commands.ring_due(now=world.now + 12 * MINUTE))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = Event.objects.filter(kind="case.near").values_list("subject_id", flat=True)
    assert (sum(counts), len(told), len(set(told))) == (60, 60, 60)


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_the_timer_due(now: datetime) -> None:
    world = build(now)
    case, due = unclassed(world), now + 12 * MINUTE
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        assert timers.ring_case(case.pk, now=due)
        raise KeyboardInterrupt
    assert rung(case.pk) == []
    assert commands.ring_due(now=due) == 1


# --- a zone with daylight saving ------------------------------------------------------------------
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def in_new_york(settings: object, monkeypatch: pytest.MonkeyPatch) -> WorkCalendar:
    """The same city, its clocks and its calendar in New York."""
    calendar = WorkCalendar(timezone="America/New_York")
    settings.TIME_ZONE = "America/New_York"  # type: ignore[attr-defined]
    from cityloop.business.cases.commands import carry_department, stages

    for module in (carry_department, stages):
        monkeypatch.setattr(module, "work_calendar", lambda: calendar)
    return calendar


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("received", "due_local"),
    [
        # 2026-03-08: 02:00 becomes 03:00. Two clock hours from 01:30 end at 04:30 on the wall.
        ((2026, 3, 8, 1, 30), (2026, 3, 8, 4, 30)),
        # 2026-11-01: 02:00 becomes 01:00. Two clock hours from 00:30 end at 01:30, the second one.
        ((2026, 11, 1, 0, 30), (2026, 11, 1, 1, 30)),
    ],
)
def test_clock_hours_are_hours_on_both_days_the_clocks_change(
    world: World,
    in_new_york: WorkCalendar,
    received: tuple[int, ...],
    due_local: tuple[int, ...],
) -> None:
    at = local(*received)
    answer = commands.receive(report(class_key="E0111"), actor=PUBLIC, now=at)
    task = Task.objects.get(case_id=answer.case_id, part="lead")
    assert task.respond_due_at - at == 2 * HOUR
    fold = 1 if due_local[1] == 11 else 0
    assert task.respond_due_at.astimezone(NEW_YORK).replace(tzinfo=None) == datetime(*due_local)
    assert task.respond_due_at.astimezone(NEW_YORK).fold == fold
    assert not timers.ring_task(task.pk, now=task.respond_due_at - timedelta(seconds=1))
    assert timers.ring_task(task.pk, now=task.respond_due_at)


@pytest.mark.django_db
@pytest.mark.parametrize("friday", [(2026, 3, 6), (2026, 10, 30)])
def test_a_work_day_over_the_change_of_clocks_ends_at_the_same_time_on_the_wall(
    world: World, in_new_york: WorkCalendar, friday: tuple[int, int, int]
) -> None:
    """Four work hours from Friday 16:00 end on Monday 10:00, in winter time as in summer time."""
    rows = [c for k in catalogue_queries.catalogue().classes.values() for c in k.conditions]
    half = next(c for c in rows if (c.limit.value, c.limit.unit) == (4, "work_hour"))
    walk = Walk(world, unclassed(world))
    walk.at = local(*friday, 15, 50)
    walk.step("acceptor", "file", condition_id=half.id)
    walk.dispatch()
    due = walk.case.handle_due_at
    assert due is not None
    assert due.astimezone(NEW_YORK).strftime("%a %H:%M") == "Mon 10:00"


@pytest.mark.django_db
def test_the_number_of_a_case_carries_the_local_day(
    world: World, in_new_york: WorkCalendar
) -> None:
    at = local(2026, 3, 8, 23, 30)  # 03:30 UTC of the 9th
    answer = commands.receive(report(), actor=PUBLIC, now=at)
    assert answer.number.startswith("20260308")
