"""Many tiles in one file, found by offsets: PMTiles, version 3.

Source: PMTiles Version 3 Specification (Protomaps), chapters 3 (header), 4 (directories).
"""

from __future__ import annotations

import gzip
import json
import mmap
import os
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.tiles.mercator import Address
from cityloop.engines.tiles.wire import numbers_of, varints
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

_HEADER = struct.Struct("<7sB11Q6B4iBii")
_ROOT_MOST = 16_384 - _HEADER.size  # the first request of a reader holds header and root
_LEAF = 4_096  # entries of a directory below the root
_GZIP, _MVT = 2, 1
Ints = NDArray[np.int64]


def tile_number(address: Address) -> int:
    """The place of a tile on the Hilbert curve of its zoom, after all nearer-to-0 zooms.

    Example: >>> [tile_number(Address(1, x, y)) for x, y in ((0, 0), (0, 1), (1, 1), (1, 0))]
        [1, 2, 3, 4]
    """
    found = ((1 << 2 * address.z) - 1) // 3
    x, y = address.x, address.y
    side = 1 << address.z >> 1
    while side:
        right, down = int(x & side > 0), int(y & side > 0)
        found += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        side >>= 1
    return found


@dataclass(frozen=True)
class _Directory:
    """Tiles in order of their numbers; `run` 0 = a further directory."""

    number: Ints
    run: Ints
    size: Ints
    offset: Ints

    def packed(self) -> bytes:
        follows = np.zeros(len(self.number), bool)
        follows[1:] = self.offset[1:] == self.offset[:-1] + self.size[:-1]
        offset = np.where(follows, 0, self.offset + 1)
        columns = [np.diff(self.number, prepend=0), self.run, self.size, offset]
        flat = varints(np.concatenate([[len(self.number)], *columns]))[0]
        return gzip.compress(flat.tobytes(), 9, mtime=0)

    @staticmethod
    def unpacked(body: bytes) -> _Directory:
        given = numbers_of(gzip.decompress(body))
        columns = given[1:].reshape(4, int(given[0]))
        offset = columns[3] - 1
        for k in np.flatnonzero(offset < 0).tolist():
            offset[k] = offset[k - 1] + columns[2, k - 1]
        return _Directory(np.cumsum(columns[0]), columns[1], columns[2], offset)

    def part(self, first: int, last: int) -> _Directory:
        piece = slice(first, last)
        return _Directory(self.number[piece], self.run[piece], self.size[piece], self.offset[piece])


def write_archive(
    path: Path,
    tiles: Iterable[tuple[int, bytes]],
    *,
    zooms: tuple[int, int],
    bounds: Bounds,
    metadata: dict[str, Any],
) -> int:
    """Write tiles into one file; whole or not at all. Returns how many.

    Args:
        tiles: (`tile_number`, gzip-compressed tile), numbers ascending.
        metadata: JSON; `vector_layers` tells readers which layers there are.
    Raises: ValueError when numbers do not ascend.
    """
    with tempfile.TemporaryDirectory(prefix="cityloop-tiles-", dir=path.parent) as folder:
        body, made = Path(folder) / "tiles", Path(folder) / "whole"
        with body.open("wb") as out:
            directory = _written(tiles, out)
        _assemble(made, body, directory, _Told(zooms, bounds, metadata))
        os.replace(made, path)
    return len(directory.number)


@dataclass(frozen=True)
class _Told:
    zooms: tuple[int, int]
    bounds: Bounds
    metadata: dict[str, Any]


def _written(tiles: Iterable[tuple[int, bytes]], out: Any) -> _Directory:
    numbers, sizes = [-1], []
    for number, packed in tiles:
        if number <= numbers[-1]:
            raise ValueError(f"tile {number} comes after tile {numbers[-1]}")
        out.write(packed)
        numbers.append(number)
        sizes.append(len(packed))
    size = np.array(sizes, np.int64)
    return _Directory(
        np.array(numbers[1:], np.int64), np.ones(len(size), np.int64), size, np.cumsum(size) - size
    )


