"""Closing, the citizen's answer, reopening; and asking for extension, suspension, appeal."""

from __future__ import annotations

from datetime import timedelta

from cityloop.business.cases.commands.carry_department import rework
from cityloop.business.cases.commands.context import Context
from cityloop.business.cases.commands.guards import check_guard
from cityloop.business.cases.commands.parents import join_parent
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Approval
from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import work_calendar
from cityloop.engines.deadlines import add
from cityloop.kernel.errors import DomainError


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
    check_guard("reopen", ctx.case, now=ctx.now)
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
    check_guard("ask_extension", ctx.case, now=ctx.now)
    _ask(ctx, "extension")


def ask_suspension(ctx: Context) -> None:
    check_guard("ask_suspension", ctx.case, now=ctx.now)
    until, longest = ctx.given.until, ctx.now + timedelta(days=loop_settings().suspension_days)
    if until is None or not ctx.now < until <= longest:
        raise DomainError(
            "suspension.until",
            f"A suspension ends between now and {longest:%Y-%m-%d}; given: {until}.",
            f"挂账截止时间须在现在至 {longest:%Y-%m-%d} 之间，当前为：{until}。",
            where="until",
        )
    _ask(ctx, "suspension")


def ask_appeal(ctx: Context) -> None:
    check_guard("ask_appeal", ctx.case, now=ctx.now)
    _ask(ctx, "appeal")


def _ask(ctx: Context, kind: str) -> None:
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
