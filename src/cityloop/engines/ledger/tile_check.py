"""Are the stored tiles those that were signed? One pass over the leaves, then the levels above.

The leaves (level 0) alone lead to every signed root; so the signed roots judge the leaves, and the
leaves that are proven judge the tiles above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from . import finding
from .checkpoint import Checkpoint
from .finding import Finding
from .frontier import Frontier
from .hashing import HASH_SIZE, NewHash, empty_root, perfect_root, sha256
from .store import WIDTH, TileStore, hashes_of


@dataclass
class TileCheck:
    """What the stored tiles are worth.

    Args:
        findings: changed tiles and broken roots.
        proven: the largest signed size that the stored leaves lead to, with all smaller ones.
        broken: signed sizes they do not lead to, ascending.
    """

    findings: list[Finding] = field(default_factory=list)
    proven: int = 0
    broken: list[int] = field(default_factory=list)

    def is_suspect(self, index: int) -> bool:
        """May this level-0 tile be one that was changed?"""
        if not self.broken:
            return False
        return self.proven < (index + 1) * WIDTH and index * WIDTH < self.broken[-1]


def tile_length(index: int, size: int) -> int:
    """Hashes the level-0 tile `index` has in a log of `size` entries."""
    return max(0, min(WIDTH, size - index * WIDTH))


def leaf_tile(store: TileStore, index: int, size: int) -> bytes:
    """A level-0 tile as far as the log reaches; what is left of it, when it was damaged."""
    return bytes(store.read(0, index) or b"")[: tile_length(index, size) * HASH_SIZE]


def leaf_tiles(store: TileStore, size: int) -> Iterator[bytes]:
    """Level 0, tile by tile."""
    return (leaf_tile(store, index, size) for index in range(-(-size // WIDTH)))


def check_tiles(
    store: TileStore, size: int, signed: Sequence[Checkpoint], *, new_hash: NewHash = sha256
) -> TileCheck:
    """Compare the tiles of a log of `size` entries with checkpoints whose signature was verified.

    Reads every tile once; about one hash per entry. Entries behind the last checkpoint are
    vouched for by nobody yet: `proven` says how far the proof reaches.
    """
    points = sorted(signed, key=lambda point: point.size)
    known = [point for point in points if point.size <= size]
    roots, tops = _reached(store, size, [point.size for point in known], new_hash)
    result = TileCheck()
    for point in known:
        if roots.get(point.size) != point.root:
            result.broken.append(point.size)
        elif not result.broken:
            result.proven = point.size
    result.findings += _lost_tiles(store, size)
    level = 1
    while tops:
        tops = _check_level(store, level, tops, result, new_hash)
        level += 1
    if result.broken:
        stretch = min(result.proven, result.broken[0] - 1), result.broken[0]
        result.findings.append(finding.root(*stretch, result.broken[0]))
    if points and points[-1].size > size:
        result.findings.append(finding.cut(size, points[-1].size))
    return result


def _reached(
    store: TileStore, size: int, sizes: Sequence[int], new_hash: NewHash
) -> tuple[dict[int, bytes], list[bytes]]:
    """Roots at the asked sizes, and the root of every full tile (b"" for a damaged one).

    A size behind a damaged tile is left out: the leaves do not lead there.
    """
    frontier, tops = Frontier(new_hash), []
    roots = {0: empty_root(new_hash)}
    wanted = sorted(set(sizes) - {0})
    for index, tile in enumerate(leaf_tiles(store, size)):
        start, whole = index * WIDTH, len(tile) == tile_length(index, size) * HASH_SIZE
        while wanted and wanted[0] < start + WIDTH and whole:
            asked = wanted.pop(0)
            roots[asked] = _partial_root(frontier, tile[: (asked - start) * HASH_SIZE])
        if not whole:
            wanted = []
        if tile_length(index, size) == WIDTH:
            tops.append(perfect_root(tile, new_hash) if whole else b"")
        if wanted:
            frontier.push(tops[-1], 8)
            if wanted[0] == start + WIDTH:
                roots[wanted.pop(0)] = frontier.root()
    return roots, tops


def _partial_root(frontier: Frontier, tile: bytes) -> bytes:
    ahead = frontier.copy()
    for leaf in hashes_of(tile):
        ahead.push(leaf)
    return ahead.root()


def _lost_tiles(store: TileStore, size: int) -> list[Finding]:
    found = []
    for index, tile in enumerate(leaf_tiles(store, size)):
        length = tile_length(index, size)
        if len(tile) < length * HASH_SIZE:
            low = index * WIDTH
            found.append(finding.lost_tile(index, low, low + length))
    return found


def _check_level(
    store: TileStore, level: int, below: list[bytes], result: TileCheck, new_hash: NewHash
) -> list[bytes]:
    """Compare one level with the roots computed below it; returns the roots of its full tiles.

    Where both differ, the proven side wins and is carried upwards, so that one changed tile is
    named once and not again on every level above it.
    """
    tops = []
    for index in range(-(-len(below) // WIDTH)):
        group = below[index * WIDTH : (index + 1) * WIDTH]
        stored = bytes(store.read(level, index) or b"")[: len(group) * HASH_SIZE]
        if stored != b"".join(group):
            group = _settle(level, index, group, hashes_of(stored), result)
        if len(group) == WIDTH:
            tops.append(perfect_root(b"".join(group), new_hash) if all(group) else b"")
    return tops


def _settle(
    level: int, index: int, group: list[bytes], stored: list[bytes], result: TileCheck
) -> list[bytes]:
    span, carried, upper_wrong = WIDTH**level, [], False
    for slot, top in enumerate(group):
        held = stored[slot] if slot < len(stored) and len(stored[slot]) == HASH_SIZE else b""
        child = index * WIDTH + slot
        low, high = child * span, (child + 1) * span
        upper = bool(top) and (high <= result.proven or not held)
        if top and held != top and not upper:
            result.findings.append(finding.tile(level - 1, child, low, high))
        upper_wrong = upper_wrong or (upper and held != top)
        carried.append(top if upper else held)
    if upper_wrong:
        low = index * WIDTH * span
        result.findings.append(finding.upper_tile(level, index, low, low + len(group) * span))
    return carried
