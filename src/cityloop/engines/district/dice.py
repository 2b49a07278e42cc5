"""Chance that stays the same on every machine and library version."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Dice:
    """Random numbers from one seed.

    Only `Generator.random` is used underneath: the other distributions of numpy may change
    between its versions, and then the same seed would build another district.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64(seed))

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """One number, evenly between low and high."""
        return low + (high - low) * float(self._rng.random())

    def numbers(self, n: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        """n numbers, evenly between low and high."""
        return np.asarray(low + (high - low) * self._rng.random(n), np.float64)

    def pick(self, n: int) -> int:
        """One of 0 .. n-1."""
        return min(n - 1, int(self._rng.random() * n))

    def order(self, n: int) -> NDArray[np.int64]:
        """0 .. n-1 in a random order."""
        return np.argsort(self._rng.random(n), kind="stable").astype(np.int64)
