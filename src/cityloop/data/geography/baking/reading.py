"""A baked map: one tile of one layer, or bytes of the file."""

from __future__ import annotations

import gzip
import mmap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from cityloop.engines.tiles import Address
from cityloop.engines.tiles.wire import varint
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True)
class Baked:
    """An opened PMTiles file. stamps: the state of each layer that it was baked from."""

    path: Path
    version: str
    stamps: dict[str, str]
    _find: Callable[[int], bytes | None] = field(repr=False)

    def tile(self, layer: str, address: Address) -> bytes:
        """This layer's part of a tile, not compressed; empty when nothing of it lies there."""
        from pmtiles.tile import zxy_to_tileid

        packed = self._find(zxy_to_tileid(address.z, address.x, address.y))
        return b"" if packed is None else layer_in(gzip.decompress(packed), layer)


def baked_map(path: Path) -> Baked | None:
    """The map at a path, opened again when it was baked anew; None where there is none.

    Raises: DomainError tiles.damaged, geography.not_installed.
    """
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    return _opened(path, f"{known.st_mtime_ns:x}-{known.st_size:x}")


@lru_cache(maxsize=2)
def _opened(path: Path, version: str) -> Baked:
    try:
        from pmtiles.reader import Reader
    except ImportError:
        from cityloop.data.geography.files.source import missing_extra

        raise missing_extra("pmtiles") from None
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        reader = Reader(lambda offset, length: mapped[offset : offset + length])
        told = reader.metadata().get("description", "{}")
        stamps = msgspec.json.decode(told, type=dict[str, str])
    except (ValueError, KeyError, OSError, EOFError, msgspec.DecodeError) as error:
        raise DomainError(
            "tiles.damaged",
            f"{path.name} is no map baked by `cityloop tiles bake`: {error}. Bake it again.",
            f"{path.name} 不是 cityloop tiles bake 烘焙的地图：{error}。请重新烘焙。",
        ) from error
    return Baked(path, version, stamps, _finder(reader.get_bytes))


def _finder(read: Callable[[int, int], bytes]) -> Callable[[int], bytes | None]:
    """Finds the bytes of a tile; directories are unpacked once, not for every tile.

    Source: PMTiles Version 3 Specification, chapter 4.
    """
    from pmtiles.tile import deserialize_directory, deserialize_header, find_tile

    header = deserialize_header(read(0, 127))

    @lru_cache(maxsize=256)
    def directory(offset: int, length: int) -> Any:
        return deserialize_directory(read(offset, length))

    def find(number: int) -> bytes | None:
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(4):
            entry = find_tile(directory(offset, length), number)
            if entry is None:
                return None
            if entry.run_length:
                return read(header["tile_data_offset"] + entry.offset, entry.length)
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    return find


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
