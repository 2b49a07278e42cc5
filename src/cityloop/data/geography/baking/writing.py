"""Layers into one PMTiles file: far zooms generalised by tippecanoe, near ones cut by ourselves.

Near zooms hold nearly all of a city (buildings, lamps) and need no generalising: there our own
tiles from arrays cost a tenth of the way through text and a second program. Without tippecanoe
ours serve at every zoom: right, but borders keep every point that the grid of the tile keeps.
"""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from cityloop.data.geography.baking import tippecanoe
from cityloop.data.geography.baking.shapes import FIRST_ZOOM, LAST_ZOOM, NEAR_ZOOM, MapLayer
from cityloop.engines.tiles import Layer, open_archive, tile_number, write_archive
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

_LEVEL = 4  # of gzip: 6 takes twice as long for 1 % less
_FAR = (FIRST_ZOOM, NEAR_ZOOM - 1)


def bake(layers: Iterable[MapLayer], out: Path, *, stamps: dict[str, str]) -> int:
    """Write the map; whole or not at all. Returns how many features it holds.

    Args:
        layers: read one after the other; each is forgotten when its tiles are cut.
        stamps: the state of each layer, kept in the file: tiles of a layer that changed since are
            not taken from it.
    Raises: DomainError tiles.empty, tiles.failed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    made = _Made()
    with tempfile.TemporaryDirectory(prefix="cityloop-bake-", dir=out.parent) as folder:
        program, far = tippecanoe.find_program(), {}
        for layer in layers:
            if not len(layer):
                continue
            _cut(layer, made, NEAR_ZOOM if program else FIRST_ZOOM)
            if program and (layer.from_zoom < NEAR_ZOOM).any():
                far[layer.name] = Path(folder) / f"{layer.name}.geojsonl"
                tippecanoe.write_features(layer.take(layer.from_zoom < NEAR_ZOOM), far[layer.name])
        if not made.features:
            raise _nothing()
        if program and far:
            tippecanoe.run(program, far, Path(folder) / "far.pmtiles", _FAR)
            made.add_far(Path(folder) / "far.pmtiles")
        write_archive(
            out, made.packed(), zooms=(FIRST_ZOOM, LAST_ZOOM), bounds=made.bounds(),
            metadata={"name": "CityLoop", "stamps": stamps, "vector_layers": made.vector_layers},
        )  # fmt: skip
    return made.features


@dataclass
class _Made:
    """Tiles cut so far: parts by layer, not compressed, and whole ones from elsewhere."""

    features: int = 0
    parts: dict[int, list[bytes]] = field(default_factory=dict)
    whole: dict[int, bytes] = field(default_factory=dict)
    vector_layers: list[dict[str, Any]] = field(default_factory=list)
    _edges: list[Any] = field(default_factory=list)

    def begin(self, layer: MapLayer) -> None:
        self.features += len(layer)
        self._edges.append(shapely.total_bounds(layer.shapes))
        self.vector_layers.append({
            "id": layer.name, "fields": dict.fromkeys(layer.columns, "String"),
            "minzoom": max(FIRST_ZOOM, int(layer.from_zoom.min())), "maxzoom": LAST_ZOOM,
        })  # fmt: skip

    def add_far(self, path: Path) -> None:
        self.whole |= dict(open_archive(path))

    def bounds(self) -> Bounds:
        edges = np.array(self._edges)
        return Bounds(*np.nanmin(edges[:, :2], axis=0).tolist(),
                      *np.nanmax(edges[:, 2:], axis=0).tolist())  # fmt: skip

    def packed(self) -> Iterator[tuple[int, bytes]]:
        """All tiles by number; far ones have smaller numbers than near ones."""
        yield from sorted(self.whole.items())
        for number in sorted(self.parts):
            yield number, gzip.compress(b"".join(self.parts[number]), _LEVEL, mtime=0)


def _cut(layer: MapLayer, made: _Made, first: int) -> None:
    """The layer's part of every tile from a zoom on."""
    made.begin(layer)
    drawn = Layer(layer.name, layer.shapes, ids=layer.ids, columns=layer.columns,
                  from_zoom=layer.from_zoom, smallest=layer.smallest)  # fmt: skip
    for zoom in range(first, LAST_ZOOM + 1):
        for address in drawn.addresses(zoom):
            if body := drawn.encode(address):
                made.parts.setdefault(tile_number(address), []).append(body)


def _nothing() -> DomainError:
    return DomainError(
        "tiles.empty",
        "There is nothing to draw: neither areas with boundaries nor elements.",
        "没有可绘制的内容：既没有带边界的区域，也没有要素。",
    )
