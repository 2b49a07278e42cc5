"""How much a gram says: rare ones much, those of one report alone and of very many nothing."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.hot_issues.grams import SPACE_SIZE, Grams
from cityloop.engines.hot_issues.matter import LEAST_REPORTS
from cityloop.engines.hot_issues.values import Settings


class Counts:
    """In how many of the last reports each gram stood.

    Beyond twice `span` reports all counts are halved, so that words are weighed by what came
    lately, and a place that is often written of does not wear out with the years.
    """

    def __init__(self, span: int) -> None:
        self.reports = 0
        self.span = span
        self.found: NDArray[np.int32] = np.zeros(2 * SPACE_SIZE, dtype=np.int32)

    def add(self, grams: Grams) -> None:
        """Count the grams of further reports."""
        self.reports += len(grams)
        ids = np.sort(grams.ids)  # by sorting: np.unique hashes, many times slower here
        first = np.flatnonzero(np.concatenate((ids[:1] >= 0, ids[1:] != ids[:-1])))
        self.found[ids[first]] += np.diff(first, append=len(ids)).astype(np.int32)
        while self.reports > 2 * self.span:
            self.reports //= 2
            self.found //= 2

    def vectors(self, grams: Grams, settings: Settings) -> sp.csr_matrix:
        """Unit-length rows, shape (reports, grams): a product of two is their similarity.

        The title's part has length √title_share, title with body √(1 - title_share).
        """
        found = self.found[grams.ids]
        most = min(settings.most_reports, max(settings.few, settings.most_share * self.reports))
        # Among few reports nearly all grams stand in one alone; they are part of its length then,
        # or the one common word left would make two reports alike.
        least = 2 if self.reports >= LEAST_REPORTS else 1
        keep = (found >= least) & (found <= most)
        rows = np.repeat(np.arange(len(grams)), np.diff(grams.starts))[keep]
        ids, found = grams.ids[keep], found[keep]
        value = (1.0 + np.log(grams.counts[keep])) * (
            1.0 + np.log((1.0 + self.reports) / (1.0 + found))
        )
        both = (ids >= SPACE_SIZE).astype(np.int64)
        part = rows * 2 + both
        length = np.sqrt(np.bincount(part, value * value, minlength=2 * len(grams)))
        share = np.sqrt(np.where(both, 1.0 - settings.title_share, settings.title_share))
        value = (value / length[part] * share).astype(np.float32)
        starts = np.searchsorted(rows, np.arange(len(grams) + 1))
        shape = (len(grams), 2 * SPACE_SIZE)
        return sp.csr_matrix((value, ids.astype(np.int32), starts.astype(np.int64)), shape=shape)
