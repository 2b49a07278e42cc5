"""Which names of a city stand in a text: millions of names in a few bytes each.

Every name, in every way it is shortened, is one 64-bit number; a text is asked by all its runs of
up to fourteen tokens at once. A hit says "ask the register for this one", never more.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.locating.words import Tokens

LONGEST = 14
_STEP = np.uint64(0x9E3779B97F4A7C15)
_READ = 600  # tokens: a place is named early
Hashes = NDArray[np.int64]


@lru_cache(maxsize=65_536)
def _of_token(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def name_hash(tokens: Tokens) -> int:
    """A name as a signed 64-bit number, by its tokens."""
    value = 0
    for token in tokens:
        value = (value * int(_STEP) + _of_token(token)) & 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >= 1 << 63 else value


class KnownNames:
    """A set of name hashes, to be asked by whole texts."""

    def __init__(self, hashes: NDArray[np.int64] | list[int]) -> None:
        self._hashes: Hashes = np.unique(np.asarray(hashes, np.int64))

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, value: int) -> bool:
        place = int(np.searchsorted(self._hashes, value))
        return place < len(self._hashes) and int(self._hashes[place]) == value

    def spans(self, tokens: Tokens) -> list[tuple[int, int, int]]:
        """(start, end, hash) of every run of tokens that may be a name, the longest first."""
        read = tokens[:_READ]
        if not read or not len(self._hashes):
            return []
        units = np.array([_of_token(t) for t in read], np.uint64)
        runs = np.zeros(len(units), np.uint64)
        found: list[tuple[int, int, int]] = []
        for length in range(1, min(LONGEST, len(units)) + 1):
            runs = runs[: len(units) - length + 1] * _STEP + units[length - 1 :]
            signed = runs.view(np.int64)
            place = np.minimum(np.searchsorted(self._hashes, signed), len(self._hashes) - 1)
            for start in np.flatnonzero(self._hashes[place] == signed).tolist():
                found.append((start, start + length, int(signed[start])))
        found.sort(key=lambda s: (s[0] - s[1], s[0]))
        return found


def apart(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Of spans that overlap the longer one; in the order of the text."""
    taken: set[int] = set()
    chosen = []
    for span in spans:
        reach = range(span[0], span[1])
        if taken.isdisjoint(reach):
            taken.update(reach)
            chosen.append(span)
    return sorted(chosen)
