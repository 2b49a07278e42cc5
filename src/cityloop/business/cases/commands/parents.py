"""A split case goes on when the last of its child cases has ended, however that one ended."""

from __future__ import annotations

from cityloop.business.cases.commands.context import Context, case_data, context_of, counted
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.domain import FINAL_STATES, State
from cityloop.business.cases.domain.values import MoveInput
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft


def join(ctx: Context) -> None:
    ctx.case.handled_at = ctx.now
    ctx.data["case_on_time"] = True
    enter(ctx.case, State.VERIFIED, now=ctx.now)


def join_parent(ctx: Context) -> None:
    """Let the parent go on if `ctx.case`, ended just now, was its last open child.

    The parent is locked before its children are looked at: of two children that end at the same
    moment the second one then sees the first.
    """
    child = ctx.case
    if child.parent_id is None:
        return
    child.save()
    parent = context_of(child.parent_id, "join", MoveInput(), actor=SYSTEM, now=ctx.now)
    if parent.state is not State.SPLIT or not _children_ended(child.parent_id):
        return
    before = counted(parent.case)
    join(parent)
    parent.case.version += 1
    parent.case.save()
    data = case_data(parent.case, State.SPLIT.value, before=before, **parent.data)
    ctx.extra_drafts.append(Draft("case.join", "case", parent.case.pk, data))


def _children_ended(parent_id: int) -> bool:
    finals = [s.value for s in FINAL_STATES]
    return not Case.objects.filter(parent_id=parent_id).exclude(state__in=finals).exists()
