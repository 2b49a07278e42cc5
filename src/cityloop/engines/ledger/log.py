"""An append-only Merkle log (RFC 9162) whose every full 256-wide tile is stored.

Appending touches only the right edge; a proof reads a few tiles per level, so both cost
O(log n) however long the log is. One writer at a time; the object is not thread-safe.
"""

from __future__ import annotations

from collections.abc import Sequence

from cityloop.kernel.errors import DomainError

from .hashing import HASH_SIZE, NewHash, empty_root, node_hash, perfect_root, sha256
from .store import TILE_BYTES, WIDTH, TileStore

CACHED_TILES = 4096  # 32 MB


class TileLog:
    """The log as it was at `size` entries; opening reads the edge tiles and nothing else.

    Args:
        store: where the tiles are.
        size: entries the log has; whoever stores the tiles stores this number beside them.
        root: the root signed for this size; given, the log opens only if its tiles lead to it.
        new_hash: hash constructor, SHA-256 unless the site keeps SM3 tiles.
    Raises: DomainError("ledger.tile_missing", "ledger.tile_short", "ledger.root_differs").

    After a rolled-back transaction throw the object away and open another one.
    """

    def __init__(
        self, store: TileStore, size: int, *, root: bytes | None = None, new_hash: NewHash = sha256
    ) -> None:
        if size < 0:
            raise DomainError(
                "ledger.size_negative",
                f"A log cannot have {size} entries; the size is 0 or more.",
                f"日志条目数不能为 {size}，应为 0 或正整数。",
                where="size",
            )
        self.store, self.size, self._new_hash = store, size, new_hash
        self._full: dict[tuple[int, int], bytes] = {}
        self._edges: dict[int, bytes] = {}
        self._read_edges()
        if root is not None and self.root() != root:
            raise DomainError(
                "ledger.root_differs",
                f"The tiles do not lead to the root signed for {size} entries. "
                "Stop writing, compare the log with its checkpoints, restore the tiles.",
                f"存储的哈希块与 {size} 条时签署的根不一致。请停止写入，核对检查点并恢复数据。",
                where="root",
                status=409,
            )

    def _read_edges(self) -> None:
        level, count = 0, self.size
        while count:
            partial = (count % WIDTH) * HASH_SIZE
            if partial:
                self._edges[level] = self._stored(level, count // WIDTH, partial)
            level, count = level + 1, count // WIDTH

    def _stored(self, level: int, index: int, length: int) -> bytes:
        """The first `length` bytes of a tile: what lies behind them was never committed to."""
        data = self.store.read(level, index)
        if data is None or len(data) < length:
            state = "missing" if data is None else "short"
            held = 0 if data is None else len(data) // HASH_SIZE
            raise DomainError(
                f"ledger.tile_{state}",
                f"Tile {level}/{index} holds {held} hashes, {length // HASH_SIZE} are needed for a "
                f"log of {self.size} entries. Restore it, or rebuild it from the rows.",
                f"哈希块 {level}/{index} 有 {held} 个哈希，{self.size} 条的日志需要 "
                f"{length // HASH_SIZE} 个。请恢复该块，或由原始记录重建。",
                where=f"tile {level}/{index}",
                status=409,
            )
        return bytes(data[:length])

    def append(self, leaf_hashes: Sequence[bytes]) -> int:
        """Add entries at the end, in this order; returns the new size.

        Args:
            leaf_hashes: 32 bytes each, made with `leaf_hash`.
        Raises: DomainError("ledger.leaf_length"); whatever the store raises, and then the log
            stands as before.
        """
        hashes, count, level = _joined(leaf_hashes), self.size, 0
        changed: dict[tuple[int, int], bytes] = {}
        edges = dict(self._edges)
        while hashes:
            buffer = edges.pop(level, b"") + hashes
            tiles = [buffer[i : i + TILE_BYTES] for i in range(0, len(buffer), TILE_BYTES)]
            changed.update({(level, count // WIDTH + i): tile for i, tile in enumerate(tiles)})
            if len(tiles[-1]) < TILE_BYTES:
                edges[level] = tiles.pop()
            hashes = b"".join([perfect_root(tile, self._new_hash) for tile in tiles])
            count, level = count // WIDTH, level + 1
        self.store.write([(level, index, data) for (level, index), data in changed.items()])
        self._edges = edges
        self.size += len(leaf_hashes)
        return self.size

    def _tile(self, level: int, index: int) -> bytes:
        if index == self.size >> (8 * (level + 1)):
            return self._edges.get(level, b"")
        if (level, index) not in self._full:
            if len(self._full) >= CACHED_TILES:
                self._full.clear()
            self._full[level, index] = self._stored(level, index, TILE_BYTES)
        return self._full[level, index]

    def _perfect(self, height: int, index: int) -> bytes:
        """Root of the perfect subtree over entries [index * 2^height, (index + 1) * 2^height)."""
        level, inside = divmod(height, 8)
        first = index << inside
        start = (first % WIDTH) * HASH_SIZE
        tile = self._tile(level, first // WIDTH)
        return perfect_root(tile[start : start + (HASH_SIZE << inside)], self._new_hash)

    def _subtree(self, low: int, high: int) -> bytes:
        """MTH of entries [low, high), RFC 9162 section 2.1.1."""
        n = high - low
        if n & (n - 1) == 0 and low % n == 0:
            return self._perfect(n.bit_length() - 1, low // n)
        middle = low + _split(n)
        left, right = self._subtree(low, middle), self._subtree(middle, high)
        return node_hash(left, right, self._new_hash)

    def root(self, size: int | None = None) -> bytes:
        """Root hash of the first `size` entries (all, when None)."""
        size = self._known_size(size)
        return self._subtree(0, size) if size else empty_root(self._new_hash)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Proof that entry `index` is in the log of `size` entries, leaf side first.

        Raises: DomainError("ledger.index_unknown", "ledger.size_unknown").
        Source: RFC 9162 section 2.1.3.1.
        """
        size = self._known_size(size)
        if not 0 <= index < size:
            raise DomainError(
                "ledger.index_unknown",
                f"Entry {index} is not in a log of {size} entries (0 to {size - 1}).",
                f"{size} 条的日志中没有第 {index} 条（编号 0 至 {size - 1}）。",
                where="index",
                status=404,
            )
        low, high, proof = 0, size, []
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                proof.append(self._subtree(middle, high))
                high = middle
            else:
                proof.append(self._subtree(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """Proof that the log of `first` entries is the beginning of the log of `second`.

        Raises: DomainError("ledger.size_unknown").
        Source: RFC 9162 section 2.1.4.1; empty from 0 entries, which RFC 9162 leaves open.
        """
        second = self._known_size(second)
        if not 0 <= first <= second:
            raise _size_unknown(first, second)
        if first in {0, second}:
            return []
        low, high, proof = 0, second, []
        while first != high:
            middle = low + _split(high - low)
            if first <= middle:
                proof.append(self._subtree(middle, high))
                high = middle
            else:
                proof.append(self._subtree(low, middle))
                low = middle
        if low:
            proof.append(self._subtree(low, high))
        return proof[::-1]

    def _known_size(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise _size_unknown(size, self.size)
        return size


def _split(n: int) -> int:
    """The largest power of two below n."""
    return 1 << ((n - 1).bit_length() - 1)


def _joined(leaf_hashes: Sequence[bytes]) -> bytes:
    wrong = next((i for i, leaf in enumerate(leaf_hashes) if len(leaf) != HASH_SIZE), None)
    if wrong is not None:
        raise DomainError(
            "ledger.leaf_length",
            f"Leaf hash {wrong} of the batch has {len(leaf_hashes[wrong])} bytes; it has 32. "
            "Pass leaf_hash(entry), not the entry.",
            f"本批第 {wrong} 个叶哈希为 {len(leaf_hashes[wrong])} 字节，应为 32 字节。",
            where=f"leaf_hashes[{wrong}]",
        )
    return b"".join(leaf_hashes)


def _size_unknown(size: int, limit: int) -> DomainError:
    return DomainError(
        "ledger.size_unknown",
        f"The log is asked at {size} entries; it can answer for 0 to {limit}.",
        f"请求的日志大小为 {size}，可取 0 至 {limit}。",
        where="size",
        status=404,
    )
