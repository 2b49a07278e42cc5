"""The move table: from, move, to, who may, what it needs, what it does to the clock.

Everything that can happen to a case stands here; commands carry it out, nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cityloop.business.cases.domain.states import FINAL_STATES, State
from cityloop.city.accounts.domain import SUPERVISORS, Role


class Need(StrEnum):
    """What a move must bring along."""

    REASON = "reason"
    TEXT = "text"
    PHOTO = "photo"
    EVIDENCE = "evidence"  # the photos the condition asks for
    CONDITION = "condition"
    PLACE = "place"
    DEPARTMENT = "department"
    TARGET = "target"
    UNTIL = "until"
    PARTS = "parts"
    RATING = "rating"
    CLOSING = "closing"
    URGENCY = "urgency"
    CO = "co"


class Scope(StrEnum):
    """Where the role must be held."""

    AREA = "area"  # in an area of the case
    TASK = "task"  # in a department with a live task of the case
    LEAD = "lead"  # in the lead department of the case
    PAST_LEAD = "past_lead"  # in the department that handled it
    REPORTER = "reporter"  # one of its reporters, or an operator calling them back
    MACHINE = "machine"  # the platform itself


class Clock(StrEnum):
    """What the move does to the clock of the case."""

    KEEP = "keep"
    START = "start"  # a new stage begins with its own limit
    HANDLE = "handle"  # the condition's limit begins or goes on
    PAUSE = "pause"  # handling clock stops, what is left is kept
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table. `to` is None where the state stays or the case decides."""

    name: str
    zh: str
    en: str
    sources: frozenset[State]
    to: State | None
    roles: frozenset[Role]
    scope: Scope = Scope.AREA
    needs: frozenset[Need] = frozenset()
    clock: Clock = Clock.START
    machine: bool = False  # the platform may do it by itself as well


S = State
A, D, H, L, G = (
    Role.ACCEPTOR,
    Role.DISPATCHER,
    Role.HANDLER,
    Role.DEPARTMENT_LEAD,
    Role.GRID_WORKER,
)
OPEN_STATES = frozenset(State) - FINAL_STATES
DESK_STATES = frozenset({S.REPORTED, S.CHECKING, S.FILED, S.DISPATCHED, S.HANDLING})
WORKING = frozenset({S.DISPATCHED, S.HANDLING})


def _row(
    name: str,
    zh: str,
    en: str,
    sources: set[State] | frozenset[State],
    to: State | None,
    roles: set[Role] | frozenset[Role],
    *needs: Need,
    scope: Scope = Scope.AREA,
    clock: Clock = Clock.START,
    machine: bool = False,
) -> Move:
    return Move(
        name,
        zh,
        en,
        frozenset(sources),
        to,
        frozenset(roles),
        scope,
        frozenset(needs),
        clock,
        machine,
    )


