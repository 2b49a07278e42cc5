"""From n-gram key to column number: an open-addressing hash table in two arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEYS = NDArray[np.int64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class KeyTable:
    """Column of each key, for a fixed set of distinct positive keys.

    About five times as fast as a binary search over 50,000 keys, as most keys are found in the
    first slot; the table is a quarter full at most.
    """

    def __init__(self, keys: KEYS) -> None:
        self._missing = len(keys)
        self._keys = np.append(keys, np.int64(-1))
        bits = max(4, int(np.ceil(np.log2(max(1, len(keys)) * 4))))
        self._shift = np.uint64(64 - bits)
        self._mask = np.int64((1 << bits) - 1)
        self._slots = np.full(1 << bits, self._missing, dtype=np.int32)
        self._fill(np.arange(len(keys), dtype=np.int32), self._home(keys))

    def columns(self, keys: KEYS) -> NDArray[np.int32]:
        """Column of each key, or len(table) where the key is unknown; shape (n,)."""
        home = self._home(keys)
        found = self._slots[home]
        open_ = np.flatnonzero((self._keys[found] != keys) & (found != self._missing))
        home = home[open_]
        while len(open_):
            home = (home + 1) & self._mask
            column = self._slots[home]
            found[open_] = column
            again = (self._keys[column] != keys[open_]) & (column != self._missing)
            open_, home = open_[again], home[again]
        return found

    def _home(self, keys: KEYS) -> KEYS:
        mixed = keys.view(np.uint64) * _MULTIPLIER
        return (mixed >> self._shift).view(np.int64)

    def _fill(self, columns: NDArray[np.int32], home: KEYS) -> None:
        while len(columns):
            free = self._slots[home] == self._missing
            self._slots[home[free]] = columns[free]
            left = self._slots[home] != columns
            columns, home = columns[left], (home[left] + 1) & self._mask
