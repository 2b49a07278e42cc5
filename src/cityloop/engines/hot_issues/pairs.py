"""Which reports resemble each other: an inverted index in blocks, by text, time and place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.hot_issues.grams import Grams, grams_of
from cityloop.engines.hot_issues.matter import Axes
from cityloop.engines.hot_issues.names import Names
from cityloop.engines.hot_issues.values import FLOATS, INTS, Reports, Settings
from cityloop.engines.hot_issues.weights import Counts

TAKEN, ASKED, BLOCKS = 4_096, 512, 4
"""Reports become a block by up to TAKEN, are compared by ASKED rows; a block grows to the
BLOCKS-th part of what is held."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Similar pairs: report `left` (the later number) and `right`, `similarity` in (0, 1]."""

    left: INTS
    right: INTS
    similarity: NDArray[np.float32]

    @classmethod
    def joined(cls, parts: list[Pairs]) -> Pairs:
        """All of several."""
        if not parts:
            none = np.zeros(0, dtype=np.int64)
            return cls(none, none, np.zeros(0, dtype=np.float32))
        return cls(
            np.concatenate([p.left for p in parts]),
            np.concatenate([p.right for p in parts]),
            np.concatenate([p.similarity for p in parts]),
        )


@dataclass(slots=True)
class _Block:
    """Neighbouring reports: by gram (in `grams`, ascending) which reports hold it."""

    start: int
    grams: NDArray[np.int32]
    holders: sp.csr_matrix
    seen: Reports
    names: Names
    matter: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What is compared of some reports; `seen` is without their texts."""

    seen: Reports
    vectors: sp.csr_matrix
    names: Names
    matter: NDArray[np.float32] | None


class Index:
    """Reports in the order they came; each new batch is compared with those in the window.

    Blocks that have left the window, in days or in reports, are dropped; a gram leads to a limited
    number of the newest reports. So memory and the cost of a report do not grow with their number.
    """

    def __init__(self, settings: Settings, axes: Axes | None = None) -> None:
        self.settings = settings
        self.axes = axes
        self.counts = Counts(settings.held)
        self.size = 0
        self._blocks: list[_Block] = []

    @property
    def first(self) -> int:
        """Number of the oldest report held."""
        return self._blocks[0].start if self._blocks else self.size

    def add(self, reports: Reports) -> Pairs:
        """Take in reports, at any number, and say which earlier ones (or own) they resemble."""
        return Pairs.joined([self._take(part) for part in self._parts(reports)])

    def hold(self, reports: Reports) -> None:
        """Take in reports without comparing them: what is known of them is known."""
        for part in self._parts(reports):
            self._keep(_block(self.size, part))

    def _parts(self, reports: Reports) -> Iterator[_Read]:
        if not len(reports):
            return
        grams = self._grams(reports)
        self.counts.add(grams)
        read = self._read(reports, grams)
        for start in range(0, len(reports), TAKEN):
            s = slice(start, start + TAKEN)
            matter = None if read.matter is None else read.matter[s]
            yield _Read(_cut(reports, s), read.vectors[s], read.names.cut(s), matter)

    def find(self, reports: Reports) -> Pairs:
        """The same without keeping them: `left` counts from 0 in these reports."""
        read = self._read(reports, self._grams(reports))
        return Pairs.joined(self._compare(_block(0, read), read.vectors, self._blocks))

    def forget(self, *, before_day: float) -> None:
        """Drop blocks whose every report came earlier than this."""
        self._blocks = [b for b in self._blocks if b.seen.days.max() >= before_day]

    def _grams(self, reports: Reports) -> Grams:
        most = self.settings.body_characters
        return grams_of(reports.titles, reports.bodies, body_characters=most)

    def _read(self, reports: Reports, grams: Grams) -> _Read:
        matter = None if self.axes is None else self.axes.of(grams)
        vectors = self.counts.vectors(grams, self.settings)
        return _Read(reports, vectors, Names.of(reports.titles), matter)

    def _take(self, read: _Read) -> Pairs:
        self.forget(before_day=float(read.seen.days.min()) - self.settings.window_days)
        block = _block(self.size, read)
        found = self._compare(block, read.vectors, [*self._blocks, block])
        self._keep(block)
        return Pairs.joined(found)

    def _keep(self, block: _Block) -> None:
        self._blocks.append(block)
        self.size += len(block.seen)
        self._merge_small()
        while len(self._blocks) > 1 and self.size - self._blocks[1].start >= self.settings.held:
            del self._blocks[0]

    def _compare(
        self, asking: _Block, vectors: sp.csr_matrix, blocks: Sequence[_Block]
    ) -> list[Pairs]:
        """Newest block first, each gram until it has led to enough reports."""
        grams, column = _distinct(vectors.indices)
        wanted = np.full(len(grams), self.settings.most_found)
        found = []
        for block in reversed(blocks):
            at = _place_in(block, np.where(wanted > 0, grams, -1))
            rows = _columns(vectors, at[column], len(block.grams))
            known = at >= 0
            wanted[known] -= np.diff(block.holders.indptr)[at[known]]
            for start in range(0, rows.shape[0], ASKED):
                part = rows[start : start + ASKED]
                found.append(self._compare_part(asking, part, start, block))
        return found

    def _compare_part(
        self, asking: _Block, rows: sp.csr_matrix, first: int, block: _Block
    ) -> Pairs:
        product = (rows @ block.holders).tocoo()
        keep = product.data >= self.settings.floor
        if asking is block:
            keep &= product.row + first > product.col
        left = product.row[keep].astype(np.int64) + first
        right = product.col[keep].astype(np.int64)
        value = product.data[keep] * _nearness(asking.seen, left, block.seen, right, self.settings)
        value[asking.names.differ(left, block.names, right)] *= self.settings.other_area
        if asking.matter is not None and block.matter is not None:
            same = np.einsum("ij,ij->i", asking.matter[left], block.matter[right])
            value *= np.clip(same, 0.0, 1.0)
        else:
            value *= self.settings.without_axes
        keep = value >= self.settings.least_kept
        similarity = value[keep].astype(np.float32)
        return Pairs(left[keep] + asking.start, right[keep] + block.start, similarity)

    def _merge_small(self) -> None:
        """Two neighbouring small blocks become one, so that few are asked."""
        while len(self._blocks) > 1:
            last, before = self._blocks[-1], self._blocks[-2]
            sizes = len(before.seen), len(last.seen)
            if sizes[1] < sizes[0] or sum(sizes) > self.settings.held // BLOCKS:
                return
            self._blocks[-2:] = [_together(before, last, most=self.settings.most_found)]


def _cut(reports: Reports, s: slice) -> Reports:
    """A part without its texts: what is compared are the vectors."""
    empty = [""] * len(reports.days[s])
    arrays = (reports.days[s], reports.x[s], reports.y[s], reports.areas[s])
    return Reports(empty, empty, *arrays)


def _block(start: int, read: _Read) -> _Block:
    by_gram = read.vectors.tocsc()
    held = np.flatnonzero(np.diff(by_gram.indptr))
    starts = by_gram.indptr[np.concatenate((held, [len(by_gram.indptr) - 1]))]
    shape = (len(held), len(read.seen))
    holders = sp.csr_matrix((by_gram.data, by_gram.indices, starts), shape=shape)
    return _Block(start, held.astype(np.int32), holders, read.seen, read.names, read.matter)


def _distinct(ids: NDArray[np.int32]) -> tuple[NDArray[np.int32], INTS]:
    """Each once, ascending, and where each given one stands among them; by sorting, which is
    several times faster here than the hashing of np.unique."""
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    new = np.concatenate((ordered[:1] >= 0, ordered[1:] != ordered[:-1]))
    where = np.empty(len(ids), dtype=np.int64)
    where[order] = np.cumsum(new) - 1
    return ordered[new], where


def _place_in(block: _Block, grams: NDArray[np.int32]) -> INTS:
    """Row of each gram in the block; -1 where it holds none."""
    if not len(block.grams):
        return np.full(len(grams), -1)
    at = np.minimum(np.searchsorted(block.grams, grams), len(block.grams) - 1)
    return np.where(block.grams[at] == grams, at, -1)


def _columns(vectors: sp.csr_matrix, at: INTS, count: int) -> sp.csr_matrix:
    """The vectors with other columns, given for each value; what has none (-1) is left out."""
    known = at >= 0
    before = np.concatenate(([0], np.cumsum(known)))
    shape = (vectors.shape[0], count)
    return sp.csr_matrix((vectors.data[known], at[known], before[vectors.indptr]), shape=shape)


def _together(a: _Block, b: _Block, *, most: int) -> _Block:
    grams = np.union1d(a.grams, b.grams)
    parts = [
        _spread(block.holders, np.searchsorted(grams, block.grams), len(grams)) for block in (a, b)
    ]
    empty = [""] * (len(a.seen) + len(b.seen))
    names = ("days", "x", "y", "areas")
    arrays = [np.concatenate([getattr(a.seen, n), getattr(b.seen, n)]) for n in names]
    seen = Reports(empty, empty, *arrays)
    known = a.matter is not None and b.matter is not None
    matter = np.concatenate([a.matter, b.matter]) if known else None
    holders = _newest(sp.hstack(parts, format="csr"), most)
    return _Block(a.start, grams, holders, seen, a.names.joined(b.names), matter)


def _newest(holders: sp.csr_matrix, most: int) -> sp.csr_matrix:
    """Of each gram the last `most` reports that hold it."""
    often = np.diff(holders.indptr)
    if often.max(initial=0) <= most:
        return holders
    from_end = np.repeat(holders.indptr[1:], often) - np.arange(holders.nnz)
    keep = from_end <= most
    starts = np.concatenate(([0], np.cumsum(np.minimum(often, most))))
    parts = (holders.data[keep], holders.indices[keep], starts)
    return sp.csr_matrix(parts, shape=holders.shape)


def _spread(rows: sp.csr_matrix, places: INTS, count: int) -> sp.csr_matrix:
    """The same rows at other places of a higher matrix."""
    lengths = np.zeros(count, dtype=np.int64)
    lengths[places] = np.diff(rows.indptr)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return sp.csr_matrix((rows.data, rows.indices, starts), shape=(count, rows.shape[1]))


def _nearness(a: Reports, left: INTS, b: Reports, right: INTS, settings: Settings) -> FLOATS:
    """Factor in [0, 1] by days and metres apart; 0 = never one issue. Unknown places count 1."""
    days = np.abs(a.days[left] - b.days[right])
    factor = 1.0 - settings.fade * np.minimum(days / settings.fade_days, 1.0)
    metres = np.hypot(a.x[left] - b.x[right], a.y[left] - b.y[right])
    far = (metres - settings.near_m) / (settings.far_m - settings.near_m)
    by_place = 1.0 - (1.0 - settings.far_share) * np.clip(far, 0.0, 1.0)
    by_place = np.where(metres > settings.far_m, 0.0, by_place)
    known = ~np.isnan(metres)
    factor *= np.where(known, by_place, 1.0)
    here, there = a.areas[left], b.areas[right]
    other = (here >= 0) & (there >= 0) & (here != there) & ~known
    factor *= np.where(other, settings.other_area, 1.0)
    return np.where(days > settings.window_days, 0.0, factor)
