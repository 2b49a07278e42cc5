"""The same text again: MinHash of character triples, found by bands.

Two texts whose triples overlap by the share J agree in each of 64 minima with probability J; 16
bands of 4 find a pair at J = 0.5 with probability 0.64, at 0.7 with 0.99.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MINIMA, BAND = 64, 4
CHARACTERS = 600
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


def likeness(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> float:
    """Estimate of the share of triples two texts have in common; 0 for texts too short."""
    return float((a == b).mean()) if a.any() and b.any() else 0.0


class SameText:
    """Texts by bands of their signatures; asks cost what really agrees."""

    def __init__(self, least: float = 0.5) -> None:
        self.least = least
        self._signatures: list[NDArray[np.uint32]] = []
        self._bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)

    def add(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """Take in texts; for each the earlier ones (or own) that are the same, most alike first."""
        return [self._add(signature) for signature in signatures(texts)]

    def _add(self, signature: NDArray[np.uint32]) -> list[tuple[int, float]]:
        number = len(self._signatures)
        self._signatures.append(signature)
        if not signature.any():
            return []
        near: set[int] = set()
        for band in range(0, MINIMA, BAND):
            held = self._bands[band, signature[band : band + BAND].tobytes()]
            near.update(held)
            held.append(number)
        found = [(other, likeness(signature, self._signatures[other])) for other in near]
        return sorted(
            ((o, share) for o, share in found if share >= self.least), key=lambda p: (-p[1], p[0])
        )
