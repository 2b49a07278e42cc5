"""What a report is about, place aside: directions learnt from which common words go together.

Rare grams tell where (a housing estate has its own name); common ones tell what (smoke, barbecue,
no flue, late at night are one matter in four words). Two reports are one issue when both agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.hot_issues.grams import SPACE_SIZE, Grams
from cityloop.engines.hot_issues.values import INTS

LEAST_SHARE, MOST_SHARE = 0.003, 0.10
LEAST_REPORTS = 200
"""Fewer do not teach which words go together; every pair then counts as the same matter."""


@dataclass(frozen=True, slots=True)
class Axes:
    """Grams (ascending), how much each says, and its place on the axes, shape (grams, axes)."""

    grams: INTS
    weights: NDArray[np.float32]
    places: NDArray[np.float32]

    def of(self, grams: Grams) -> NDArray[np.float32]:
        """Unit-length rows, shape (reports, axes); zeros where no common word stands."""
        found = _weighed(grams, self.grams, self.weights) @ self.places
        length = np.linalg.norm(found, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (found / np.where(length > 0, length, 1.0)).astype(np.float32)
        return unit


def learn(grams: Grams, axes: int) -> Axes | None:
    """Axes by truncated singular values of the common words (latent semantic analysis).

    Deterministic. None when there are fewer than LEAST_REPORTS reports or common words.
    """
    ids = grams.ids[grams.ids >= SPACE_SIZE]
    known, often = np.unique(ids, return_counts=True)
    n = len(grams)
    keep = (often >= max(2.0, LEAST_SHARE * n)) & (often <= MOST_SHARE * n)
    known, often = known[keep], often[keep]
    if n < LEAST_REPORTS or len(known) <= axes + 1:
        return None
    weights = np.log(n / often).astype(np.float32)
    rows = _weighed(grams, known, weights)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    scaled = sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ rows
    _, _, right = scipy.sparse.linalg.svds(scaled.astype(np.float64), k=axes, random_state=0)
    return Axes(known, weights, right.T.astype(np.float32))


def _weighed(grams: Grams, known: INTS, weights: NDArray[np.float32]) -> sp.csr_matrix:
    at = np.minimum(np.searchsorted(known, grams.ids), len(known) - 1)
    keep = known[at] == grams.ids
    rows = np.repeat(np.arange(len(grams)), np.diff(grams.starts))[keep]
    at = at[keep]
    value = (1.0 + np.log(grams.counts[keep])) * weights[at]
    starts = np.searchsorted(rows, np.arange(len(grams) + 1))
    return sp.csr_matrix((value, at, starts), shape=(len(grams), len(known)))
