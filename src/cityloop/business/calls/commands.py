"""A call is taken: its matters come in, those that are known already join their case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cityloop.business.calls.queries import department_names
from cityloop.business.calls.rules import TAKERS, need_taker
from cityloop.business.cases import commands as cases
from cityloop.business.cases.domain import State
from cityloop.business.cases.domain.values import NewReport, NewReporter, Receipt
from cityloop.business.cases.queries import get_case, get_case_by_number
from cityloop.city.accounts.domain import Viewer
from cityloop.kernel.errors import DomainError, NotAllowed

CHANNEL = "hotline"
JOINED = "来电人确认与该案卷是同一件事"


def take_call(
    call_id: str,
    matters: Sequence[dict[str, Any]],
    *,
    reporter: NewReporter,
    confidential: bool = False,
    language: str = "zh",
    actor: Viewer,
    now: datetime,
) -> list[dict[str, Any]]:
    """Take in the matters of one call; what became of each, in their order.

    Args:
        call_id: names the call; the same call sent again gets the receipts of the first time.
        matters: text, address, lon, lat, crs, class_key, follow_key, and `joins`: the number of
            the case that the matter is already ("" = none). It still becomes a report of its own
            first, so that the caller has a number and hears of the result, and is then merged.
    Raises: NotAllowed("call.not_yours"), DomainError("call.empty").
    """
    need_taker(actor)
    if not all(one["text"].strip() for one in matters):
        raise DomainError(
            "call.empty",
            "A matter has no words. Write what the caller said, or remove it.",
            "有一件事没有填写内容，请补上来电人说的话，或删去这一件。",
            where="matters",
        )
    plain: dict[str, Any] = {"channel": CHANNEL, "reporter": reporter, "confidential": confidential,
             "language": language}  # fmt: skip
    reports = [
        NewReport(external_id=f"{call_id}-{n}", **plain, **_without_joins(one))
        for n, one in enumerate(matters, 1)
    ]
    answers = cases.receive_many(reports, actor=actor, now=now)
    return [
        _row(answer, one["joins"].strip(), actor=actor, now=now)
        for answer, one in zip(answers, matters, strict=True)
    ]


def say_again(number: str, text: str, *, actor: Viewer, now: datetime) -> dict[str, Any]:
    """Put what a repeat caller says on the open case that it is about.

    Returns: number, department and deadline, to be told to the caller.
    Raises: NotAllowed("call.not_yours"), NotFound("case.unknown"), Conflict("words.ended").
    """
    need_taker(actor)
    case = get_case_by_number(actor, number)
    if not actor.holds_in(case.path, *TAKERS):
        raise NotAllowed(
            "call.other_area",
            f"Case {case.number} lies in an area that you do not take calls for.",
            f"案卷 {case.number} 不在您负责接听的区域。",
        )
    cases.add_words(case.pk, text, actor=actor, now=now)
    return _told(case)


def _without_joins(matter: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in matter.items() if name != "joins"}


def _row(answer: Receipt | DomainError, joins: str, *, actor: Viewer, now: datetime) -> Any:
    if isinstance(answer, DomainError):
        return {"problem": answer.as_dict(actor.language)}
    problem = None
    if joins and answer.state != State.MERGED:
        try:
            cases.move(answer.case_id, "merge", actor=actor, now=now, target=joins, reason=JOINED)
        except DomainError as error:  # it stands as a case of its own: nothing is lost
            problem = error.as_dict(actor.language)
    case = get_case(actor, answer.case_id)
    into = case.merged_into
    told = _told(into or case)
    return {
        **told,
        "number": case.number,
        "joined": into.number if into else None,
        "problem": problem,
    }


def _told(case: Any) -> dict[str, Any]:
    return {
        "number": case.number,
        **department_names(case.lead_department_id),
        "due_at": case.due_at,
    }
