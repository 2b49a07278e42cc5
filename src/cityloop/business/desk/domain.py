"""The queues of each role: which cases wait where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cityloop.city.viewer import DEPARTMENT_ROLES, DESK, SUPERVISORS, Role

WORKERS = DESK | DEPARTMENT_ROLES | SUPERVISORS | {Role.GRID_WORKER}
READERS = WORKERS | {Role.ANALYST}
COUNTED = 100  # counting stops here: a longer queue is shown as 99+


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: the filters of its list, and whom it is offered to."""

    key: str
    zh: str
    en: str
    filters: Mapping[str, Any]
    roles: frozenset[Role]
    order: str = "due"


def _queue(key: str, zh: str, en: str, roles: Iterable[Role], **filters: Any) -> Queue:
    return Queue(key, zh, en, filters, frozenset(roles))


A, D = {Role.ACCEPTOR}, {Role.DISPATCHER}
QUEUES: tuple[Queue, ...] = (
    _queue("mine", "待我办理", "Waiting for me", WORKERS - SUPERVISORS, mine=True),
    _queue("reported", "待受理", "To accept", A | SUPERVISORS, state="reported"),
    _queue("checking", "核实中", "Being checked", A | {Role.GRID_WORKER}, state="checking"),
    _queue("filed", "待派遣", "To dispatch", D | SUPERVISORS, state="filed"),
    _queue("returned", "退回重派", "Returned, to dispatch again", D, state="filed", returned=True),
    _queue("dispatched", "待响应", "To respond", D | DEPARTMENT_ROLES | SUPERVISORS,
           state="dispatched"),
    _queue("handling", "待处置", "Being handled", D | DEPARTMENT_ROLES | SUPERVISORS,
           state="handling"),
    _queue("verifying", "待核查", "To verify", SUPERVISORS | {Role.GRID_WORKER},
           state="verifying"),
    _queue("verified", "待结案", "To close", A | SUPERVISORS, state="verified"),
    _queue("suspended", "挂账", "Suspended", D | DEPARTMENT_ROLES, state="suspended"),
    _queue("closed", "待评价", "Waiting for the citizen", {Role.HOTLINE_OPERATOR}, state="closed"),
    _queue("near", "临期", "Due soon", READERS, alert="near"),
    _queue("late", "超期", "Overdue", READERS, alert="late"),
    _queue("urged", "督办", "Urged", READERS, urged=True),
    _queue("working", "全部在办", "All open", READERS, working=True),
)  # fmt: skip


def queues_of(roles: Iterable[Role]) -> list[Queue]:
    """The queues offered to somebody who holds these roles, in the order of the loop."""
    held = frozenset(roles)
    return [queue for queue in QUEUES if queue.roles & held]
