"""Things of a synthetic district as rows of the registers; each says that it is synthetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.elements.domain import ElementRow
from cityloop.engines.district import District
from cityloop.engines.district.wide import (
    CLASSES,
    DISTRICT_CODE,
    HOMES,
    KINDS,
    Use,
    Way,
    WideDistrict,
    degrees,
    lonlat,
)

SYNTHETIC: dict[str, Any] = {"synthetic": True}
# component class of the catalogue → kind of the profile
KIND_OF_CLASS = {
    "0137": "component.lamp", "0402": "component.tree", "0102": "component.manhole_sewage",
    "0103": "component.manhole", "0101": "component.manhole_water",
    "0104": "component.drain_grate", "0105": "component.manhole_power",
    "0107": "component.manhole_telecom", "0127": "component.telecom_cabinet",
    "0198": "component.hydrant", "0150": "component.camera", "0204": "component.bus_shelter",
    "0212": "component.street_plate", "0297": "component.traffic_sign", "0305": "component.bin",
    "0407": "component.bench",
}  # fmt: skip
KIND_OF_PLACE = {
    "hospital": "poi.hospital", "clinic": "poi.hospital", "school": "poi.school",
    "kindergarten": "poi.kindergarten", "market": "poi.market", "park": "poi.park",
    "shelter": "poi.shelter", "fire_station": "poi.fire_station",
    "police_station": "poi.police", "subdistrict_office": "poi.government",
    "community_centre": "poi.government", "elderly_care": "poi.care_home",
    "bus_stop": "poi.bus_stop", "restaurant": "org.shop", "shop": "org.shop",
    "hotel": "org.shop", "pharmacy": "org.shop", "gym": "org.shop", "barber": "org.shop",
    "company": "org.company", "bank": "org.company",
}  # fmt: skip
OTHER_PLACE = "poi.other"
# what stands in our streets and is in no list of the default profile: kind, names, class
OTHER_KINDS = (
    ("component.telecom_cabinet", "通讯交接箱", "Telecom cross-connect cabinet", "0127"),
)
Registers = Iterable[tuple[str, Iterator[ElementRow]]]


def registers_of_wide(district: WideDistrict, *, parts: bool = True) -> Registers:
    """(kind, rows) of everything in a wide district, register by register."""
    yield "building", _wide_buildings(district)
    yield "street", _wide_streets(district)
    yield "water", iter([_shape_row("W1", "澄川水系", "Chengchuan waters", district.water)])
    yield "rail", iter([_shape_row("R1", "澄川铁路", "Chengchuan railway", district.railway)])
    yield "bus_line", _wide_buses(district)
    yield from _wide_places(district)
    if parts:
        yield from _wide_parts(district)


def _shape_row(code: str, zh: str, en: str, shape: shapely.Geometry) -> ElementRow:
    drawn = degrees(np.array([shape], dtype=object))[0]
    return ElementRow(code=code, name=zh, name_en=en, geometry=drawn, properties=SYNTHETIC)


def _wide_buildings(district: WideDistrict) -> Iterator[ElementRow]:
    compound, use = district.compound_of_block(), district.block_use
    wkb = shapely.to_wkb(degrees(district.building_shape))
    at = lonlat(district.building_xy).tolist()
    people = (district.building_sizes @ np.array([1, 2, 3, 4, 5])).tolist()
    columns = zip(
        district.building_block.tolist(), district.building_number.tolist(),
        district.building_floors.tolist(), district.building_households.tolist(),
        district.building_sizes.tolist(), people, at, wkb, strict=True,
    )  # fmt: skip
    names = [zh for zh, _ in district.community_name]
    for k, (block, number, floors, homes, sizes, held, (lon, lat), shape) in enumerate(columns):
        zh = en = ""
        own = int(compound[block])
        if own >= 0:
            name = district.compound_name[own]
            zh, en = f"{name[0]}{number}号楼", f"{name[1]} Building {number}"
        properties = {"use": Use(int(use[block])).name.lower(), "storeys": floors}
        if homes:
            properties |= {"people": held, "household_sizes": sizes}
        yield ElementRow(
            code=f"B{k + 1:06d}", name=zh, name_en=en,
            address=f"{names[district.block_community[block]]}{zh}" if zh else "",
            lon=lon, lat=lat, geometry=shape, households=homes if use[block] < HOMES else None,
            properties=properties | SYNTHETIC,
        )  # fmt: skip


def _wide_streets(district: WideDistrict) -> Iterator[ElementRow]:
    wkb = shapely.to_wkb(degrees(district.street_shape))
    ways = district.street_way.tolist()
    for k, ((zh, en), way, shape) in enumerate(
        zip(district.street_name, ways, wkb, strict=True), start=1
    ):
        properties = {"class": Way(way).name.lower()} | SYNTHETIC
        yield ElementRow(code=f"S{k:05d}", name=zh, name_en=en, geometry=shape,
                         properties=properties)  # fmt: skip


def _wide_buses(district: WideDistrict) -> Iterator[ElementRow]:
    for k, (path, stops) in enumerate(
        zip(district.bus_path, district.bus_stops, strict=True), start=1
    ):
        line = shapely.line_merge(shapely.multilinestrings(list(district.edge_shape[path])))
        yield ElementRow(
            code=f"L{k:03d}", name=f"{k}路", name_en=f"Line {k}",
            geometry=degrees(np.array([line], dtype=object))[0],
            properties={"stops": [f"BS{int(s) + 1:05d}" for s in stops]} | SYNTHETIC,
        )  # fmt: skip


def place_names(district: WideDistrict) -> list[tuple[str, str]]:
    """A name for every place: of its community, numbered where there are several of a kind."""
    community = district.block_community[district.place_block].tolist()
    nth: dict[tuple[int, int], int] = {}
    found = []
    for kind, own in zip(district.place_kind.tolist(), community, strict=True):
        spec, core = KINDS[kind], district.core[own]
        n = nth[kind, own] = nth.get((kind, own), 0) + 1
        zh, en = (f"第{n}", f" No. {n}") if n > 1 else ("", "")
        found.append((f"{core[0]}{zh}{spec.zh}", f"{core[1]} {spec.en}{en}"))
    return found


def _wide_places(district: WideDistrict) -> Registers:
    names = place_names(district)
    at = lonlat(district.place_xy).tolist()
    by_kind: dict[str, list[int]] = {}
    for k, kind in enumerate(district.place_kind.tolist()):
        by_kind.setdefault(KIND_OF_PLACE.get(KINDS[kind].key, OTHER_PLACE), []).append(k)
    for kind, own in by_kind.items():
        yield kind, (
            ElementRow(
                code=f"P{k + 1:06d}", name=names[k][0], name_en=names[k][1],
                lon=at[k][0], lat=at[k][1],
                properties={"type": KINDS[int(district.place_kind[k])].key} | SYNTHETIC,
            )
            for k in own
        )  # fmt: skip
    yield "poi.bus_stop", _stops(district)


def _stops(district: WideDistrict) -> Iterator[ElementRow]:
    street = district.edge_street[district.stop_edge].tolist()
    for k, ((lon, lat), own) in enumerate(
        zip(lonlat(district.stop_xy).tolist(), street, strict=True), start=1
    ):
        zh, en = district.street_name[own]
        yield ElementRow(code=f"BS{k:05d}", name=f"{zh}站", name_en=f"{en} stop",
                         lon=lon, lat=lat, properties=SYNTHETIC)  # fmt: skip


def _wide_parts(district: WideDistrict) -> Registers:
    at = lonlat(district.part_xy)
    inside = _inside(district)
    for n, class_code in enumerate(CLASSES):
        own = np.flatnonzero((district.part_class == n) & inside)
        yield KIND_OF_CLASS[class_code], _numbered(class_code, at[own])


def _inside(district: WideDistrict) -> NDArray[np.bool_]:
    """Parts on the outer kerb of a street at the rim stand in the neighbour's district."""
    shapely.prepare(district.outline)
    x, y = district.part_xy.T
    return np.asarray(shapely.contains_xy(district.outline, x, y), bool)


