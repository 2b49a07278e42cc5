"""Which unit does which task, and in which order. docs/algorithms/dispatching.md."""

from cityloop.engines.dispatching.explaining import Choice, Reason, explain, explain_one
from cityloop.engines.dispatching.model import Assignment, Task, Unit, Weights
from cityloop.engines.dispatching.planning import assign
from cityloop.engines.dispatching.travel import travel_minutes

__all__ = [
    "Assignment",
    "Choice",
    "Reason",
    "Task",
    "Unit",
    "Weights",
    "assign",
    "explain",
    "explain_one",
    "travel_minutes",
]
