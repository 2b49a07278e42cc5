"""What lies in a community, as the engine takes it: its outline, buildings, streets, cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.elements.queries import arrays
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import shapes, tree
from cityloop.engines.partition import Building, Community, Division, Street, StreetClass, Window
from cityloop.engines.partition.features import metres
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


def present_cells(code: str, plane: LocalPlane) -> dict[int, BaseGeometry]:
    """The cells in force by number, metres."""
    found: dict[int, BaseGeometry] = {}
    for cell in tree().children(community_of(code).id):
        shape, number = shapes().find(cell.id), cell.code.removeprefix(code)
        if shape is not None and number.isdecimal():
            found[int(number)] = metres(shape, plane)
    return found


def division_of(
    code: str,
    plane: LocalPlane,
    cells: Mapping[int, BaseGeometry],
    window: Window,
    *,
    locked: frozenset[int] = frozenset(),
    taken: frozenset[int] = frozenset(),
) -> Division:
    """Everything about a community on the table. Raises: as `community_of`."""
    area = community_of(code)
    outline = shapes().find(area.id)
    assert outline is not None
    return Division(
        Community(code, metres(outline, plane)),
        buildings_of(code, plane),
        streets_of(code, plane),
        cells,
        window,
        locked,
        taken,
    )


def buildings_of(code: str, plane: LocalPlane) -> tuple[Building, ...]:
    """Registered buildings with a footprint; a point alone gets a square of ten metres."""
    rows = arrays("building", code)
    return tuple(
        Building(
            str(name),
            _footprint(metres(shape, plane)),
            max(0, int(households)),
        )
        for name, shape, households in zip(rows.code, rows.shapes, rows.households, strict=True)
    )


def _footprint(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.geom_type.endswith("Polygon") else shape.buffer(5.0, cap_style="square")


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