_TABLE = [
    # --- before filing
    _row("ask_check", "派核实", "ask for a check", {S.REPORTED}, S.CHECKING, {A}, Need.PLACE),
    _row("confirm", "核实属实", "check: it is so", {S.CHECKING}, S.REPORTED, {G, *SUPERVISORS}),
    _row(
        "refute",
        "核实不属实",
        "check: it is not so",
        {S.CHECKING},
        S.REPORTED,
        {G, *SUPERVISORS},
        Need.REASON,
    ),
    _row(
        "file",
        "立案",
        "file",
        {S.REPORTED},
        S.FILED,
        {A},
        Need.CONDITION,
        Need.PLACE,
        machine=True,
    ),
    _row(
        "reject",
        "不予立案",
        "reject",
        {S.REPORTED},
        S.REJECTED,
        {A},
        Need.REASON,
        clock=Clock.STOP,
    ),
    _row(
        "settle",
        "自办自结",
        "handled on the spot",
        {S.REPORTED},
        S.VERIFIED,
        {G},
        Need.CONDITION,
        Need.TEXT,
        Need.PHOTO,
        Need.PLACE,
    ),
    _row(
        "withdraw",
        "撤回",
        "withdraw",
        {S.REPORTED, S.CHECKING},
        S.WITHDRAWN,
        set(),
        Need.REASON,
        scope=Scope.REPORTER,
        clock=Clock.STOP,
    ),
    # --- to the departments
    _row(
        "dispatch",
        "派遣",
        "dispatch",
        {S.FILED},
        S.DISPATCHED,
        {D},
        Need.DEPARTMENT,
        machine=True,
    ),
    _row(
        "reroute",
        "改派",
        "re-route",
        WORKING,
        S.DISPATCHED,
        {D},
        Need.DEPARTMENT,
        Need.REASON,
    ),
    _row(
        "add_co",
        "增派协办",
        "add a co-handler",
        WORKING,
        None,
        {D},
        Need.CO,
        clock=Clock.KEEP,
    ),
    _row("split", "分办", "split into child cases", {S.FILED}, S.SPLIT, {D}, Need.PARTS),
    _row(
        "join",
        "分办办结",
        "all child cases ended",
        {S.SPLIT},
        S.VERIFIED,
        set(),
        scope=Scope.MACHINE,
        machine=True,
    ),
    _row(
        "accept",
        "响应",
        "respond",
        WORKING,
        S.HANDLING,
        {H, L},
        scope=Scope.TASK,
        clock=Clock.HANDLE,
    ),
    _row(
        "return",
        "回退",
        "return",
        WORKING,
        S.FILED,
        {H, L},
        Need.REASON,
        scope=Scope.TASK,
    ),
    _row(
        "feed_back",
        "反馈",
        "feed back",
        WORKING,
        None,
        {H, L},
        Need.TEXT,
        scope=Scope.TASK,
        clock=Clock.KEEP,
    ),
    _row(
        "finish",
        "处置完成",
        "report the result",
        WORKING,
        S.VERIFYING,
        {H, L},
        Need.TEXT,
        Need.EVIDENCE,
        scope=Scope.TASK,
    ),
    # --- verification and closing
    _row(
        "pass",
        "核查通过",
        "verification passed",
        {S.VERIFYING},
        S.VERIFIED,
        {G, *SUPERVISORS},
    ),
    _row(
        "fail",
        "核查不通过",
        "verification failed: rework",
        {S.VERIFYING},
        S.HANDLING,
        {G, *SUPERVISORS},
        Need.REASON,
        clock=Clock.HANDLE,
    ),
    _row(
        "send_back",
        "退回返工",
        "sent back for rework",
        {S.VERIFIED},
        S.HANDLING,
        {A},
        Need.REASON,
        clock=Clock.HANDLE,
    ),
    _row("close", "结案", "close", {S.VERIFIED}, S.CLOSED, {A}, Need.CLOSING),
    _row(
        "rate",
        "评价",
        "rate",
        {S.CLOSED},
        S.EVALUATED,
        {Role.HOTLINE_OPERATOR},
        Need.RATING,
        scope=Scope.REPORTER,
        clock=Clock.STOP,
    ),
    _row(
        "lapse",
        "评价期满",
        "no answer in the satisfaction window",
        {S.CLOSED},
        S.EVALUATED,
        set(),
        scope=Scope.MACHINE,
        clock=Clock.STOP,
        machine=True,
    ),
    _row(
        "reopen",
        "重新办理",
        "reopen",
        {S.CLOSED, S.EVALUATED},
        S.HANDLING,
        {A, Role.HOTLINE_OPERATOR, *SUPERVISORS},
        Need.REASON,
        scope=Scope.REPORTER,
        clock=Clock.HANDLE,
    ),
    # --- any time
    _row(
        "reclassify",
        "更正类别",
        "correct the class",
        DESK_STATES,
        None,
        {A, D},
        Need.CONDITION,
        clock=Clock.KEEP,
    ),
    _row(
        "prioritise",
        "定紧急程度",
        "set the urgency",
        DESK_STATES,
        None,
        {A, D},
        Need.URGENCY,
        clock=Clock.KEEP,
    ),
    _row(
        "relocate",
        "更正位置",
        "correct the place",
        DESK_STATES,
        None,
        {A, D, G},
        Need.PLACE,
        clock=Clock.KEEP,
    ),
    _row(
        "merge",
        "并案",
        "merge into another case",
        {S.REPORTED, S.CHECKING, S.FILED, S.DISPATCHED, S.HANDLING},
        S.MERGED,
        {A, D, Role.HOTLINE_OPERATOR},
        Need.TARGET,
        Need.REASON,
        clock=Clock.STOP,
    ),
    _row(
        "urge",
        "督办",
        "urge",
        OPEN_STATES - {S.CLOSED},
        None,
        SUPERVISORS,
        Need.REASON,
        clock=Clock.KEEP,
    ),
    _row(
        "comment",
        "备注",
        "comment",
        frozenset(State),
        None,
        {A, D, H, L, G, Role.HOTLINE_OPERATOR, *SUPERVISORS},
        Need.TEXT,
        clock=Clock.KEEP,
    ),
    # --- by approval
    _row(
        "ask_extension",
        "申请延期",
        "ask for more time",
        {S.HANDLING},
        None,
        {H, L},
        Need.REASON,
        scope=Scope.LEAD,
        clock=Clock.KEEP,
    ),
    _row(
        "ask_suspension",
        "申请挂账",
        "ask for suspension",
        {S.HANDLING},
        None,
        {H, L},
        Need.REASON,
        Need.UNTIL,
        scope=Scope.LEAD,
        clock=Clock.KEEP,
    ),
    _row(
        "ask_appeal",
        "申诉",
        "contest the overdue mark",
        {S.CLOSED, S.EVALUATED},
        None,
        {H, L},
        Need.REASON,
        scope=Scope.PAST_LEAD,
        clock=Clock.KEEP,
    ),
    _row(
        "resume",
        "恢复办理",
        "resume",
        {S.SUSPENDED},
        S.HANDLING,
        {L, D},
        Need.REASON,
        clock=Clock.RESUME,
        machine=True,
    ),
]

MOVES: dict[str, Move] = {move.name: move for move in _TABLE}
