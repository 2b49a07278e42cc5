"""What a reporter sees of the own case: where it stands, what happened, what to do."""

from __future__ import annotations

from typing import Any

from cityloop.business.cases.commands.reporters import find_by_follow_key
from cityloop.business.cases.domain import MOVES, STATE_NAMES, State
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.queries import receipt_of, trace

# Steps a reporter is shown; desk corrections, comments and rings stay inside.
SHOWN = {
    "receive": ("已收到", "received"),
    "branch": ("分办", "split"),
    "absorb": ("有相同诉求并入", "a like report was joined"),
} | {
    name: (MOVES[name].zh, MOVES[name].en)
    for name in (
        "file",
        "reject",
        "dispatch",
        "reroute",
        "accept",
        "finish",
        "pass",
        "fail",
        "close",
        "rate",
        "reopen",
        "merge",
        "withdraw",
        "settle",
    )
}
# A refusal is shown with its reason: nobody is left without an answer.
REASONED = frozenset({"case.reject", "case.merge"})


def followed_case(key: str) -> dict[str, Any]:
    """The case behind a follow-up key; of a merged one the case it became part of.

    Raises: NotFound("follow.unknown").
    """
    own = Case.objects.select_related("lead_department").get(pk=find_by_follow_key(key))
    case = _survivor(own)
    state = State(case.state)
    zh, en = STATE_NAMES[state]
    open_to = [n for n in ("rate", "reopen", "withdraw") if state in MOVES[n].sources]
    return {
        "number": own.number,
        "state": state.value,
        "state_zh": zh,
        "state_en": en,
        "title": own.title,
        "received_at": own.received_at,
        "due_at": case.handle_due_at,
        "closed_at": case.closed_at,
        "department": case.lead_department.name_zh if case.lead_department else None,
        "closing_note": case.closing_note,
        "merged_into": case.number if case.pk != own.pk else None,
        "steps": _steps(own) + (_steps(case) if case.pk != own.pk else []),
        "may": ["answer" if n == "rate" else n for n in open_to],
    }


def _survivor(case: Case) -> Case:
    while case.merged_into_id is not None:
        case = Case.objects.select_related("lead_department").get(pk=case.merged_into_id)
    return case


def ledger_receipt(key: str) -> dict[str, Any]:
    """Proof that the report stands in the ledger, as `python -m cityloop.verify` checks it."""
    return receipt_of("case", find_by_follow_key(key), "case.receive")


def _steps(case: Case) -> list[dict[str, Any]]:
    steps = []
    for row in trace("case", case.pk, viewer=SYSTEM):
        name = row.kind.removeprefix("case.")
        if row.kind.startswith("case.") and name in SHOWN:
            zh, en = SHOWN[name]
            step: dict[str, Any] = {"at": row.at, "zh": zh, "en": en}
            if row.kind in REASONED and row.private:
                step["reason"] = row.private.get("reason", "")
            steps.append(step)
    return steps
