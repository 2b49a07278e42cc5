"""Which reports resemble each other: an inverted index in blocks, by text, time and place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.hot_issues.grams import Grams, grams_of
from cityloop.engines.hot_issues.matter import Axes
from cityloop.engines.hot_issues.values import FLOATS, INTS, Reports, Settings
from cityloop.engines.hot_issues.weights import Counts

TAKEN, ASKED, BLOCK = 4_096, 512, 131_072
"""Reports become a block by up to TAKEN, are compared by ASKED rows, blocks grow to BLOCK."""


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
    matter: NDArray[np.float32] | None


class Index:
    """Reports in the order they came; each new batch is compared with those in the window.

    A batch costs what its grams' postings cost, not what all reports ever cost: blocks that have
    left the window are dropped, so memory is bounded by the window.
    """

    def __init__(self, settings: Settings, axes: Axes | None = None) -> None:
        self.settings = settings
        self.axes = axes
        self.counts = Counts()
        self.size = 0
        self._blocks: list[_Block] = []

    def add(self, reports: Reports) -> Pairs:
        """Take in reports, at any number, and say which earlier ones (or own) they resemble."""
        if not len(reports):
            return Pairs.joined([])
        grams = self._read(reports)
        self.counts.add(grams)
        vectors = self.counts.vectors(grams, self.settings)
        matter = self._matter(grams)
        found = []
        for start in range(0, len(reports), TAKEN):
            s = slice(start, start + TAKEN)
            part = _cut(reports, s)
            found.append(self._take(part, vectors[s], None if matter is None else matter[s]))
        return Pairs.joined(found)

    def find(self, reports: Reports) -> Pairs:
        """The same without keeping them: `left` counts from 0 in these reports."""
        grams = self._read(reports)
        vectors = self.counts.vectors(grams, self.settings)
        asked = _block(0, reports, vectors, self._matter(grams))
        return Pairs.joined([self._compare(asked, vectors, b) for b in self._blocks])

    def forget(self, *, before_day: float) -> None:
        """Drop blocks whose every report came earlier than this."""
        self._blocks = [b for b in self._blocks if b.seen.days.max() >= before_day]

    def _read(self, reports: Reports) -> Grams:
        most = self.settings.body_characters
        return grams_of(reports.titles, reports.bodies, body_characters=most)

    def _matter(self, grams: Grams) -> NDArray[np.float32] | None:
        return None if self.axes is None else self.axes.of(grams)

    def _take(
        self, reports: Reports, vectors: sp.csr_matrix, matter: NDArray[np.float32] | None
    ) -> Pairs:
        self.forget(before_day=float(reports.days.min()) - self.settings.window_days)
        block = _block(self.size, reports, vectors, matter)
        found = [self._compare(block, vectors, b) for b in [*self._blocks, block]]
        self._blocks.append(block)
        self.size += len(reports)
        self._merge_small()
        return Pairs.joined(found)

    def _compare(self, asking: _Block, vectors: sp.csr_matrix, block: _Block) -> Pairs:
        rows = _in_grams_of(block, vectors)
        parts = range(0, rows.shape[0], ASKED)
        return Pairs.joined(
            [self._compare_part(asking, rows[at : at + ASKED], at, block) for at in parts]
        )

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
            if sizes[1] < sizes[0] or sum(sizes) > BLOCK:
                return
            self._blocks[-2:] = [_together(before, last)]


def _cut(reports: Reports, s: slice) -> Reports:
    """A part without its texts: what is compared are the vectors."""
    empty = [""] * len(reports.days[s])
    arrays = (reports.days[s], reports.x[s], reports.y[s], reports.areas[s])
    return Reports(empty, empty, *arrays)


def _block(
    start: int, reports: Reports, vectors: sp.csr_matrix, matter: NDArray[np.float32] | None
) -> _Block:
    by_gram = vectors.tocsc()
    held = np.flatnonzero(np.diff(by_gram.indptr))
    starts = by_gram.indptr[np.concatenate((held, [len(by_gram.indptr) - 1]))]
    shape = (len(held), len(reports))
    holders = sp.csr_matrix((by_gram.data, by_gram.indices, starts), shape=shape)
    return _Block(start, held.astype(np.int32), holders, reports, matter)


def _in_grams_of(block: _Block, vectors: sp.csr_matrix) -> sp.csr_matrix:
    """The vectors with a column for each gram of the block; others are of no use there."""
    count = vectors.shape[0]
    if not len(block.grams):
        return sp.csr_matrix((count, 0), dtype=np.float32)
    at = np.minimum(np.searchsorted(block.grams, vectors.indices), len(block.grams) - 1)
    known = block.grams[at] == vectors.indices
    rows = np.repeat(np.arange(count), np.diff(vectors.indptr))[known]
    starts = np.searchsorted(rows, np.arange(count + 1))
    shape = (count, len(block.grams))
    return sp.csr_matrix((vectors.data[known], at[known], starts), shape=shape)


def _together(a: _Block, b: _Block) -> _Block:
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
    return _Block(a.start, grams, sp.hstack(parts, format="csr"), seen, matter)


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
