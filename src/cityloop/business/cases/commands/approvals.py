"""Deciding on extension, suspension and appeal: two levels, three different persons."""

from __future__ import annotations

import logging
from datetime import datetime

from cityloop.business.cases.commands.context import case_data, counted, lock_case
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.commands.task_stages import wind
from cityloop.business.cases.domain import TASK_FINAL, State, TaskState
from cityloop.business.cases.models import Approval, Case, Task
from cityloop.business.cases.rules import deciders, may_decide
from cityloop.business.catalogue.queries import condition_info, work_calendar
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.engines.deadlines import add, pause
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

log = logging.getLogger(__name__)


def decide(approval_id: int, grant: bool, *, reason: str, actor: Viewer, now: datetime) -> Approval:
    """Grant or refuse at the level that is due.

    Raises: NotFound("approval.unknown"), Conflict("approval.decided"),
        NotAllowed("approval.not_yours"), DomainError("move.needs") without a reason.
    """
    if not reason.strip():
        raise DomainError(
            "move.needs",
            "A decision needs a reason (field reason).",
            "审批须填写意见（reason）。",
            where="reason",
        )
    with write():
        approval = _open_approval(approval_id)
        case = lock_case(approval.case_id)
        source, before = case.state, counted(case)
        _check_actor(approval, case, actor)
        _step(approval, case, grant, actor, now)
        approval.save()
        case.version += 1
        case.save()
        record(
            Draft(
                f"case.{approval.kind}_{approval.state}",
                "case",
                case.pk,
                case_data(case, source, before=before, approval=approval.pk),
                {"reason": reason},
            ),
            actor=actor,
            now=now,
        )
    return approval


def _open_approval(approval_id: int) -> Approval:
    approval = Approval.objects.select_for_update().filter(pk=approval_id).first()
    if approval is None:
        raise NotFound(
            "approval.unknown",
            f"There is no request {approval_id}.",
            f"没有编号为 {approval_id} 的申请。",
        )
    if approval.state not in {"asked", "first"}:
        raise Conflict(
            "approval.decided",
            f"Request {approval_id} is '{approval.state}' already.",
            f"申请 {approval_id} 已处理（{approval.state}）。",
        )
    return approval


def _check_actor(approval: Approval, case: Case, actor: Viewer) -> None:
    roles = deciders(approval)
    if not may_decide(actor, approval, case):
        who = ", ".join(sorted(r.value for r in roles))
        raise NotAllowed(
            "approval.not_yours",
            f"This level is decided by another person than before, holding: {who}.",
            f"本级审批须由此前未参与的人员办理，岗位：{who}。",
        )


def _step(approval: Approval, case: Case, grant: bool, actor: Viewer, now: datetime) -> None:
    first = approval.state == "asked"
    if first:
        approval.first_by, approval.first_at = actor.user_id, now
    else:
        approval.second_by, approval.second_at = actor.user_id, now
    if not grant:
        approval.state = "refused"
    elif first:
        approval.state = "first"
    else:
        _check_still(approval, case)
        approval.state = "granted"
        EFFECTS[approval.kind](case, approval, now)


def _check_still(approval: Approval, case: Case) -> None:
    wanted = {State.CLOSED, State.EVALUATED} if approval.kind == "appeal" else {State.HANDLING}
    if State(case.state) not in wanted:
        raise Conflict(
            "approval.too_late",
            f"Case {case.number} is '{case.state}' now; the request no longer applies. Refuse it.",
            f"案卷 {case.number} 现为“{case.state}”，该申请已不适用，请予退回。",
        )


def _extend(case: Case, approval: Approval, now: datetime) -> None:
    """延期: one original limit more, counted from the deadline."""
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is None or case.handle_due_at is None:
        return
    due_at = add(case.handle_due_at, condition.limit, work_calendar())
    case.extensions += 1
    case.handle_due_at = due_at
    for task in _live(case):
        task.handle_due_at = due_at
        wind(task, now)
        task.save()
    started = case.stage_started_at
    enter(case, State.HANDLING, now=now, due_at=due_at)
    case.stage_started_at = started


def _suspend(case: Case, approval: Approval, now: datetime) -> None:
    """挂账: the clock stands until the date, then runs on by itself."""
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is not None and case.handle_due_at is not None:
        case.paused_left_s = pause(case.handle_due_at, now, condition.limit.kind, work_calendar())
    case.suspensions += 1
    for task in _live(case):
        task.state = TaskState.SUSPENDED.value
        task.timer_at, task.timer_kind = None, ""
        task.save()
    enter(case, State.SUSPENDED, now=now, due_at=approval.until)


def _exempt(case: Case, approval: Approval, now: datetime) -> None:
    """申诉: leaves the statistics, stays visible as "was overdue"."""
    case.exempt = True


EFFECTS = {"extension": _extend, "suspension": _suspend, "appeal": _exempt}


def _live(case: Case) -> list[Task]:
    finals = [s.value for s in TASK_FINAL]
    return list(Task.objects.filter(case=case).exclude(state__in=finals))


def lapse_due(*, now: datetime, limit: int = 200) -> int:
    """Requests nobody decided in time lapse, on record; the department may ask again."""
    due = Approval.objects.filter(state__in=["asked", "first"], due_at__lte=now)
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    return sum(_lapse_safely(approval_id, now) for approval_id in ids)


def _lapse_safely(approval_id: int, now: datetime) -> int:
    try:
        return _lapse(approval_id, now)
    except Exception:  # as with timers: one broken row must not hold up the others
        log.exception("lapse of approval %s failed", approval_id)
        return 0


def _lapse(approval_id: int, now: datetime) -> int:
    with write():
        approval = Approval.objects.select_for_update().get(pk=approval_id)
        if approval.state not in {"asked", "first"} or approval.due_at > now:
            return 0
        approval.state = "lapsed"
        approval.save()
        case = lock_case(approval.case_id)
        data = case_data(case, case.state, approval=approval.pk)
        record(Draft(f"case.{approval.kind}_lapsed", "case", case.pk, data), actor=SYSTEM, now=now)
    return 1
