"""Rows, tiles and signed roots laid beside each other: what was changed, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import finding
from .checkpoint import Checkpoint
from .finding import Finding
from .hashing import NewHash, sha256
from .intervals import Interval, common, holds, merged, without
from .row_scan import Row, RowScan, Run, tiles_of_rows
from .store import WIDTH, Tile, TileStore
from .tile_check import TileCheck, check_tiles, leaf_tile, tile_length

MENDED_TILES = 4096  # suspect tiles whose rows are kept to be tried in their place: 2^20 rows


@dataclass(frozen=True)
class Comparison:
    """The outcome.

    Args:
        findings: by entry number; empty when rows, tiles and signed roots agree.
        rows: rows read.
        size: entries of the log.
        proven: entries that a signed root vouches for and the tiles lead to; those behind it
            agree with the tiles only, until the next checkpoint.
    """

    findings: list[Finding]
    rows: int
    size: int
    proven: int

    @property
    def is_clean(self) -> bool:
        """Nothing was found."""
        return not self.findings


def compare(
    rows: Iterable[Row],
    store: TileStore,
    size: int,
    signed: Sequence[Checkpoint],
    *,
    limit: int = 100_000,
    new_hash: NewHash = sha256,
) -> Comparison:
    """Find and name altered, removed, inserted and reordered rows, and changed tiles.

    Args:
        rows: (entry number as stored, leaf hash recomputed from the row), ascending by number;
            read as a stream.
        store: the stored tiles.
        size: entries of the log.
        signed: checkpoints of this log whose signatures were verified, best from a witness.
        limit: rows of unknown content that are named one by one; more are counted.
    Returns: the Comparison.
    Raises: DomainError("ledger.rows_unsorted").
    """
    check = check_tiles(store, size, signed, new_hash=new_hash)
    scan = RowScan(store, size, limit)
    kept = _scan(rows, scan, check)
    if kept:
        mended = check_tiles(_Mended(store, kept), size, signed, new_hash=new_hash)
        if mended.broken:
            for index, group in kept.items():
                scan.tile(index, group)
        else:
            tiles = [(i, i * WIDTH, i * WIDTH + tile_length(i, size)) for i in kept]
            mended.findings += [finding.mended_tile(*tile) for tile in tiles]
            check = mended
    findings = sorted(check.findings + _row_findings(scan))
    return Comparison(findings, scan.rows, size, check.proven)


def _scan(rows: Iterable[Row], scan: RowScan, check: TileCheck) -> dict[int, list[Row]]:
    """Run the pass; returns the whole tiles of rows that may be right where the tile is not."""
    kept: dict[int, list[Row]] = {}
    following = 0
    for index, group in tiles_of_rows(rows):
        scan.rows += len(group)
        low = min(max(index, 0) * WIDTH, scan.size)
        scan.skip(following, low)
        following = max(following, min(low + WIDTH, scan.size))
        length = tile_length(index, scan.size) if index >= 0 else 0
        is_whole = [number for number, _ in group] == list(range(low, low + length))
        if is_whole and b"".join(_leaves(group)) == leaf_tile(scan.store, index, scan.size):
            continue
        if is_whole and check.is_suspect(index) and len(kept) < MENDED_TILES:
            kept[index] = group
        else:
            scan.tile(index, group)
    scan.skip(following, scan.size)
    return kept


class _Mended:
    """The store, with rows in the place of some level-0 tiles."""

    def __init__(self, store: TileStore, kept: dict[int, list[Row]]) -> None:
        self._store, self._kept = store, kept

    def read(self, level: int, index: int) -> bytes | None:
        if level == 0 and index in self._kept:
            return b"".join(_leaves(self._kept[index]))
        return self._store.read(level, index)

    def write(self, tiles: list[Tile]) -> None:
        raise NotImplementedError("a comparison only reads")


def _leaves(group: list[Row]) -> list[bytes]:
    return [leaf for _, leaf in group]


def _row_findings(scan: RowScan) -> list[Finding]:
    """Tell the kinds apart. An entry is lost when no row holds it any more, wherever.

    A strange row in the place of a lost entry is that entry altered; elsewhere it was inserted.
    """
    scan.find_strangers()
    displaced = merged(scan.wrong + scan.missing)
    moved: list[tuple[Interval, int]] = []
    copies: list[tuple[Interval, Run]] = []
    for run in scan.runs:
        home = [(run.first + run.offset, run.last + 1 + run.offset)]
        moved += [(part, run.offset) for part in common(home, displaced)]
        copies += [(part, run) for part in without(home, displaced)]
    lost = without(displaced, merged(part for part, _ in moved))
    found = [finding.reordered(a - by, b - 1 - by, by) for (a, b), by in moved]
    changed: list[Interval] = []
    for number, copy_of, surplus in _strange(scan, copies):
        if not surplus and holds(lost, number):
            changed.append((number, number + 1))
            found.append(finding.altered(number, copy_of))
        else:
            found.append(finding.inserted(number, copy_of))
    count, first, last = scan.beyond_limit
    if count:
        found.append(finding.unlisted(first, last, count))
        changed += scan.wrong  # rows stand there: not named is not removed
    found += [finding.removed(a, b - 1) for a, b in without(lost, merged(changed))]
    return found


def _strange(
    scan: RowScan, copies: list[tuple[Interval, Run]]
) -> Iterable[tuple[int, int | None, bool]]:
    """(row, entry it is a copy of, surplus) of rows that hold no entry that is missing."""
    for number, _, surplus in scan.strangers:
        yield number, None, surplus
    for (low, high), run in copies:
        for home in range(low, high):
            yield home - run.offset, home, run.surplus