def _assemble(made: Path, body: Path, directory: _Directory, told: _Told) -> None:
    root, leaves = _directories(directory)
    metadata = gzip.compress(json.dumps(told.metadata, ensure_ascii=False).encode(), 9, mtime=0)
    pieces = [root.packed(), metadata, leaves]
    sizes = [len(piece) for piece in pieces] + [body.stat().st_size]
    starts = [_HEADER.size + sum(sizes[:k]) for k in range(4)]
    spans = [value for pair in zip(starts, sizes, strict=True) for value in pair]
    edges = [round(value * 1e7) for value in told.bounds.as_tuple()]
    middle = [(edges[0] + edges[2]) // 2, (edges[1] + edges[3]) // 2]
    counts = [len(directory.number)] * 3
    kinds = [1, _GZIP, _GZIP, _MVT]  # 1: in the order of the curve
    header = _HEADER.pack(
        b"PMTiles", 3, *spans, *counts, *kinds, *told.zooms, *edges, told.zooms[0], *middle
    )
    with made.open("wb") as out, body.open("rb") as given:
        out.write(b"".join([header, *pieces]))
        shutil.copyfileobj(given, out, 1 << 20)


def _directories(whole: _Directory) -> tuple[_Directory, bytes]:
    """The root, and the directories below it where the root alone would be too long."""
    if len(whole.number) <= _LEAF and len(whole.packed()) <= _ROOT_MOST:
        return whole, b""
    firsts = list(range(0, len(whole.number), _LEAF))
    leaves = [whole.part(first, first + _LEAF).packed() for first in firsts]
    size = np.array([len(leaf) for leaf in leaves], np.int64)
    root = _Directory(
        whole.number[firsts], np.zeros(len(size), np.int64), size, np.cumsum(size) - size
    )
    return root, b"".join(leaves)


@dataclass(frozen=True, eq=False)
class Archive:
    """An opened file. zooms: the first and last that it holds."""

    path: Path
    zooms: tuple[int, int]
    bounds: Bounds
    metadata: dict[str, Any]
    _held: mmap.mmap = field(repr=False)
    _spans: tuple[int, ...] = field(repr=False)  # root, metadata, leaves, tiles: start and size

    def tile(self, address: Address) -> bytes:
        """A tile as it stands in the file, gzip-compressed; no bytes when there is none.

        Raises: DomainError tiles.damaged.
        """
        wanted, (offset, size) = tile_number(address), self._spans[:2]
        for _ in range(4):
            found = self._directory(offset, size)
            k = int(np.searchsorted(found.number, wanted, side="right")) - 1
            if k < 0:
                return b""
            offset, size = int(found.offset[k]), int(found.size[k])
            if found.run[k]:
                if wanted >= found.number[k] + found.run[k]:
                    return b""
                return self._bytes(self._spans[6] + offset, size)
            offset += self._spans[4]
        return b""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """All tiles by number."""
        yield from self._below(*self._spans[:2])

    def _below(self, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
        found = self._directory(offset, size)
        rows = zip(*(c.tolist() for c in (found.number, found.run, found.offset, found.size)),
                   strict=True)  # fmt: skip
        for number, run, at, length in rows:
            if not run:
                yield from self._below(self._spans[4] + at, length)
            for k in range(run):
                yield number + k, self._bytes(self._spans[6] + at, length)

    def _directory(self, offset: int, size: int) -> _Directory:
        return _opened_directory(self, offset, size)

    def _bytes(self, offset: int, size: int) -> bytes:
        if not 0 <= offset <= offset + size <= len(self._held):
            raise damaged(self.path, f"it has no bytes {offset} to {offset + size}")
        return self._held[offset : offset + size]


@lru_cache(maxsize=512)
def _opened_directory(archive: Archive, offset: int, size: int) -> _Directory:
    try:
        return _Directory.unpacked(archive._bytes(offset, size))
    except (ValueError, OSError, EOFError, IndexError, zlib.error) as error:
        raise damaged(archive.path, str(error)) from error


def open_archive(path: Path) -> Archive:
    """Open a file of tiles. Raises: FileNotFoundError; DomainError tiles.damaged."""
    try:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, version, *rest = _HEADER.unpack_from(held)
        spans, (kind_d, kind_t) = tuple(rest[:8]), rest[12:14]
        if magic != b"PMTiles" or version != 3 or (kind_d, kind_t) != (_GZIP, _GZIP):
            raise ValueError("neither PMTiles 3 nor gzip inside")
        told = json.loads(gzip.decompress(held[spans[2] : spans[2] + spans[3]]))
        edges = [value / 1e7 for value in rest[17:21]]
    except FileNotFoundError:
        raise
    except (ValueError, struct.error, OSError, EOFError, zlib.error) as error:
        raise damaged(path, str(error)) from error
    return Archive(path, (rest[15], rest[16]), Bounds(*edges), told, held, spans)


def damaged(path: Path, why: str) -> DomainError:
    """What is said of a file that is no map."""
    return DomainError(
        "tiles.damaged",
        f"{path.name} is no map baked by `cityloop tiles bake`: {why}. Bake it again.",
        f"{path.name} 不是 cityloop tiles bake 烘焙的地图：{why}。请重新烘焙。",
    )
