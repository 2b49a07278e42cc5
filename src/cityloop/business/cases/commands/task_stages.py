"""A task's timer, and its end."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.cases.domain import TaskState
from cityloop.business.cases.domain.clocks import task_ring
from cityloop.business.cases.models import Task


def wind(task: Task, now: datetime) -> None:
    """Set a task's timer to what it waits for next."""
    ring = task_ring(
        now=now,
        accepted=task.responded_at is not None,
        fed_back=task.fed_back_at is not None,
        respond_due_at=task.respond_due_at,
        feedback_due_at=task.feedback_due_at,
        handle_due_at=task.handle_due_at,
    )
    task.timer_at, task.timer_kind = ring.at, ring.kind


def end_task(task: Task, state: TaskState, now: datetime) -> None:
    """A task that wants nothing more."""
    task.state, task.ended_at = state.value, now
    task.timer_at, task.timer_kind = None, ""
    task.save()
