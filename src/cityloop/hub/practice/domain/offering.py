"""What may be done in an exercise: the move table, and one thing done by telephone."""

from __future__ import annotations

from cityloop.business.cases.domain import MOVES, Move, Need, State
from cityloop.hub.practice.domain.items import Answer, Item
from cityloop.hub.practice.domain.stock import Two

CALL_BACK = "call_back"
# Moves that decide a matter; comments and corrections on the way are not asked for here.
PRACTISED = frozenset(
    {
        "file", "reject", "ask_check", "merge", "dispatch", "accept", "return", "finish",
        "ask_extension", "ask_suspension", "pass", "fail", "confirm", "refute",
    }
)  # fmt: skip
ASKS: dict[Need, Two] = {
    Need.REASON: ("理由", "a reason"),
    Need.TEXT: ("情况说明", "a description"),
    Need.CONDITION: ("立案条件", "a filing condition"),
    Need.PLACE: ("位置：反映人没有说明，先设法问清", "a place: the reporter gave none, ask"),
    Need.DEPARTMENT: ("主办部门", "a lead department"),
    Need.TARGET: ("目标案卷编号", "the number of the other case"),
    Need.EVIDENCE: ("立案条件要求的处置后照片", "the photo of the result its condition asks for"),
}  # fmt: skip


def offered(item: Item) -> list[Move]:
    """The moves that the role may make in this state, by the move table."""
    state = State(item.told.state)
    return [
        move
        for name, move in MOVES.items()
        if name in PRACTISED
        and state in move.sources
        and item.role in {r.value for r in move.roles}
    ]


def missing(item: Item, answer: Answer) -> Two | None:
    """What the platform would refuse the move for; None when it would take it."""
    for need in sorted(MOVES[answer.move].needs):
        if need in ASKS and not _has(need, item, answer):
            return ASKS[need]
    return None


def _has(need: Need, item: Item, answer: Answer) -> bool:
    return {
        Need.REASON: bool(answer.reason.strip()),
        Need.TEXT: bool(answer.text.strip()),
        Need.CONDITION: answer.condition_id is not None,
        Need.PLACE: bool(item.told.place[0]) or item.called,
        Need.DEPARTMENT: bool(answer.lead),
        Need.TARGET: bool(answer.target),
        Need.EVIDENCE: answer.photo or item.evidence == "none",
    }[need]
