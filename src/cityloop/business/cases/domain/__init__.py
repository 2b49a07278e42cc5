"""The loop as values: states, moves, owners, clocks. Pure: no database, no clock."""

from cityloop.business.cases.domain.moves import MOVES, Move, Need
from cityloop.business.cases.domain.states import (
    FINAL_STATES,
    OWNERS,
    STATE_NAMES,
    TASK_FINAL,
    TASK_STATE_NAMES,
    State,
    TaskState,
)

__all__ = [
    "FINAL_STATES",
    "MOVES",
    "OWNERS",
    "STATE_NAMES",
    "TASK_FINAL",
    "TASK_STATE_NAMES",
    "Move",
    "Need",
    "State",
    "TaskState",
]
