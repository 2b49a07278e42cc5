"""What stands in the way of a move besides its state: asked before offering it, and when made.

One place for both, so that a page never offers what the command would refuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Approval, Case
from cityloop.business.cases.settings import loop_settings
from cityloop.kernel.errors import Conflict, DomainError

WAITING = frozenset({"asked", "first"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of a case so far: how many of each kind, and which kinds wait for a decision."""

    count: Counter[str]
    waiting: frozenset[str]


def asked_of(rows: Iterable[Approval]) -> Asked:
    """From the requests of one case."""
    found = list(rows)
    waiting = frozenset(a.kind for a in found if a.state in WAITING)
    return Asked(Counter(a.kind for a in found), waiting)


def extension_barred(case: Case, asked: Asked, now: datetime) -> DomainError | None:
    """延期: before the deadline, at most so many times, one request at a time."""
    if case.handle_due_at is not None and now > case.handle_due_at:
        return Conflict(
            "extension.overdue",
            f"Case {case.number} is overdue since {case.handle_due_at:%Y-%m-%d %H:%M} UTC; more "
            "time is asked for before the deadline. Finish it; appeal if it was not your fault.",
            f"案卷 {case.number} 已超时，延期须在到期前申请；如有正当理由请办结后申诉。",
        )
    most = loop_settings().extension_max
    return _used_up("extension", case.extensions, most, case) or _waits("extension", asked, case)


def suspension_barred(case: Case, asked: Asked, now: datetime) -> DomainError | None:
    """挂账: at most so many times, one request at a time."""
    most = loop_settings().suspension_max
    return _used_up("suspension", case.suspensions, most, case) or _waits("suspension", asked, case)


def appeal_barred(case: Case, asked: Asked, now: datetime) -> DomainError | None:
    """申诉: of an overdue mark that stands, once."""
    if not case.late_ever or case.exempt:
        return Conflict(
            "appeal.not_late",
            f"Case {case.number} bears no overdue mark that could be contested.",
            f"案卷 {case.number} 没有可申诉的超时记录。",
        )
    return _used_up("appeal", asked.count["appeal"], 1, case) or _waits("appeal", asked, case)


def reopening_barred(case: Case, asked: Asked, now: datetime) -> DomainError | None:
    """重新办理: within the days of the profile; a child case by its parent."""
    days = loop_settings().reopen_days
    if case.closed_at and now > case.closed_at + timedelta(days=days):
        return Conflict(
            "case.reopen_late",
            f"Case {case.number} was closed more than {days} days ago. Send a new report.",
            f"案卷 {case.number} 结案已超过 {days} 天，请重新上报。",
        )
    if case.parent_id is not None:
        return Conflict(
            "case.reopen_child",
            f"Case {case.number} is a child case; reopen its parent.",
            f"案卷 {case.number} 为分办案卷，请重新办理其主案卷。",
        )
    return None


Guard = Callable[[Case, Asked, datetime], DomainError | None]
GUARDS: dict[str, Guard] = {
    "ask_extension": extension_barred,
    "ask_suspension": suspension_barred,
    "ask_appeal": appeal_barred,
    "reopen": reopening_barred,
}


def check_guard(name: str, case: Case, *, now: datetime) -> None:
    """Raises: Conflict saying what stands in the way of a move."""
    guard = GUARDS.get(name)
    barred = guard(case, asked_of(Approval.objects.filter(case=case)), now) if guard else None
    if barred is not None:
        raise barred


def still_applies(kind: str, state: State) -> bool:
    """Whether a request of this kind means anything for a case in this state."""
    wanted = {State.CLOSED, State.EVALUATED} if kind == "appeal" else {State.HANDLING}
    return state in wanted


def _used_up(kind: str, have: int, most: int, case: Case) -> DomainError | None:
    if have < most:
        return None
    return Conflict(
        f"{kind}.used_up",
        f"Case {case.number} has had {have} {kind}(s); at most {most} are allowed.",
        f"案卷 {case.number} 已有 {have} 次，最多允许 {most} 次。",
    )


def _waits(kind: str, asked: Asked, case: Case) -> DomainError | None:
    if kind not in asked.waiting:
        return None
    return Conflict(
        f"{kind}.waiting",
        f"A request of this kind is waiting for decision on case {case.number}.",
        f"案卷 {case.number} 已有同类申请待审批。",
    )
