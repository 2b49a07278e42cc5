"""Dividing communities into cells (划分网格), and keeping the division.

Coordinates are metres of one plane; `features` converts from and to degrees.
"""

from cityloop.engines.partition.balance import Shares, Work, share_out
from cityloop.engines.partition.checking import check, weigh_cells
from cityloop.engines.partition.divide import Effort
from cityloop.engines.partition.editing import (
    Division,
    Edited,
    look,
    merge,
    move_buildings,
    put,
    redraw,
    split,
)
from cityloop.engines.partition.model import (
    HOUSEHOLDS,
    Building,
    Cell,
    Community,
    Finding,
    Plan,
    Street,
    StreetClass,
    Window,
)
from cityloop.engines.partition.planning import (
    plan_community,
    plan_district,
    replan,
    replan_district,
)

__all__ = [
    "HOUSEHOLDS",
    "Building",
    "Cell",
    "Community",
    "Division",
    "Edited",
    "Effort",
    "Finding",
    "Plan",
    "Shares",
    "Street",
    "StreetClass",
    "Window",
    "Work",
    "check",
    "look",
    "merge",
    "move_buildings",
    "plan_community",
    "plan_district",
    "put",
    "redraw",
    "replan",
    "replan_district",
    "share_out",
    "split",
    "weigh_cells",
]
