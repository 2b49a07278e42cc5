"""Which layers the map has, from which zoom each feature shows, and what state they are of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.city.elements import queries as registers
from cityloop.city.elements.queries import Columns
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level
from cityloop.data.geography.baking.shapes import LAST_ZOOM, MapLayer

Box = tuple[float, float, float, float]
_AREAS = {
    "district": (Level.DISTRICT, 4), "subdistrict": (Level.SUBDISTRICT, 7),
    "community": (Level.COMMUNITY, 10), "cell": (Level.CELL, 12),
}  # fmt: skip
# layer -> kinds of elements (with what begins so) and their first zoom
_ELEMENTS: dict[str, dict[str, int]] = {
    "land": {"water": 7, "green": 10, "landuse": 11, "compound": 13},
    "rail": {"rail": 9},
    "street": {"street": 8},
    "building": {"building": 14},
    "poi": {"poi.hospital": 12, "poi.fire_station": 12, "poi.station": 12, "poi.": 14},
    "component": {"component.": LAST_ZOOM},
}
_STREETS = {"expressway": 8, "arterial": 9, "secondary": 11, "local": 13, "lane": 14}
AREA_LAYERS = tuple(_AREAS)
LAYERS = (*_AREAS, *_ELEMENTS)


def stamps() -> dict[str, str]:
    """The present state of each layer; equal stamps mean equal tiles."""
    areas = str(places.version())
    found = dict.fromkeys(_AREAS, areas)
    for name in _ELEMENTS:
        kinds = kinds_of(name)
        found[name] = ",".join(f"{k}:{registers.stamp(k)}" for k in sorted(kinds))
    return found


def kinds_of(layer: str) -> dict[str, int]:
    """Kinds of a layer that are declared, with their first zoom."""
    wanted = _ELEMENTS[layer]
    found = {}
    for code in registers.kinds():
        prefix = code if code in wanted else f"{code.partition('.')[0]}."
        if prefix in wanted:
            found[code] = wanted[prefix]
    return found


def layer_of(name: str, *, box: Box | None = None, zoom: int = LAST_ZOOM) -> MapLayer:
    """The features of a layer that show at a zoom.

    Args:
        box: only those that touch it: west, south, east, north, degrees.
        zoom: kinds that begin later are not even read.
    Raises: KeyError for a layer that is not one of LAYERS.
    """
    if name in _AREAS:
        return _areas(name, zoom)
    kinds = {k: first for k, first in kinds_of(name).items() if first <= zoom}
    parts = [
        (kind, first, registers.arrays(kind, bbox=box, properties=name in ("street", "building")))
        for kind, first in kinds.items()
    ]
    return _joined(name, [part for part in parts if len(part[2])])


def _areas(name: str, zoom: int) -> MapLayer:
    level, first = _AREAS[name]
    shapes, tree = places.shapes(), places.tree()
    infos = [tree.get(int(i)) for i in shapes.ids]
    at = [k for k, info in enumerate(infos) if info.level is level and first <= zoom]
    chosen = [infos[k] for k in at]
    named = level is not Level.CELL  # a name of each of 28,000 cells would double the file
    columns: dict[str, Any] = {"code": [a.code for a in chosen]}
    if named:
        columns["zh"] = [a.name_zh for a in chosen]
        columns["en"] = [a.name_en or None for a in chosen]
    return MapLayer(
        name, shapes.ids[at], shapes.shapes[at], columns, np.full(len(at), first, np.int64)
    )


def _joined(name: str, parts: list[tuple[str, int, Columns]]) -> MapLayer:
    if not parts:
        return MapLayer(name, np.zeros(0, np.int64), np.zeros(0, object), {}, np.zeros(0, np.int64))
    columns: dict[str, Any] = {
        "kind": _each(parts, lambda kind, c: [kind] * len(c)),
        "zh": _each(parts, lambda kind, c: [n or None for n in c.name]),
        "en": _each(parts, lambda kind, c: [n or None for n in c.name_en]),
    }
    if name == "component":
        columns = {"kind": columns["kind"], "code": _each(parts, lambda kind, c: c.code.tolist())}
    if name == "street":
        columns["road"] = _each(parts, lambda kind, c: [_own(p, "class") for p in c.properties])
    if name == "building":
        columns["use"] = _each(parts, lambda kind, c: [_own(p, "use") for p in c.properties])
    first = np.concatenate([np.full(len(c), zoom, np.int64) for _, zoom, c in parts])
    if name == "street":
        first = np.array([_STREETS.get(road or "", 13) for road in columns["road"]], np.int64)
    ids = np.concatenate([c.ids for _, _, c in parts])
    return MapLayer(name, ids, _stacked(c.shapes for _, _, c in parts), columns, first)


def _each(parts: list[tuple[str, int, Columns]], make: Any) -> list[Any]:
    return [value for kind, _, columns in parts for value in make(kind, columns)]


def _own(properties: Any, name: str) -> str | None:
    value = properties.get(name) if properties else None
    return None if value in (None, "") else str(value)


def _stacked(arrays: Iterable[NDArray[np.object_]]) -> NDArray[np.object_]:
    return np.concatenate(list(arrays))
