"""What lies in a community, as the engine takes it: its outline, buildings, streets, cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.division.themes import Theme
from cityloop.city.division.weights import case_points, weigh
from cityloop.city.elements.queries import arrays, kinds, used_codes
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import shapes, tree, used_cell_numbers
from cityloop.engines.partition import (
    HOUSEHOLDS,
    Building,
    Community,
    Division,
    Street,
    StreetClass,
    Window,
)
from cityloop.engines.partition.features import metres
from cityloop.engines.partition.matching import footprints_of
from cityloop.kernel.errors import DomainError, NotFound
from cityloop.kernel.geo import LocalPlane

LINES = {
    "street": "",
    "water": StreetClass.WATER,
    "rail": StreetClass.WALL,
    "wall": StreetClass.WALL,
}
_CLASSES = {one.value: one for one in StreetClass}


def community_of(code: str) -> Any:
    """The area. Raises: NotFound("division.no_community"), DomainError("division.no_boundary")."""
    try:
        area = tree().by_code(code)
    except DomainError:
        area = None
    if area is None or area.level is not Level.COMMUNITY:
        raise NotFound(
            "division.no_community",
            f"There is no community {code}; a division is of one community.",
            f"没有编码为 {code} 的社区；网格划分以社区为单位。",
            where="community",
        )
    if shapes().find(area.id) is None:
        raise DomainError(
            "division.no_boundary",
            f"Community {code} has no boundary. Import its boundary first.",
            f"社区 {code} 没有边界，请先导入边界。",
            where="community",
        )
    return area


def plane_of(code: str) -> LocalPlane:
    """Metres around the middle of a community."""
    shape = shapes().find(community_of(code).id)
    assert shape is not None
    west, south, east, north = shape.bounds
    return LocalPlane((west + east) / 2, (south + north) / 2)


def present_cells(code: str, plane: LocalPlane, theme: Theme) -> dict[int, BaseGeometry]:
    """The cells in force by number, metres."""
    if theme.is_general:
        cells = tree().children(community_of(code).id)
        named = [(cell.code, shapes().find(cell.id)) for cell in cells]
    elif theme.kind in kinds():
        rows = arrays(theme.kind, code)
        named = list(zip(rows.code, rows.shapes, strict=True))
    else:
        named = []
    return {
        int(number): metres(shape, plane) for name, shape in named
        if shape is not None and (number := str(name).removeprefix(code)).isdecimal()
    }  # fmt: skip


def used_numbers(code: str, theme: Theme) -> frozenset[int]:
    """Numbers that cells of a community have or had in a theme; a new cell gets another one."""
    if theme.is_general:
        return used_cell_numbers(code)
    numbers = (one.removeprefix(code) for one in used_codes(theme.kind, code))
    return frozenset(int(number) for number in numbers if number.isdecimal())


def division_of(
    code: str,
    plane: LocalPlane,
    cells: Mapping[int, BaseGeometry],
    window: Window,
    *,
    locked: frozenset[int] = frozenset(),
    taken: frozenset[int] = frozenset(),
    at: datetime,
) -> Division:
    """Everything about a community on the table.

    Args:
        at: cases before this moment are weighed, where cells are weighed by cases.
    Raises: as `community_of`.
    """
    area = community_of(code)
    outline = shapes().find(area.id)
    assert outline is not None
    return Division(
        Community(code, metres(outline, plane)),
        buildings_of(code, plane, weight=window.weight, at=at),
        streets_of(code, plane),
        cells,
        window,
        locked,
        taken,
    )


def buildings_of(
    code: str, plane: LocalPlane, *, weight: str, at: datetime
) -> tuple[Building, ...]:
    """Registered buildings with a footprint; a point alone gets a square (`footprints_of`)."""
    rows = arrays("building", code, properties=weight != HOUSEHOLDS)
    flat = footprints_of(metres(rows.shapes, plane))
    heavy: list[dict[str, int]] = [{} for _ in flat]
    if weight != HOUSEHOLDS and len(flat):
        cases = case_points(community_of(code).id, at) if weight == "cases" else np.zeros((0, 2))
        points = shapely.points(np.column_stack(plane.to_xy(cases[:, 0], cases[:, 1])))
        heavy = [{weight: n} for n in weigh(weight, rows, flat, points)]
    return tuple(
        Building(str(name), shape, max(0, int(homes)), own)
        for name, shape, homes, own in zip(rows.code, flat, rows.households, heavy, strict=True)
    )


def streets_of(code: str, plane: LocalPlane) -> tuple[Street, ...]:
    """Registered streets, walls, water and rails that touch the community."""
    found: list[Street] = []
    for kind, given in LINES.items():
        try:
            rows = arrays(kind, code, touching=True, properties=True)
        except NotFound:
            continue  # this city does not register such lines
        for shape, own in zip(rows.shapes, rows.properties, strict=True):
            line = metres(shape, plane)
            line = shapely.boundary(line) if line.geom_type.endswith("Polygon") else line
            if not line.is_empty and "LineString" in line.geom_type:
                found.append(Street(line, given or _class(own or {})))
    return tuple(found)


def _class(own: Mapping[str, Any]) -> StreetClass:
    said = str(own.get("class") or own.get("road_class") or own.get("highway") or "")
    return _CLASSES.get(said.removesuffix("_link"), StreetClass.LOCAL)
