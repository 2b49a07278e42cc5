"""The ground under all maps of a deployment: public, put there by whoever runs it.

Either `ground.pmtiles`, ready tiles, served as they stand (`cityloop tiles bake --ground`,
`cityloop seed city`): no memory, no waiting. Or `basemap.json` of a small place, read whole by the
process that draws its first tile.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray

from cityloop.engines.tiles import Archive, Layer, open_archive

BAKED = "ground.pmtiles"
BASEMAP = "basemap.json"
ZOOMS = (9, 15)
# the first zoom of land, of single blocks and of each class of street; the baked ground follows
# them too, and the map's style draws no blocks before
LAND_FROM, BLOCKS_FROM = 9, 12
OPEN_LAND = ("water", "pond", "bank", "park", "sports")
STREETS_FROM = {"expressway": 8, "arterial": 9, "secondary": 11, "local": 13, "lane": 14}
HOUSES_FROM = 14
SMALLEST_HOUSE = 24.0  # square units: about two pixels


def stamp() -> str:
    """What the ground is called as it stands now; "" where there is none."""
    for name in (BAKED, BASEMAP):
        try:
            known = (Path(settings.DATA) / name).stat()
        except FileNotFoundError:
            continue
        return f"{name[0]}{known.st_mtime_ns:x}.{known.st_size:x}"
    return ""


def baked() -> Archive | None:
    """The ready tiles, opened again when the file is another; None where there are none.

    Raises: DomainError tiles.damaged.
    """
    path = Path(settings.DATA) / BAKED
    return _opened(path, stamp()) if path.is_file() else None


@lru_cache(maxsize=1)
def _opened(path: Path, stamp: str) -> Archive:
    return open_archive(path)


def land_from(kinds: list[str]) -> NDArray[np.int64]:
    """The first zoom of each piece of land: thousands of blocks of a city are dust from afar."""
    return np.array([LAND_FROM if k in OPEN_LAND else BLOCKS_FROM for k in kinds], np.int64)


def drawn_layers() -> list[Layer]:
    """The layers of basemap.json."""
    given = json.loads((Path(settings.DATA) / BASEMAP).read_text(encoding="utf-8"))
    return [
        _land_layer(given.get("landscape", {}).get("features", [])),
        _street_layer(given.get("streets", {}).get("features", [])),
        _building_layer(given.get("buildings", {}).get("features", [])),
    ]


def _land_layer(features: list[dict[str, Any]]) -> Layer:
    kinds = [f["properties"].get("kind", "") for f in features]
    return Layer(
        "land", _geometries(features), columns={"kind": kinds}, zooms=(LAND_FROM, 22),
        from_zoom=land_from(kinds),
    )  # fmt: skip


def _street_layer(features: list[dict[str, Any]]) -> Layer:
    properties = [f["properties"] for f in features]
    roads = [p.get("road", "local") for p in properties]
    columns = {
        "road": roads,
        "zh": [p.get("name_zh") or None for p in properties],
        "en": [p.get("name_en") or None for p in properties],
    }
    first = np.array([STREETS_FROM.get(road, 13) for road in roads], np.int64)
    return Layer("street", _geometries(features), columns=columns, from_zoom=first)


def _building_layer(features: list[dict[str, Any]]) -> Layer:
    uses = [f["properties"].get("use", "") for f in features]
    return Layer(
        "building", _geometries(features), columns={"use": uses}, zooms=(HOUSES_FROM, 22),
        smallest=SMALLEST_HOUSE,
    )  # fmt: skip


def _geometries(features: list[dict[str, Any]]) -> Any:
    return shapely.from_geojson(np.array([json.dumps(f["geometry"]) for f in features], object))
