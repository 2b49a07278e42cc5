"""The same text again: MinHash of character triples, found by bands.

Two texts whose triples overlap by the share J agree in each of 64 minima with probability J; 16
bands of 4 find a pair at J = 0.5 with probability 0.64, at 0.7 with 0.99.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MINIMA, BAND = 64, 4
CHARACTERS = 600
HELD, MOST_A_BAND = 131_072, 50
"""A form that thousands fill in leads to the newest fifty of them."""
LEAST_CHARACTERS = 8
"""Shorter texts ("井盖坏了") are the same by chance."""
_RANDOM = np.random.default_rng(20_26)
_A = _RANDOM.integers(1, 2**63, MINIMA, dtype=np.uint64) | np.uint64(1)
_B = _RANDOM.integers(0, 2**63, MINIMA, dtype=np.uint64)


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Minima of each text, shape (texts, 64); all zero where the text is too short to tell."""
    found = np.zeros((len(texts), MINIMA), dtype=np.uint32)
    for row, text in enumerate(texts):
        kept = "".join(c for c in text.lower()[: 2 * CHARACTERS] if c.isalnum())[:CHARACTERS]
        if len(kept) < LEAST_CHARACTERS:
            continue
        codes = np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        c = codes.astype(np.uint64)
        triples = np.unique((c[:-2] << np.uint64(42)) ^ (c[1:-1] << np.uint64(21)) ^ c[2:])
        mixed = triples[None, :] * _A[:, None] + _B[:, None]
        mixed ^= mixed >> np.uint64(31)
        found[row] = ((mixed * _A[:, None]) >> np.uint64(32)).min(axis=1).astype(np.uint32)
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring texts: their bands, ascending (of one band the older text first)."""

    start: int
    signatures: NDArray[np.uint32]
    bands: NDArray[np.uint64]
    texts: NDArray[np.int32]

    def find(
        self, asked: NDArray[np.uint32], first: int, *, most: int
    ) -> list[tuple[int, int, float]]:
        """(number asking, earlier number, share) of pairs with a band in common, newest `most`."""
        bands, rows = _bands(asked)
        low = np.searchsorted(self.bands, bands, side="left")
        high = np.searchsorted(self.bands, bands, side="right")
        low = np.maximum(low, high - most)
        often = high - low
        at = np.arange(int(often.sum())) - np.repeat(np.cumsum(often) - often, often)
        left = np.repeat(rows, often).astype(np.int64)
        right = self.texts[np.repeat(low, often) + at].astype(np.int64)
        both = np.unique(np.stack([left, right]), axis=1)
        both = both[:, both[1] + self.start < both[0] + first]
        share = (asked[both[0]] == self.signatures[both[1]]).mean(axis=1)
        found = zip((both[0] + first).tolist(), (both[1] + self.start).tolist(), share.tolist(),
                    strict=True)  # fmt: skip
        return list(found)


class SameText:
    """The newest texts by bands of their signatures; asks cost what really agrees.

    Args:
        least: share of triples from which two texts are the same.
        held: so many of the newest are kept (up to a quarter more), some 450 bytes each.
    """

    def __init__(self, least: float = 0.5, *, held: int = HELD) -> None:
        self.least, self.held = least, held
        self.size = 0
        self._blocks: list[_Block] = []

    def add(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """Take in texts; for each the earlier ones (or own) that are the same, most alike first."""
        first, asked = self.size, signatures(texts)
        found: list[list[tuple[int, float]]] = [[] for _ in texts]
        pairs = _block(first, asked).find(asked, first, most=len(texts))
        for block in self._blocks:
            pairs += block.find(asked, first, most=MOST_A_BAND)
        for left, right, share in pairs:
            if share >= self.least:
                found[left - first].append((right, share))
        self.hold(asked)
        return [sorted(same, key=lambda p: (-p[1], p[0])) for same in found]

    def hold(self, given: NDArray[np.uint32]) -> None:
        """Take in the signatures of texts, without asking."""
        if not len(given):
            return
        self._blocks.append(_block(self.size, given))
        self.size += len(given)
        while len(self._blocks) > 1:
            before, last = (b.signatures for b in self._blocks[-2:])
            if len(last) < len(before) or len(last) + len(before) > self.held // 4:
                break
            start = self._blocks[-2].start
            self._blocks[-2:] = [_block(start, np.concatenate([before, last]))]
        while len(self._blocks) > 1 and self.size - self._blocks[1].start >= self.held:
            del self._blocks[0]


def _bands(given: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A number for each band of each text that is long enough, and the text's row."""
    rows = np.flatnonzero(given.any(axis=1))
    parts = given[rows].reshape(len(rows), MINIMA // BAND, BAND).astype(np.uint64)
    mixed = np.broadcast_to(np.arange(MINIMA // BAND, dtype=np.uint64), parts.shape[:2]).copy()
    for i in range(BAND):
        mixed = (mixed ^ parts[:, :, i]) * _A[i]
        mixed ^= mixed >> np.uint64(29)
    return mixed.ravel(), np.repeat(rows, MINIMA // BAND)


def _block(start: int, given: NDArray[np.uint32]) -> _Block:
    bands, rows = _bands(given)
    order = np.argsort(bands, kind="stable")
    return _Block(start, given, bands[order], rows[order].astype(np.int32))
