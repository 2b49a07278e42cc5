"""When the timer of a stage fires next, and what it means then. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.engines.deadlines import Limit, WorkCalendar, add


@dataclass(frozen=True, slots=True)
class Timer:
    """The next ring of a clock."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that has begun: its deadline and first ring."""

    started_at: datetime
    due_at: datetime
    timer: Timer


def begin(*, now: datetime, limit: Limit, calendar: WorkCalendar, near: float) -> Stage:
    """A stage with this limit from now; the first ring comes at the fraction `near` of it."""
    due_at = add(now, limit, calendar)
    return Stage(now, due_at, Timer(near_at(now, limit, calendar, near), "near"))


def near_at(now: datetime, limit: Limit, calendar: WorkCalendar, near: float) -> datetime:
    """When `near` of the limit is used up."""
    return add(now, Limit(limit.value * near, limit.unit), calendar)


def until(*, now: datetime, due_at: datetime) -> Stage:
    """A stage with a deadline given from outside; rings at four fifths of what is left."""
    if due_at <= now:
        return Stage(now, due_at, Timer(now, "late"))
    return Stage(now, due_at, Timer(now + (due_at - now) * 0.8, "near"))


def next_ring(
    kind: str, *, due_at: datetime, now: datetime, escalate_h: tuple[float, float, float]
) -> Timer:
    """The ring after this one: near → late → each supervision level → daily reminders.

    Args:
        kind: the ring that has just fired.
        escalate_h: hours after the deadline at which the three levels are told.
    """
    if kind == "near":
        return Timer(due_at, "late")
    if kind == "late":
        return Timer(due_at + timedelta(hours=escalate_h[0]), "urge1")
    if kind == "urge1":
        return Timer(due_at + timedelta(hours=escalate_h[1]), "urge2")
    if kind == "urge2":
        return Timer(due_at + timedelta(hours=escalate_h[2]), "urge3")
    return Timer(now + timedelta(days=1), "urge3")


def task_ring(
    *,
    now: datetime,
    accepted: bool,
    fed_back: bool,
    respond_due_at: datetime,
    feedback_due_at: datetime | None,
    handle_due_at: datetime,
) -> Timer:
    """What a task's clock waits for next: the response, the first feedback, the result."""
    waits = [Timer(handle_due_at, "handle")]
    if not accepted:
        waits.append(Timer(respond_due_at, "respond"))
    elif not fed_back and feedback_due_at is not None:
        waits.append(Timer(feedback_due_at, "feedback"))
    ahead = [t for t in waits if t.at > now]
    return min(ahead, key=lambda t: t.at) if ahead else Timer(now + timedelta(days=1), "remind")
