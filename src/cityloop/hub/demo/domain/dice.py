"""Chance that comes out the same each time it is asked the same question."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Answers about one thing; a question that is asked again has the same answer.

    Nothing is drawn in turn, so who acts first changes nobody else's luck.
    """

    def __init__(self, seed: int, key: str) -> None:
        self._root = f"{seed}/{key}"

    def _random(self, what: str) -> Random:
        return Random(f"{self._root}/{what}")  # noqa: S311  a made-up city needs no secrets

    def chance(self, what: str, share: float) -> bool:
        """True in this share of all things."""
        return self._random(what).random() < share

    def between(self, what: str, low: float, high: float) -> float:
        """A number between two, the middle being likelier than the ends."""
        return self._random(what).triangular(low, high, (2 * low + high) / 3)

    def pick(self, what: str, options: Sequence[T]) -> T:
        """One of several."""
        return options[self._random(what).randrange(len(options))]

    def weighted(self, what: str, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of several, not all alike."""
        return self._random(what).choices(options, weights)[0]
