"""The rings of clocks: near, late, escalation, resume, lapse. Fired in the case's own transaction.

A timer is a column of the row it belongs to, so none can be lost or doubled: whoever fires it
moves it on in the same transaction, and a crash before the commit leaves it due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cityloop.business.cases.commands.approvals import lapse_due
from cityloop.business.cases.commands.context import (
    case_data,
    context_of,
    counted,
    lock_case,
)
from cityloop.business.cases.commands.move import carry
from cityloop.business.cases.commands.task_stages import wind
from cityloop.business.cases.domain import FINAL_STATES, State, TaskState
from cityloop.business.cases.domain.clocks import next_ring
from cityloop.business.cases.domain.values import MoveInput
from cityloop.business.cases.models import Case, Task
from cityloop.business.cases.settings import loop_settings
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import loaded, save_changed, write

log = logging.getLogger(__name__)
MOST_FAILED = 500  # in one call: with more something is wrong with all of them
HANDLING_STATES = frozenset({State.DISPATCHED, State.HANDLING})
LEVELS = {"urge1": "community", "urge2": "subdistrict", "urge3": "district"}


def ring_due(*, now: datetime, limit: int = 500) -> int:
    """Fire every timer that is due. Returns how many rang; call again while it is `limit` or more.

    A row whose timer fails stays due and is logged; the rows behind it ring all the same.
    """
    finals = [s.value for s in FINAL_STATES]
    cases = Case.objects.filter(timer_at__lte=now).exclude(state__in=finals)
    tasks = Task.objects.filter(timer_at__lte=now)
    rung = _ring_all(ring_case, cases, now, limit) + _ring_all(ring_task, tasks, now, limit)
    return rung + lapse_due(now=now)


def _ring_all(ring: Callable[..., bool], due: QuerySet[Any], now: datetime, limit: int) -> int:
    rung, failed = 0, set[int]()
    while rung < limit and len(failed) < MOST_FAILED:
        rows = due.exclude(pk__in=failed).order_by("timer_at").values_list("pk", flat=True)
        found = list(rows[: limit - rung])
        for pk in found:
            try:
                rung += ring(pk, now=now)
            except Exception:  # one broken row must not keep all other clocks from ringing
                log.exception("timer of %s %s failed", ring.__name__, pk)
                failed.add(pk)
        if not failed.intersection(found):
            return rung
    return rung


def ring_case(case_id: int, *, now: datetime) -> bool:
    """Fire the timer of one case if it is still due."""
    with write():
        case = lock_case(case_id)
        if case.timer_at is None or case.timer_at > now or not case.is_open:
            return False
        if case.timer_kind in {"lapse", "resume"}:
            carry(context_of(case_id, case.timer_kind, MoveInput(), actor=SYSTEM, now=now))
            return True
        _ring_stage(case, now)
    return True


def _ring_stage(case: Case, now: datetime) -> None:
    kind, due_at, before = case.timer_kind, case.due_at or now, counted(case)
    columns = loaded(case)
    settings = loop_settings()
    ring = next_ring(kind, due_at=due_at, now=now, escalate_h=settings.escalate_h)
    data: dict[str, object] = {"stage": case.state}
    first_late = False
    if kind == "near":
        case.alert, event = "near", "case.near"
    elif kind == "late":
        first_late = State(case.state) in HANDLING_STATES and not case.late_ever
        case.alert, event = "late", "case.late"
        case.late_ever = case.late_ever or first_late
        data |= {"first": first_late, "due": due_at.isoformat()}
    else:
        event = "case.escalate"
        data["level"] = LEVELS[kind]
    case.timer_at, case.timer_kind = max(ring.at, now), ring.kind
    save_changed(case, columns)
    told = case_data(case, case.state, before=before, **data)
    record(Draft(event, "case", case.pk, told), actor=SYSTEM, now=now)


def ring_task(task_id: int, *, now: datetime) -> bool:
    """Fire the timer of one task if it is still due."""
    case_id = Task.objects.filter(pk=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        return False
    with write():
        case = lock_case(case_id)
        task = Task.objects.get(pk=task_id)
        if task.timer_at is None or task.timer_at > now or task.state == TaskState.SUSPENDED:
            return False
        kind, columns = task.timer_kind, loaded(task)
        _mark(task, kind)
        wind(task, now)
        save_changed(task, columns)
        data = case_data(
            case,
            case.state,
            task=task.pk,
            task_department=task.department_id,
            part=task.part,
            what=kind,
        )
        event = "task.remind" if kind == "remind" else "task.late"
        record(Draft(event, "case", case.pk, data), actor=SYSTEM, now=now)
    return True


def _mark(task: Task, kind: str) -> None:
    if kind == "respond":
        task.late_response = True
    elif kind == "feedback":
        task.late_feedback = True
    elif kind == "handle":
        task.late_handling = True
