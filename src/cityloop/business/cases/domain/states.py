"""States of a case and of a task, and who owns each."""

from __future__ import annotations

from enum import StrEnum

from cityloop.city.accounts.domain import Role


class State(StrEnum):
    """Where a case stands. 上报 - 立案 - 派遣 - 处置 - 反馈 - 核查结案 - 评价."""

    REPORTED = "reported"
    CHECKING = "checking"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    SPLIT = "split"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    REJECTED = "rejected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


STATE_NAMES: dict[State, tuple[str, str]] = {
    State.REPORTED: ("待受理", "reported"),
    State.CHECKING: ("核实中", "being checked"),
    State.FILED: ("待派遣", "filed"),
    State.DISPATCHED: ("待响应", "dispatched"),
    State.HANDLING: ("处置中", "being handled"),
    State.SUSPENDED: ("挂账", "suspended"),
    State.SPLIT: ("分办中", "split into child cases"),
    State.VERIFYING: ("核查中", "being verified"),
    State.VERIFIED: ("待结案", "verified"),
    State.CLOSED: ("已结案", "closed"),
    State.EVALUATED: ("已评价", "evaluated"),
    State.REJECTED: ("不予立案", "rejected"),
    State.MERGED: ("已并案", "merged"),
    State.WITHDRAWN: ("已撤回", "withdrawn"),
}

# Nothing leaves these by itself. `closed` is not among them: it waits for the citizen's answer.
FINAL_STATES = frozenset({State.EVALUATED, State.REJECTED, State.MERGED, State.WITHDRAWN})

# The role that owes the next move. Department states are owned by the lead department.
OWNERS: dict[State, Role] = {
    State.REPORTED: Role.ACCEPTOR,
    State.CHECKING: Role.GRID_WORKER,
    State.FILED: Role.DISPATCHER,
    State.DISPATCHED: Role.HANDLER,
    State.HANDLING: Role.HANDLER,
    State.SUSPENDED: Role.HANDLER,
    State.SPLIT: Role.DISPATCHER,
    State.VERIFYING: Role.GRID_WORKER,
    State.VERIFIED: Role.ACCEPTOR,
    State.CLOSED: Role.CITIZEN,
}

# The stage limit that a state's clock runs on (names of profile.toml [stages]).
STAGE_LIMITS: dict[State, str] = {
    State.REPORTED: "accept",
    State.CHECKING: "check",
    State.FILED: "dispatch",
    State.DISPATCHED: "respond",
    State.VERIFYING: "verify",
    State.VERIFIED: "close",
    State.CLOSED: "satisfaction",
}


class TaskState(StrEnum):
    """Where one department's task stands."""

    SENT = "sent"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    DONE = "done"
    RETURNED = "returned"
    CANCELLED = "cancelled"


TASK_STATE_NAMES: dict[TaskState, tuple[str, str]] = {
    TaskState.SENT: ("待响应", "sent"),
    TaskState.ACCEPTED: ("处置中", "accepted"),
    TaskState.SUSPENDED: ("挂账", "suspended"),
    TaskState.DONE: ("已反馈", "done"),
    TaskState.RETURNED: ("已回退", "returned"),
    TaskState.CANCELLED: ("已取消", "cancelled"),
}

TASK_FINAL = frozenset({TaskState.DONE, TaskState.RETURNED, TaskState.CANCELLED})
