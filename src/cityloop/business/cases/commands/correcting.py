"""“The right class is …, the right department is …”: one correction, and the case goes there.

Number, history and the citizen's link stay; what a person said is learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityloop.business.cases.commands.context import lock_case
from cityloop.business.cases.commands.move import move
from cityloop.business.cases.destination import destination
from cityloop.business.cases.domain import MOVES, State
from cityloop.business.cases.models import Case, Task
from cityloop.business.cases.rules import may_move
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError

SENDS = {State.FILED: "dispatch", State.DISPATCHED: "reroute", State.HANDLING: "reroute"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """The case after the correction. move: what was made of it; lead: where it goes now ("" =
    where it was); by: what named that department: "person", "rule", "duty", "model", "area"."""

    case: Case
    move: str
    lead: str
    by: str


def correct(
    case_id: int,
    *,
    condition_id: int | None = None,
    lead: str = "",
    co: Sequence[str] = (),
    reason: str = "",
    version: int | None = None,
    actor: Viewer,
    now: datetime,
) -> Corrected:
    """Correct class, department or both. With a new class alone routing says where it belongs;
    where that is another department and the actor may send it there, it goes there at once.

    Raises: DomainError("correct.nothing"), Conflict("correct.not_filed"), and as `move`.
    """
    with write():
        case = lock_case(case_id)
        condition_id = condition_id if condition_id != case.condition_id else None
        if condition_id is None and not lead:
            raise DomainError(
                "correct.nothing",
                "Name the right class (condition_id) or the right department (lead).",
                "请指明正确的类别（condition_id）或部门（lead）。",
                where="condition_id",
            )
        name, to, by = _what(case, condition_id, lead, actor, now)
        given = {"condition_id": condition_id, "reason": reason, "version": version}
        if to:
            given |= {"lead": to, "co": tuple(co)}
        done = move(case_id, name, actor=actor, now=now, **given)
    return Corrected(done, name, to, by)


def _what(
    case: Case, condition_id: int | None, lead: str, actor: Viewer, now: datetime
) -> tuple[str, str, str]:
    """(move, department key, who named it)."""
    sends = SENDS.get(State(case.state))
    if lead:
        if sends is None:
            raise Conflict(
                "correct.not_filed",
                f"Case {case.number} is '{case.state}': a department is corrected between filing "
                "and the result.",
                f"案卷 {case.number} 当前为“{case.state}”，更正部门须在立案后、处置完成前办理。",
                where="lead",
            )
        return sends, lead, "person"
    tasks = list(Task.objects.filter(case=case))
    if sends and may_move(actor, MOVES[sends], case, tasks):
        found = destination(case, now=now, condition_id=condition_id)
        if found.lead and _other(case, found.lead):
            return sends, found.lead, found.by
    return "reclassify", "", ""


def _other(case: Case, key: str) -> bool:
    return departments_by_key()[key].pk != case.lead_department_id
