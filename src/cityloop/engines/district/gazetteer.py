"""The words people use for places of the district, for locating text."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import shapely

from cityloop.engines.district.areas import AreaTree
from cityloop.engines.district.ground import CENTRE
from cityloop.engines.district.model import (
    Area,
    Building,
    Compound,
    GazetteerEntry,
    Spot,
    Street,
)
from cityloop.engines.locating import CellIndex

_TOUCH_M = 60.0  # a street belongs to the communities it runs along for at least this far


def gazetteer_of(
    tree: AreaTree, streets: list[Street], compounds: list[Compound], buildings: list[Building],
    spots: list[Spot], cells: CellIndex,
) -> list[GazetteerEntry]:  # fmt: skip
    """Every named thing twice, Chinese and English."""
    entries: list[GazetteerEntry] = []

    def add(names: tuple[str, str], kind: str, area_id: int, lon: float, lat: float) -> None:
        for name in dict.fromkeys(names):
            entries.append((name, kind, area_id, round(lon, 7), round(lat, 7)))

    for area in (tree.subdistrict, *tree.communities):
        add((area.name_zh, area.name_en), area.level, area.id, *_inside(area))
    for compound in compounds:
        names = compound.name_zh, compound.name_en
        add(names, "compound", compound.area_id, compound.lon, compound.lat)
    for building in buildings:
        if building.name_zh:
            middle = building.footprint.centroid
            names = building.name_zh, building.name_en
            add(names, "building", building.cell_id, middle.x, middle.y)
    for spot in spots:
        if spot.kind != "bus_stop":  # all bus stops are called alike
            add((spot.name_zh, spot.name_en), "poi", spot.area_id, spot.lon, spot.lat)
    named = [street for street in streets if street.name_zh]
    for street in named:
        for community in tree.communities:
            point = _on_street(street, community)
            if point is not None:
                add((street.name_zh, street.name_en), "street", community.id, *point)
    return entries + _junctions(named, cells)


def _inside(area: Area) -> tuple[float, float]:
    point = area.polygon.representative_point()
    return point.x, point.y


def _on_street(street: Street, community: Area) -> tuple[float, float] | None:
    """The middle of the part of a street in a community; None when there is (almost) none."""
    common = shapely.intersection(street.line, community.polygon)
    east, north = CENTRE.metres_per_degree
    flat = shapely.transform(common, lambda c: c * np.array([east, north]))
    if flat.length < _TOUCH_M:
        return None
    parts = shapely.get_parts(shapely.line_merge(common))
    longest = parts[int(np.argmax(shapely.length(parts)))]
    middle = longest.interpolate(0.5, normalized=True)
    return middle.x, middle.y


def _junctions(streets: list[Street], cells: CellIndex) -> list[GazetteerEntry]:
    """Crossings of two named streets: "A/B"."""
    ends: dict[tuple[float, float], list[Street]] = {}
    for street in streets:
        for lon, lat in shapely.get_coordinates(street.line):
            ends.setdefault((float(lon), float(lat)), []).append(street)
    entries: list[GazetteerEntry] = []
    for (lon, lat), meeting in ends.items():
        area_id = int(cells.locate(lon, lat).ids[0])
        for one, two in combinations(meeting, 2):
            names = (f"{one.name_zh}/{two.name_zh}", f"{one.name_en}/{two.name_en}")
            entries += [(name, "junction", area_id, lon, lat) for name in names]
    return entries
