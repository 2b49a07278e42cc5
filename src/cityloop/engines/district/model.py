"""What the generator gives: areas, streets, compounds, buildings, places, components."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shapely.geometry import LineString, MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from cityloop.kernel.geo import Bounds

Feature = dict[str, Any]
FeatureCollection = dict[str, Any]
GazetteerEntry = tuple[str, str, int, float, float]
LEVELS = ("district", "subdistrict", "community", "cell")
NOTE_EN = "Synthetic: this place is invented by CityLoop; any likeness to a real one is chance."
NOTE_ZH = "合成数据：本地名、边界与设施均为 CityLoop 虚构，如有雷同纯属巧合。"


@dataclass(frozen=True, slots=True)
class Area:
    """District, subdistrict, community or cell. `id` is the code as a number."""

    id: int
    code: str
    level: str
    name_zh: str
    name_en: str
    parent_id: int | None
    households: int
    polygon: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Street:
    """A street between its two ends; `road`: arterial, secondary, local or lane (no name)."""

    id: int
    name_zh: str
    name_en: str
    road: str
    width_m: float
    line: LineString


@dataclass(frozen=True, slots=True)
class Compound:
    """A residential compound (小区); `area_id`: its cell, or its community when cells share it."""

    id: int
    name_zh: str
    name_en: str
    use: str
    area_id: int
    households: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Building:
    """A building; homes belong to a compound and have a number in it."""

    id: int
    name_zh: str
    name_en: str
    use: str
    compound_id: int | None
    cell_id: int
    floors: int
    households: int
    footprint: Polygon


@dataclass(frozen=True, slots=True)
class Spot:
    """A place people know (school, clinic, market ...); `area_id`: its cell."""

    id: int
    kind: str
    name_zh: str
    name_en: str
    area_id: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Component:
    """A managed object: `code` = 6 digits district + 4 digits class + 6 digits number."""

    code: str
    class_code: str
    cell_id: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Landscape:
    """Ground for the map: water, park, pond, sports, or a block with its use."""

    kind: str
    shape: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class District:
    """One synthetic district with one subdistrict. Every object says that it is synthetic."""

    size: str
    seed: int
    areas: tuple[Area, ...]
    streets: tuple[Street, ...]
    compounds: tuple[Compound, ...]
    buildings: tuple[Building, ...]
    spots: tuple[Spot, ...]
    components: tuple[Component, ...]
    landscape: tuple[Landscape, ...]
    gazetteer: tuple[GazetteerEntry, ...]

    def areas_at(self, level: str) -> list[Area]:
        """Areas of one level, by code."""
        return [area for area in self.areas if area.level == level]

    def parents(self) -> dict[int, int]:
        """Parent of every area that has one."""
        return {a.id: a.parent_id for a in self.areas if a.parent_id is not None}

    @property
    def bounds(self) -> Bounds:
        """The box over the whole district."""
        return Bounds(*self.areas[0].polygon.bounds)

    def gazetteer_entries(self) -> list[GazetteerEntry]:
        """(name, kind, area_id, lon, lat), Chinese and English, for `locating.Gazetteer`."""
        return list(self.gazetteer)

    def area_geojson(self, level: str | None = None) -> FeatureCollection:
        """Areas of one level, or all from the district down to the cells."""
        chosen = self.areas if level is None else self.areas_at(level)
        return _collection(_feature(a.polygon, a, skip=("polygon",)) for a in chosen)

    def streets_geojson(self) -> FeatureCollection:
        """Streets as lines."""
        return _collection(_feature(s.line, s, skip=("line",)) for s in self.streets)

    def buildings_geojson(self) -> FeatureCollection:
        """Footprints of buildings."""
        return _collection(_feature(b.footprint, b, skip=("footprint",)) for b in self.buildings)

    def landscape_geojson(self) -> FeatureCollection:
        """Water, parks, sports grounds and block uses."""
        return _collection(_feature(part.shape, part, skip=("shape",)) for part in self.landscape)

    def spots_geojson(self) -> FeatureCollection:
        """Schools, clinics, markets and other places as points."""
        return _collection(_feature(_point(s), s, skip=("lon", "lat")) for s in self.spots)

    def components_geojson(self) -> FeatureCollection:
        """Lamps, manholes, bins and other components as points."""
        return _collection(_feature(_point(c), c, skip=("lon", "lat")) for c in self.components)

    def fingerprint(self) -> str:
        """SHA-256 over everything: equal for equal size and seed, on every machine."""
        parts = (
            self.area_geojson(), self.streets_geojson(), self.buildings_geojson(),
            self.landscape_geojson(), self.spots_geojson(), self.components_geojson(),
            [c.name_zh + c.name_en for c in self.compounds], self.gazetteer,
        )  # fmt: skip
        digest = hashlib.sha256()
        for part in parts:
            digest.update(json.dumps(part, sort_keys=True, ensure_ascii=False).encode())
        return digest.hexdigest()


def _point(thing: Spot | Component) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [thing.lon, thing.lat]}


def _feature(shape: BaseGeometry | dict[str, Any], thing: Any, *, skip: tuple[str, ...]) -> Feature:
    names = [name for name in type(thing).__slots__ if name not in skip]
    properties = {name: getattr(thing, name) for name in names} | {"synthetic": True}
    geometry = shape if isinstance(shape, dict) else mapping(shape)
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: Iterable[Feature]) -> FeatureCollection:
    listed = list(features)
    return {
        "type": "FeatureCollection",
        "synthetic": True,
        "note": {"zh": NOTE_ZH, "en": NOTE_EN},
        "features": listed,
    }
