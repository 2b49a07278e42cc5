"""Tiles as they are now: out of the baked map, or drawn where a layer has changed since."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.rules import need_reader
from cityloop.data.geography.baking.layers import AREA_LAYERS, LAYERS, layer_of, stamps
from cityloop.data.geography.baking.reading import Baked, baked_map
from cityloop.data.geography.baking.shapes import FIRST_ZOOM, LAST_ZOOM, NEAR_ZOOM, MapLayer
from cityloop.data.geography.baking.writing import bake
from cityloop.engines.tiles import Address, Layer, tile
from cityloop.kernel.errors import NotFound

_MARGIN = 0.05  # of a tile: outlines need what lies just beyond its edge


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer of the map. baked: its tiles come from the baked map."""

    name: str
    stamp: str
    baked: bool


def map_path() -> Path:
    """Where `cityloop tiles bake` puts the map and the server looks for it."""
    return Path(settings.DATA) / "tiles" / "city.pmtiles"


def bake_city(out: Path | None = None, *, without: Collection[str] = ()) -> int:
    """Bake the registers, by default where the server looks; how many features.

    Args: without: layers that are drawn when asked for instead.
    Raises: DomainError tiles.empty, tiles.failed.
    """
    # The state first: what changes while layers are read makes their tiles old at once.
    chosen = [name for name in LAYERS if name not in without]
    state = {name: stamp for name, stamp in stamps().items() if name in chosen}
    return bake(map(layer_of, chosen), out or map_path(), stamps=state)


def layer_states(viewer: Viewer) -> tuple[list[LayerState], Baked | None]:
    """All layers with their state, and the baked map if there is one."""
    need_reader(viewer)
    found, now = baked_map(map_path()), stamps()
    old = found.stamps if found else {}
    return [LayerState(name, now[name], old.get(name) == now[name]) for name in LAYERS], found


def tile_of(viewer: Viewer, layer: str, address: Address) -> tuple[str, bytes]:
    """(stamp, tile) of a layer, not compressed.

    Raises: NotAllowed role.needed, token.scope; NotFound("tile.set").
    """
    need_reader(viewer)
    if layer not in LAYERS:
        shown = ", ".join(LAYERS)
        raise NotFound(
            "tile.set",
            f"There is no layer {layer[:40]!r}. There are: {shown}.",
            f"没有图层 {layer[:40]!r}，可用：{shown}。",
            where="layer",
        )
    now = stamps()[layer]
    found = baked_map(map_path())
    if address.z > LAST_ZOOM:
        return now, b""
    fresh = found is not None and found.stamps.get(layer) == now
    if found is not None and fresh and address.z >= FIRST_ZOOM:
        return now, found.tile(layer, address)
    return now, drawn(layer, now, address)


def drawn(layer: str, stamp: str, address: Address) -> bytes:
    """The tile from the registers as they are now.

    Near tiles read what lies in them. Far ones hold much of the layer, and areas are in memory
    anyway: their layer is made once a stamp.
    """
    if layer in AREA_LAYERS or address.z < NEAR_ZOOM:
        known = _remembered.get(layer)
        if known is None or known[0] != stamp:
            known = (
                stamp,
                _made(layer_of(layer, zoom=LAST_ZOOM if layer in AREA_LAYERS else NEAR_ZOOM - 1)),
            )
            _remembered[layer] = known
        return tile([known[1]], address)
    return tile([_made(layer_of(layer, box=_degrees(address), zoom=address.z))], address)


_remembered: dict[str, tuple[str, Layer]] = {}


def _made(found: MapLayer) -> Layer:
    return Layer(
        found.name, found.shapes, ids=found.ids, columns=found.columns, from_zoom=found.from_zoom
    )


def _degrees(address: Address) -> tuple[float, float, float, float]:
    west, north, east, south = address.box(_MARGIN)
    top, bottom = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))) for y in (north, south)
    )
    return max(-180.0, west * 360 - 180), bottom, min(180.0, east * 360 - 180), top
