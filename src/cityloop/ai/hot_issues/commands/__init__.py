"""Everything that changes hot issues. The worker and people call these and nothing else."""

from cityloop.ai.hot_issues.commands.deciding import (
    confirm,
    dismiss,
    merge,
    remove,
    set_cause,
    split,
)
from cityloop.ai.hot_issues.commands.placing import place_new
from cityloop.ai.hot_issues.commands.regrouping import regroup
from cityloop.ai.hot_issues.commands.taking import follow_cases, forget_old, take_in

__all__ = [
    "confirm",
    "dismiss",
    "follow_cases",
    "forget_old",
    "merge",
    "place_new",
    "regroup",
    "remove",
    "set_cause",
    "split",
    "take_in",
]
