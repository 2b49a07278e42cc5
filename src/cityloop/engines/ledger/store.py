"""Where tiles live: a protocol of two calls, and the store in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .hashing import HASH_SIZE

WIDTH = 256  # hashes in a full tile, the layout of C2SP tlog-tiles
TILE_BYTES = WIDTH * HASH_SIZE

Tile = tuple[int, int, bytes]  # level, index in the level, 1..256 hashes joined


class TileStore(Protocol):
    """Keeps tiles by (level, index); a later write of the same tile replaces the earlier one.

    Level 0 holds leaf hashes; an entry of level k is the root of one full tile of level k - 1.
    Only the last tile of a level is ever written twice, each time with more hashes.
    """

    def read(self, level: int, index: int) -> bytes | None:
        """The joined hashes of a tile, None when it was never written."""
        ...

    def write(self, tiles: list[Tile]) -> None:
        """Keep all of them or none: the caller wraps it in the transaction of its own rows."""
        ...


class MemoryStore:
    """Tiles in a dict: for tests, for rebuilding a log beside the stored one."""

    def __init__(self, tiles: Sequence[Tile] = ()) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.write(list(tiles))

    def read(self, level: int, index: int) -> bytes | None:
        """See TileStore."""
        return self.tiles.get((level, index))

    def write(self, tiles: list[Tile]) -> None:
        """See TileStore."""
        self.tiles.update({(level, index): data for level, index, data in tiles})


def hashes_of(data: bytes) -> list[bytes]:
    """A tile cut into its hashes."""
    return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]
