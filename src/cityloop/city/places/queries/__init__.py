"""The tree, points to cells, texts to places, and who answers."""

from cityloop.city.places.queries.duty import (
    Cover,
    OnDuty,
    cover,
    on_duty_workers,
    uncovered_cells,
    who_answers,
)
from cityloop.city.places.queries.lists import MOST, areas, export_areas, feature_collection
from cityloop.city.places.queries.locating import Placed, bounds, locate, place_points
from cityloop.city.places.queries.naming import (
    PlaceMatch,
    find_place,
    place_names,
    point_of_match,
    read_names,
)
from cityloop.city.places.queries.numbers import used_cell_numbers
from cityloop.city.places.queries.own_duty import (
    OwnGrid,
    Span,
    grids,
    grids_of_worker,
    shifts_of,
)
from cityloop.city.places.queries.snapshot import shapes, tree, version

__all__ = [
    "MOST",
    "Cover",
    "OnDuty",
    "OwnGrid",
    "PlaceMatch",
    "Placed",
    "Span",
    "areas",
    "bounds",
    "cover",
    "export_areas",
    "feature_collection",
    "find_place",
    "grids",
    "grids_of_worker",
    "locate",
    "on_duty_workers",
    "place_names",
    "place_points",
    "point_of_match",
    "read_names",
    "shapes",
    "shifts_of",
    "tree",
    "uncovered_cells",
    "used_cell_numbers",
    "version",
    "who_answers",
]
