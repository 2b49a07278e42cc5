"""Degrees to metres and back, and cells as features."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.faces import GRID_M
from cityloop.engines.partition.model import Building, Community, Plan, Street
from cityloop.kernel.geo import LocalPlane

BUILDINGS = "buildings"  # a weight that every building has: 1
DEGREE_DIGITS = 9  # a tenth of a millimetre
Some = TypeVar("Some", BaseGeometry, NDArray[np.object_])


@dataclass(slots=True)
class GridInput:
    """What is to be divided, in metres of `plane`.

    existing: present cells by community and number. remarks: (en, zh).
    """

    plane: LocalPlane
    communities: list[Community] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    existing: dict[str, dict[int, BaseGeometry]] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)


def metres(shape: Some, plane: LocalPlane) -> Some:
    """Longitude and latitude of a shape, or of many, to metres on the grid of the faces: equal
    points stay equal."""

    def turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(plane.to_xy(xy[:, 0], xy[:, 1])) / GRID_M) * GRID_M

    flat: Some = shapely.transform(shape, turned)
    return flat


def degrees(shape: BaseGeometry, plane: LocalPlane) -> BaseGeometry:
    """Metres back to rounded longitude and latitude."""

    def lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = plane.to_lonlat(xy[:, 0], xy[:, 1])
        return np.asarray(np.round(np.column_stack([lon, lat]), DEGREE_DIGITS), np.float64)

    return shapely.transform(shape, lonlat)


def cells_geojson(plan: Plan, plane: LocalPlane, *, digits: int = 3) -> dict[str, Any]:
    """The cells as areas that `cityloop import areas` reads."""
    features = []
    for cell in plan.cells:
        number = f"{cell.number:0{digits}d}"
        properties: dict[str, Any] = {
            "level": "cell", "code": cell.code(digits), "parent": cell.community,
            "name_zh": f"{number}网格", "name_en": f"Cell {number}",
            "households": cell.households, "buildings": len(cell.buildings),
        }  # fmt: skip
        if plan.window.weight not in ("households", BUILDINGS):
            properties[plan.window.weight] = cell.weight
        shape = degrees(cell.polygon, plane)
        features.append({
            "type": "Feature", "geometry": shapely.geometry.mapping(shape),
            "properties": properties,
        })  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
