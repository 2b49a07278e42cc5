"""Cells of a wide district: its communities divided by the partition engine, as areas to import."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.names import Name
from cityloop.engines.district.wide import DISTRICT_CODE, Way, WideDistrict, degrees
from cityloop.engines.partition import (
    Building,
    Community,
    Finding,
    Plan,
    Street,
    StreetClass,
    Window,
    plan_district,
)

CLASS_OF_WAY = {
    Way.EXPRESS: StreetClass.EXPRESSWAY,
    Way.ARTERIAL: StreetClass.ARTERIAL,
    Way.SECONDARY: StreetClass.SECONDARY,
    Way.LOCAL: StreetClass.LOCAL,
    Way.BANK: StreetClass.WATER,
    Way.RAIL: StreetClass.WALL,
}
Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Divided:
    """The areas as a feature collection, and what the partition engine has to say."""

    collection: dict[str, Any]
    cells: int
    in_window: float
    findings: tuple[Finding, ...]


def divide(
    district: WideDistrict,
    window: Window,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Divided:
    """Cells of every community, and all levels above as unions of them: exact by construction."""
    plan = plan_district(*inputs_of(district), window=window, seed=district.seed, progress=progress)
    features = _features(district, plan)
    collection = {"type": "FeatureCollection", "synthetic": True, "features": features}
    return Divided(collection, len(plan.cells), plan.in_window(), plan.findings)


def inputs_of(district: WideDistrict) -> tuple[list[Community], list[Building], list[Street]]:
    """What the partition engine reads, in metres."""
    codes = district.community_codes()
    communities = [
        Community(code, shape) for code, shape in zip(codes, district.community_shape, strict=True)
    ]
    buildings = [
        Building(str(k), shape, homes)
        for k, (shape, homes) in enumerate(
            zip(district.building_shape, district.building_households.tolist(), strict=True)
        )
    ]
    streets = [
        Street(line, CLASS_OF_WAY[Way(way)])
        for line, way in zip(district.edge_shape, district.edge_way.tolist(), strict=True)
        if way in CLASS_OF_WAY
    ]
    return communities, buildings, streets


def _features(district: WideDistrict, plan: Plan) -> list[dict[str, Any]]:
    codes = district.community_codes()
    names = dict(zip(codes, district.community_name, strict=True))
    cells = list(plan.cells)
    shapes = degrees(np.array([cell.polygon for cell in cells], dtype=object))
    number = {code: k for k, code in enumerate(codes)}
    owner = np.array([number[cell.community] for cell in cells])
    community = _unions(shapes, owner, len(codes))
    subdistrict = _unions(
        community, district.community_subdistrict, len(district.subdistrict_shape)
    )
    held = np.bincount(owner, [cell.households for cell in cells], len(codes)).astype(int)
    above = np.bincount(district.community_subdistrict, held).astype(int)
    whole = np.array([shapely.coverage_union_all(subdistrict)], dtype=object)
    rows = [
        _area("district", DISTRICT_CODE, district.name, None, int(held.sum())),
        *(
            _area("subdistrict", district.subdistrict_code(k), name, DISTRICT_CODE, int(above[k]))
            for k, name in enumerate(district.subdistrict_name)
        ),
        *(
            _area("community", code, names[code], code[:9], int(held[k]))
            for k, code in enumerate(codes)
        ),
        *(
            _area("cell", cell.code(), _cell_name(names[cell.community], cell.number),
                  cell.community, cell.households)
            for cell in cells
        ),
    ]  # fmt: skip
    drawn = shapely.to_geojson(np.concatenate([whole, subdistrict, community, shapes]))
    return [
        {"type": "Feature", "geometry": json.loads(text), "properties": properties}
        for text, properties in zip(drawn, rows, strict=True)
    ]


def _unions(shapes: Shapes, owner: NDArray[np.int64], n: int) -> Shapes:
    order = np.argsort(owner, kind="stable")
    cuts = np.searchsorted(owner[order], np.arange(1, n))
    parts = [shapely.coverage_union_all(shapes[own]) for own in np.split(order, cuts)]
    found = np.empty(n, dtype=object)
    found[:] = parts
    return found


def _cell_name(community: Name, number: int) -> Name:
    return f"{community[0]}第{number}网格", f"{community[1]} Cell {number}"


def _area(level: str, code: str, name: Name, parent: str | None, households: int) -> dict[str, Any]:
    return {
        "level": level, "code": code, "name_zh": name[0], "name_en": name[1], "parent": parent,
        "households": households, "synthetic": True,
    }  # fmt: skip
