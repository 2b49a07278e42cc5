"""Elements as the engines, the desk and the maps ask for them."""

from cityloop.city.elements.queries.columns import Columns, arrays
from cityloop.city.elements.queries.inspecting import (
    Due,
    DueList,
    Finding,
    due,
    finding,
    inspections,
    plans,
)
from cityloop.city.elements.queries.kinds import kind_row, kinds, spec_of, stamp
from cityloop.city.elements.queries.lists import (
    MOST,
    MOST_IN_BOX,
    KindCount,
    Page,
    counted_kinds,
    in_box,
    listed,
)
from cityloop.city.elements.queries.one import current_row, history, one, used_codes
from cityloop.city.elements.queries.shapes import shapes_of

__all__ = [
    "MOST",
    "MOST_IN_BOX",
    "Columns",
    "Due",
    "DueList",
    "Finding",
    "KindCount",
    "Page",
    "arrays",
    "counted_kinds",
    "current_row",
    "due",
    "finding",
    "history",
    "in_box",
    "inspections",
    "kind_row",
    "kinds",
    "listed",
    "one",
    "plans",
    "shapes_of",
    "spec_of",
    "stamp",
    "used_codes",
]
