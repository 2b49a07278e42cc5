"""Tiles of the areas and of the ground under them: made when asked for, kept until areas change.

Three sets, so that a map loads the small one first:
    areas   city, district, subdistrict, community as outlines, and `name` points of all levels
    cells   the cells (网格)
    ground  land, rail, street, building of the deployment, where it has them (`ground.py`)
Tiles carry outlines, names, codes and ids, which are public. What changes (load, overdue, duty)
is put on features by id and never makes a tile anew.
"""

from __future__ import annotations

import gzip
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.places import ground
from cityloop.city.places.domain import LEVELS, AreaInfo, AreaTree, Level
from cityloop.city.places.queries.snapshot import Remembered, Shapes, shapes, tree, version
from cityloop.engines.tiles import Address, Layer, tile
from cityloop.kernel.errors import NotFound
from cityloop.kernel.geo import Bounds

log = logging.getLogger(__name__)
FORM = 2  # grows when tiles of the same areas would look different
# first and last zoom of a set; beyond the last the map enlarges
ZOOMS = {"areas": (0, 14), "cells": (11, 15), "ground": ground.ZOOMS}
# first zoom of outlines: before it they are a net too fine to see (the map's style knows it too)
OUTLINED_FROM = {
    Level.CITY: 0, Level.DISTRICT: 0, Level.SUBDISTRICT: 6, Level.COMMUNITY: 11, Level.CELL: 11,
}  # fmt: skip
# each span of zooms has outlines without bends that none of them shows; from the last on, all bends
FAR = ((0, 8), (9, 9), (10, 10), (11, 11), (12, 12))
NAMED_FROM = {
    Level.CITY: 0, Level.DISTRICT: 6, Level.SUBDISTRICT: 9, Level.COMMUNITY: 11, Level.CELL: 14,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TileSet:
    """A set as the map asks for it."""

    name: str
    version: str
    first_zoom: int
    last_zoom: int


@dataclass(frozen=True, slots=True)
class MapOutline:
    """What a map needs to begin: the sets, where to look, whether the place is invented."""

    sets: list[TileSet]
    bounds: Bounds | None
    cells: int
    synthetic: bool


def map_outline(*, viewer: Viewer) -> MapOutline:
    """Sets with their versions, and the box over all areas (None before areas have outlines)."""
    need_scope(viewer, "places:read")
    sets = [
        TileSet(name, found, *zooms) for name, zooms in ZOOMS.items() if (found := version_of(name))
    ]
    cells = len(tree().below(None, Level.CELL))
    return MapOutline(sets, bounds_of(None), cells, _synthetic())


def bounds_of(area_id: int | None) -> Bounds | None:
    """The box over an area and all in it (None = everywhere); None without any outline.

    Raises: NotFound("place.unknown").
    """
    edges = shapes().boxes
    if area_id is not None:
        edges = edges[np.isin(shapes().ids, tree().subtree(area_id))]
    if not len(edges):
        return None
    return Bounds(*edges[:, :2].min(axis=0).tolist(), *edges[:, 2:].max(axis=0).tolist())


def version_of(name: str) -> str:
    """What the present tiles of a set are called; "" where there is no such set now.

    Raises: NotFound("tile.set").
    """
    if name not in ZOOMS:
        allowed = ", ".join(ZOOMS)
        raise NotFound(
            "tile.set",
            f"There are no tiles {name!r:.40}. There are: {allowed}.",
            f"没有名为 {name!r:.40} 的瓦片集，可用：{allowed}。",
            where="layer",
        )
    if name != "ground":
        number = version()
        return f"{FORM}.{number}" if number else ""
    stamp = ground.stamp()
    return f"{FORM}.{stamp}" if stamp else ""


def tile_of(name: str, address: Address, *, viewer: Viewer) -> tuple[str, bytes]:
    """A tile and the version it is of; gzip-compressed, or no bytes at all when it is empty."""
    need_scope(viewer, "places:read")
    found = version_of(name)
    first, last = ZOOMS[name]
    if not found or not first <= address.z <= last:
        return found, b""
    if name == "ground" and (baked := ground.baked()) is not None:
        return found, baked.tile(address)
    path = _folder(name, found) / str(address.z) / str(address.x) / f"{address.y}.gz"
    try:
        return found, path.read_bytes()
    except FileNotFoundError:
        pass
    body = tile(_layers(name, found), address)
    if not body:
        return found, b""
    packed = gzip.compress(body, 6, mtime=0)
    _keep(path, packed)
    return found, packed


def _folder(name: str, found: str) -> Path:
    return Path(settings.DATA) / "tiles" / f"{name}-{found}"


def _keep(path: Path, packed: bytes) -> None:
    """Whole or not at all; a full disk costs time, not the answer."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(packed)
        os.replace(file.name, path)
    except OSError:
        log.exception("A tile could not be kept at %s.", path)


def _forget_others(name: str, found: str) -> None:
    """Remove the tiles of former versions."""
    for folder in (Path(settings.DATA) / "tiles").glob(f"{name}-*"):
        if folder.name != f"{name}-{found}":
            shutil.rmtree(folder, ignore_errors=True)


def _layers(name: str, found: str) -> list[Layer]:
    if name == "ground":
        return _ground(found)
    return _cells() if name == "cells" else _areas()


def _area_layers(number: int) -> list[Layer]:
    _forget_others("areas", f"{FORM}.{number}")
    known, outlines = tree(), shapes()
    drawn = _with_derived(known, outlines)
    layers = [
        layer
        for level in LEVELS
        if level is not Level.CELL
        for layer in _outline_layers(known, drawn, level, ZOOMS["areas"][1])
    ]
    return [*layers, _name_layer(known, drawn)]


def _cell_layers(number: int) -> list[Layer]:
    _forget_others("cells", f"{FORM}.{number}")
    known, outlines = tree(), shapes()
    drawn = {int(i): shape for i, shape in zip(outlines.ids, outlines.shapes, strict=True)}
    return _outline_layers(known, drawn, Level.CELL, ZOOMS["cells"][1])


@lru_cache(maxsize=1)
def _ground(found: str) -> list[Layer]:
    _forget_others("ground", found)
    return ground.drawn_layers()


_areas = Remembered(_area_layers)
_cells = Remembered(_cell_layers)


def _with_derived(known: AreaTree, outlines: Shapes) -> dict[int, BaseGeometry]:
    """Outlines by area; who has none is drawn as all of its children together."""
    drawn = {int(i): shape for i, shape in zip(outlines.ids, outlines.shapes, strict=True)}
    for level in reversed(LEVELS[:-1]):
        for area in known.below(None, level):
            if area.id in drawn:
                continue
            parts = [drawn[c.id] for c in known.children(area.id) if c.id in drawn]
            if parts:
                drawn[area.id] = shapely.union_all(parts)
    return drawn


def _outline_layers(
    known: AreaTree, drawn: dict[int, BaseGeometry], level: Level, last: int
) -> list[Layer]:
    """The outlines of a level: one layer for each span of zooms, so one in each tile."""
    areas = [a for a in known.below(None, level) if a.id in drawn]
    columns = _columns(areas) if level is not Level.CELL else _cell_columns(areas)
    near = Layer(
        level.value, _objects(drawn[a.id] for a in areas), ids=[a.id for a in areas],
        columns=columns, zooms=(FAR[-1][1] + 1, last),
    )  # fmt: skip
    first = OUTLINED_FROM[level]
    return [near.farther((max(a, first), b)) for a, b in FAR if b >= first] + [near]


def _columns(areas: list[AreaInfo]) -> dict[str, list[Any]]:
    return {
        "code": [a.code for a in areas],
        "zh": [a.name_zh for a in areas],
        "en": [a.name_en or None for a in areas],
        "parent": [a.parent_id for a in areas],
    }


def _cell_columns(areas: list[AreaInfo]) -> dict[str, list[Any]]:
    """A name of its own for each of 28,000 cells would double the tile: the page asks by id."""
    return {"code": [a.code for a in areas], "parent": [a.parent_id for a in areas]}


def _name_layer(known: AreaTree, drawn: dict[int, BaseGeometry]) -> Layer:
    areas = [a for a in known if a.current and a.id in drawn and a.level is not Level.CELL]
    spots = shapely.point_on_surface(_objects(drawn[a.id] for a in areas))
    return Layer(
        "name",
        spots,
        ids=[a.id for a in areas],
        columns={"level": [a.level.value for a in areas], **_columns(areas)},
        from_zoom=np.array([NAMED_FROM[a.level] for a in areas], np.int64),
    )


def _objects(given: Iterable[BaseGeometry]) -> Any:
    listed = list(given)
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _synthetic() -> bool:
    return _any_synthetic(version()) or bool(settings.DEMO)


@lru_cache(maxsize=4)
def _any_synthetic(number: int) -> bool:
    from cityloop.city.places.models import Area

    return Area.objects.filter(synthetic=True, valid_until__isnull=True).exists()
