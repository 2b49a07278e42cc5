"""A baked map: one tile of one layer, or bytes of the file."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cityloop.engines.tiles import Address, Archive, open_archive
from cityloop.engines.tiles.wire import varint


@dataclass(frozen=True)
class Baked:
    """An opened map. stamps: the state of each layer that it was baked from."""

    path: Path
    version: str
    stamps: dict[str, str]
    _archive: Archive = field(repr=False)

    def tile(self, layer: str, address: Address) -> bytes:
        """This layer's part of a tile, not compressed; empty when nothing of it lies there."""
        packed = self._archive.tile(address)
        return layer_in(gzip.decompress(packed), layer) if packed else b""


def baked_map(path: Path) -> Baked | None:
    """The map at a path, opened again when it was baked anew; None where there is none.

    Raises: DomainError tiles.damaged.
    """
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    return _opened(path, f"{known.st_mtime_ns:x}-{known.st_size:x}")


@lru_cache(maxsize=2)
def _opened(path: Path, version: str) -> Baked:
    archive = open_archive(path)
    stamps = archive.metadata.get("stamps")
    return Baked(path, version, dict(stamps) if isinstance(stamps, dict) else {}, archive)


def layer_in(body: bytes, name: str) -> bytes:
    """The bytes of one layer of a vector tile: fields stand one after the other, so the others
    are stepped over and nothing is decoded.

    Source: Mapbox Vector Tile Specification 2.1, chapter 4.1; Protocol Buffers wire format.
    """
    wanted = varint(1 << 3 | 2) + varint(len(name.encode())) + name.encode()
    at = 0
    while at < len(body):
        start = at
        key, at = _number(body, at)
        length, at = _number(body, at)
        if key == 3 << 3 | 2 and _has_name(body[at : at + length], wanted):
            return body[start : at + length]
        at += length
    return b""


def _has_name(layer: bytes, wanted: bytes) -> bool:
    """Fields of a layer may come in any order; tippecanoe writes the version first."""
    at = 0
    while at < len(layer):
        if layer.startswith(wanted, at):
            return True
        key, at = _number(layer, at)
        if key & 7 == 0:
            _, at = _number(layer, at)
        elif key & 7 == 2:
            length, at = _number(layer, at)
            at += length
        else:
            return False
    return False


def _number(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
