"""The map of a district at the scale of Chaoyang baked into one file: `./run bench places_tiles`.

The district of `engines/district` (invented, seed 7): subdistricts, communities, blocks, streets,
buildings, places, street furniture. Prints one JSON line a figure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.locating import figure
from cityloop.data.geography.baking import MapLayer, bake, baked_map
from cityloop.engines.district.wide import (
    CLASSES,
    DISTRICT_CODE,
    KINDS,
    Way,
    WideDistrict,
    degrees,
    generate_wide,
    lonlat,
)
from cityloop.engines.tiles import tiles_over
from cityloop.hub.demo.domain.registers import place_names
from cityloop.kernel.geo import Bounds

_ROADS = {Way.EXPRESS: ("expressway", 8), Way.ARTERIAL: ("arterial", 9),
          Way.SECONDARY: ("secondary", 11), Way.LOCAL: ("local", 13)}  # fmt: skip
MOST_S = 30.0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="chaoyang")
    given = parser.parse_args()
    layers = layers_of(generate_wide(given.size, 7))
    with tempfile.TemporaryDirectory(prefix="cityloop-bench-") as folder:
        out = Path(folder) / "city.pmtiles"
        start, before = time.monotonic(), spent()
        count = bake(layers, out, stamps={"size": given.size})
        wall, cpu = time.monotonic() - start, spent() - before
        print(json.dumps({"name": "tiles.baked", "size": given.size, "features": count,
                          "bytes": out.stat().st_size, "wall_s": round(wall, 1),
                          "load": round(os.getloadavg()[0], 1),
                          "peak_mb": round(peak_mb())}))  # fmt: skip
        figure("tiles.bake.cpu", cpu, "s", MOST_S, least=False)
        figure("tiles.read", _reads(out), "ms", 1.0, least=False)
    return 0


def spent() -> float:
    """CPU seconds of this process and of the programs it ran."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def peak_mb() -> float:
    """The most memory that this process or a program it ran has held so far."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own.ru_maxrss, others.ru_maxrss) / 1024


def _reads(out: Path, tiles: int = 200) -> float:
    """Milliseconds of CPU to take one layer of one tile out of the file."""
    found = baked_map(out)
    assert found is not None
    some = list(tiles_over(Bounds(116.75, 38.99, 117.05, 39.21), 15))[::3][:tiles]
    start = time.process_time()
    for address in some:
        found.tile("building", address)
    return (time.process_time() - start) * 1000 / len(some)


def layers_of(district: WideDistrict) -> list[MapLayer]:
    """The layers of the map with the columns that the registers give them."""
    d = district
    part, place = d.part_class, [KINDS[k].key for k in d.place_kind.tolist()]
    roads = [_ROADS.get(Way(w), ("local", 13)) for w in d.edge_way.tolist()]
    own = d.compound_of_block()[d.building_block].tolist()
    houses = [
        f"{d.compound_name[c][0]}{n}号楼" if c >= 0 else None
        for c, n in zip(own, d.building_number.tolist(), strict=True)
    ]
    codes = [f"{DISTRICT_CODE}{CLASSES[c]}{k:06d}" for k, c in enumerate(part.tolist())]
    names = place_names(d)
    return [
        _layer("subdistrict", degrees(d.subdistrict_shape), 7,
               zh=[n[0] for n in d.subdistrict_name]),
        _layer("community", degrees(d.community_shape), 10, code=d.community_codes(),
               zh=[n[0] for n in d.community_name]),
        _layer("land", degrees(d.block_shape), 11, kind=[str(u) for u in d.block_use.tolist()]),
        _layer("street", degrees(d.edge_shape), np.array([z for _, z in roads]),
               road=[r for r, _ in roads]),
        _layer("building", degrees(d.building_shape), 14, zh=houses,
               use=[str(d.block_use[b]) for b in d.building_block.tolist()]),
        _layer("poi", _points(d.place_xy), 14, kind=place, zh=[n[0] for n in names],
               en=[n[1] for n in names]),
        _layer("component", _points(d.part_xy), 15, kind=[CLASSES[c] for c in part.tolist()],
               code=codes),
    ]  # fmt: skip


def _points(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    import shapely

    return np.asarray(shapely.points(lonlat(xy)), dtype=object)


def _layer(name: str, shapes: Any, zoom: int | NDArray[np.int64], **columns: Any) -> MapLayer:
    first = np.broadcast_to(np.asarray(zoom, np.int64), len(shapes))
    return MapLayer(name, np.arange(len(shapes)), shapes, columns, first)


if __name__ == "__main__":
    raise SystemExit(main())
