"""One move: lock, check, carry out, save, record. One transaction, one trace row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cityloop.business.cases.commands import carry_department, carry_desk, carry_end
from cityloop.business.cases.commands.context import (
    Context,
    case_data,
    context_of,
    counted,
    is_reporter_of,
    lock_both,
)
from cityloop.business.cases.commands.needs import check_needs, check_state
from cityloop.business.cases.domain import MOVES
from cityloop.business.cases.domain.moves import Scope
from cityloop.business.cases.domain.values import MoveInput
from cityloop.business.cases.models import Case
from cityloop.business.cases.rules import check_move
from cityloop.business.cases.settings import loop_settings
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.db import loaded, save_changed, write
from cityloop.kernel.errors import DomainError

Carrier = Callable[[Context], None]

CARRIERS: dict[str, Carrier] = {
    **carry_desk.CARRIERS,
    **carry_department.CARRIERS,
    **carry_end.CARRIERS,
}


def move(case_id: int, name: str, *, actor: Viewer, now: datetime, **given: Any) -> Case:
    """Make one move of the table on a case.

    Args:
        name: a key of MOVES ("file", "dispatch", "accept", ...).
        given: fields of MoveInput.
    Returns: the case as it is after the move.
    Raises: DomainError("move.unknown", "move.needs", ...), NotAllowed("case.not_yours"),
        Conflict("case.wrong_state", "case.changed").
    """
    if name not in MOVES:
        raise DomainError(
            "move.unknown",
            f"There is no move '{name}'. Moves: {', '.join(MOVES)}.",
            f"没有“{name}”这一操作。可用操作：{'、'.join(MOVES)}。",
            where="move",
        )
    inputs = _checked(MoveInput(**given))
    with write():
        if inputs.target:
            lock_both(case_id, inputs.target)
        ctx = context_of(case_id, name, inputs, actor=actor, now=now)
        reporter = ctx.move.scope is Scope.REPORTER and is_reporter_of(
            ctx.case, actor, inputs.follow_key
        )
        check_move(actor, ctx.move, ctx.case, ctx.tasks, is_reporter=reporter)
        check_state(ctx)
        check_needs(ctx)
        return carry(ctx)


def carry(ctx: Context) -> Case:
    """Carry out a checked move; must be inside the transaction that locked the case."""
    source, case = ctx.case.state, ctx.case
    due_at, started_at = case.due_at, case.stage_started_at
    before, columns = counted(case), loaded(case)
    CARRIERS[ctx.move.name](ctx)
    case.version += 1
    save_changed(case, columns)
    left_stage = case.state != source or case.stage_started_at != started_at
    if left_stage and due_at is not None:
        ctx.data["stage_on_time"] = ctx.now <= due_at
    if ctx.given.reason:
        ctx.private["reason"] = ctx.given.reason
    if ctx.given.text:
        ctx.private["text"] = ctx.given.text
    draft = Draft(
        kind=f"case.{ctx.move.name}",
        subject_type="case",
        subject_id=case.pk,
        data=case_data(case, source, before=before, **ctx.data),
        private=ctx.private or None,
    )
    record_many([draft, *ctx.extra_drafts], actor=ctx.actor, now=ctx.now)
    return case


def _checked(given: MoveInput) -> MoveInput:
    limit = loop_settings().text_max
    for name in ("reason", "text", "closing"):
        value = getattr(given, name)
        if len(value) > limit or "\x00" in value:
            raise DomainError(
                "move.text",
                f"{name} has {len(value)} characters or holds NUL; at most {limit} plain "
                "characters are allowed. Shorten it.",
                f"{name} 共 {len(value)} 字或含有空字符，最多 {limit} 字，请精简。",
                where=name,
            )
    if len(given.closing) > 400:
        raise DomainError(
            "move.text",
            f"closing has {len(given.closing)} characters; at most 400. Shorten it.",
            f"结案说明共 {len(given.closing)} 字，最多 400 字，请精简。",
            where="closing",
        )
    return given
