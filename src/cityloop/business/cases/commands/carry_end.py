"""Closing, the citizen's answer, reopening; and asking for extension, suspension, appeal."""

from __future__ import annotations

from datetime import timedelta

from cityloop.business.cases.commands.carry_department import rework
from cityloop.business.cases.commands.context import Context
from cityloop.business.cases.commands.parents import join_parent
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Approval, Case
from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import work_calendar
from cityloop.engines.deadlines import add
from cityloop.kernel.errors import Conflict, DomainError


def close(ctx: Context) -> None:
    """结案: with how the closing condition is met; then the citizen is asked."""
    case = ctx.case
    case.closing_note, case.closed_at = ctx.given.closing, ctx.now
    ctx.data["on_time"] = case.exempt or not case.late_ever
    if case.parent_id is None:
        enter(case, State.CLOSED, now=ctx.now)
        return
    enter(case, State.EVALUATED, now=ctx.now)  # the citizen judges the parent case
    join_parent(ctx)


def rate(ctx: Context) -> None:
    """评价: responded, solved, satisfied. Not solved = the loop is not closed: it goes back."""
    case, given = ctx.case, ctx.given
    case.responded = True if given.responded is None else given.responded
    case.solved, case.satisfied = given.solved, given.satisfied
    ctx.data |= {
        "responded": case.responded,
        "solved": case.solved,
        "satisfied": case.satisfied,
    }
    if given.solved is False and case.reopens < loop_settings().reopen_max:
        ctx.data["reopened"] = True
        _reopen(ctx)
        return
    enter(case, State.EVALUATED, now=ctx.now)


def lapse(ctx: Context) -> None:
    """The window passed without an answer: no rate is made up."""
    enter(ctx.case, State.EVALUATED, now=ctx.now)


def reopen(ctx: Context) -> None:
    """重新办理: by the citizen or the desk, within the days of the profile."""
    case, limits = ctx.case, loop_settings()
    if case.closed_at and ctx.now > case.closed_at + timedelta(days=limits.reopen_days):
        raise Conflict(
            "case.reopen_late",
            f"Case {case.number} was closed more than {limits.reopen_days} days ago. Send a new "
            "report.",
            f"案卷 {case.number} 结案已超过 {limits.reopen_days} 天，请重新上报。",
        )
    if case.parent_id is not None:
        raise Conflict(
            "case.reopen_child",
            f"Case {case.number} is a child case; reopen its parent.",
            f"案卷 {case.number} 为分办案卷，请重新办理其主案卷。",
        )
    _reopen(ctx)


def _reopen(ctx: Context) -> None:
    case, condition = ctx.case, ctx.condition
    case.closed_at = case.ended_at = None
    case.closing_note = ""
    due_at = (
        add(ctx.now, condition.limit, work_calendar())
        if condition is not None
        else ctx.now + timedelta(days=1)
    )
    rework(ctx, due_at, reopened=True)


# --- approvals -----------------------------------------------------------------------------------
def ask_extension(ctx: Context) -> None:
    case, limits = ctx.case, loop_settings()
    if case.handle_due_at is not None and ctx.now > case.handle_due_at:
        raise Conflict(
            "extension.overdue",
            f"Case {case.number} is overdue since {case.handle_due_at:%Y-%m-%d %H:%M} UTC; more "
            "time is asked for before the deadline. Finish it; appeal if it was not your fault.",
            f"案卷 {case.number} 已超时，延期须在到期前申请；如有正当理由请办结后申诉。",
        )
    _at_most("extension", case.extensions, limits.extension_max, case)
    _ask(ctx, "extension")


def ask_suspension(ctx: Context) -> None:
    case, limits, until = ctx.case, loop_settings(), ctx.given.until
    _at_most("suspension", case.suspensions, limits.suspension_max, case)
    longest = ctx.now + timedelta(days=limits.suspension_days)
    if until is None or not ctx.now < until <= longest:
        raise DomainError(
            "suspension.until",
            f"A suspension ends between now and {longest:%Y-%m-%d}; given: {until}.",
            f"挂账截止时间须在现在至 {longest:%Y-%m-%d} 之间，当前为：{until}。",
            where="until",
        )
    _ask(ctx, "suspension")


def ask_appeal(ctx: Context) -> None:
    case = ctx.case
    if not case.late_ever or case.exempt:
        raise Conflict(
            "appeal.not_late",
            f"Case {case.number} bears no overdue mark that could be contested.",
            f"案卷 {case.number} 没有可申诉的超时记录。",
        )
    asked = Approval.objects.filter(case=case, kind="appeal").count()
    _at_most("appeal", asked, 1, case)
    _ask(ctx, "appeal")


def _at_most(kind: str, have: int, most: int, case: Case) -> None:
    if have >= most:
        raise Conflict(
            f"{kind}.used_up",
            f"Case {case.number} has had {have} {kind}(s); at most {most} are allowed.",
            f"案卷 {case.number} 已有 {have} 次，最多允许 {most} 次。",
        )


def _ask(ctx: Context, kind: str) -> None:
    if Approval.objects.filter(case=ctx.case, kind=kind, state__in=["asked", "first"]).exists():
        raise Conflict(
            f"{kind}.waiting",
            f"A request of this kind is waiting for decision on case {ctx.case.number}.",
            f"案卷 {ctx.case.number} 已有同类申请待审批。",
        )
    approval = Approval.objects.create(
        case=ctx.case,
        kind=kind,
        until=ctx.given.until,
        asked_by=ctx.actor.user_id or 0,
        asked_at=ctx.now,
        due_at=ctx.now + timedelta(hours=loop_settings().approval_hours),
    )
    ctx.data |= {"approval": approval.pk, "kind": kind}


CARRIERS = {
    "close": close,
    "rate": rate,
    "lapse": lapse,
    "reopen": reopen,
    "ask_extension": ask_extension,
    "ask_suspension": ask_suspension,
    "ask_appeal": ask_appeal,
}