def _numbered(class_code: str, at: NDArray[np.float64]) -> Iterator[ElementRow]:
    """Components with codes of sixteen digits."""
    for k, (lon, lat) in enumerate(at.tolist(), start=1):
        yield ElementRow(code=f"{DISTRICT_CODE}{class_code}{k:06d}", lon=lon, lat=lat,
                         properties=SYNTHETIC)  # fmt: skip


def registers_of(district: District) -> Registers:
    """(kind, rows) of everything in a small district."""
    yield "building", (
        ElementRow(
            code=f"B{b.id:06d}", name=b.name_zh, name_en=b.name_en, geometry=b.footprint,
            households=b.households or None,
            properties={"use": b.use, "storeys": b.floors} | SYNTHETIC,
        )
        for b in district.buildings
    )  # fmt: skip
    yield "street", (
        ElementRow(
            code=f"S{s.id:05d}", name=s.name_zh, name_en=s.name_en, geometry=s.line,
            properties={"class": s.road} | SYNTHETIC,
        )
        for s in district.streets
    )  # fmt: skip
    water = [part.shape for part in district.landscape if part.kind in ("water", "pond")]
    yield "water", (
        ElementRow(code=f"W{k}", name="合成水域", name_en="Synthetic water", geometry=shape,
                   properties=SYNTHETIC)
        for k, shape in enumerate(water, start=1)
    )  # fmt: skip
    places: dict[str, list[ElementRow]] = {}
    for spot in district.spots:
        row = ElementRow(
            code=f"P{spot.id:06d}", name=spot.name_zh, name_en=spot.name_en, lon=spot.lon,
            lat=spot.lat, properties={"type": spot.kind} | SYNTHETIC,
        )  # fmt: skip
        places.setdefault(KIND_OF_PLACE.get(spot.kind, OTHER_PLACE), []).append(row)
    parts: dict[str, list[ElementRow]] = {}
    for part in district.components:
        row = ElementRow(code=part.code, lon=part.lon, lat=part.lat, properties=SYNTHETIC)
        parts.setdefault(KIND_OF_CLASS[part.class_code], []).append(row)
    for kind, rows in (places | parts).items():
        yield kind, iter(rows)
