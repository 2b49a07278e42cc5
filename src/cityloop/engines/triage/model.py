"""The trained classifier: texts in, calibrated classes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.triage.calibrate import probabilities
from cityloop.engines.triage.features import Vectoriser, chunks_of
from cityloop.engines.triage.priors import PriorIndex

TOP = 3
FEWEST_NGRAMS = 3
"""A text with fewer known n-grams says too little: a person decides, whatever the scores."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Answers for n texts, the likeliest class first.

    top: class indices, shape (n, 3), -1 where there are fewer classes; probability: calibrated,
    shape (n, 3); accepted: confident enough to go on without a person, shape (n,).
    """

    top: NDArray[np.int32]
    probability: NDArray[np.float32]
    accepted: NDArray[np.bool_]


@dataclass(frozen=True)
class TriageModel:
    """Linear scores + similarity to the catalogue's words, as calibrated probabilities.

    Args:
        labels: class names; a class index counts from 0 in this order.
        weights: shape (n-grams, classes); constant: shape (classes,).
        prior_weight: factor of the similarity to each class's phrases.
        sharpness: inverse temperature of the softmax.
        threshold: lowest probability accepted without a person; above 1 = none.
        accuracy: what the threshold was chosen for.
        fingerprint: sha256 of everything the model was trained on.
        trained_on: number of labelled texts; 0 for a cold start.
    """

    labels: tuple[str, ...]
    vectoriser: Vectoriser = field(repr=False)
    weights: NDArray[np.float32] = field(repr=False)
    constant: NDArray[np.float32] = field(repr=False)
    priors: PriorIndex = field(repr=False)
    prior_weight: float
    sharpness: float
    threshold: float
    accuracy: float
    fingerprint: str
    trained_on: int

    def predict(self, titles: Sequence[str], texts: Sequence[str]) -> Predictions:
        """The three likeliest classes of each text.

        The answer for a text does not depend on the others in the batch. Raises: DomainError as
        `segments_of` does.
        """
        count, shown = len(texts), min(TOP, len(self.labels))
        top = np.full((count, TOP), -1, dtype=np.int32)
        probability = np.zeros((count, TOP), dtype=np.float32)
        accepted = np.zeros(count, dtype=np.bool_)
        start = 0
        for segments in chunks_of(titles, texts):
            rows = self.vectoriser.rows_of(segments)
            part = slice(start, start + segments.texts)
            each = self.probabilities_of(rows)
            best = _best(each, shown)
            top[part, :shown] = best
            probability[part, :shown] = np.take_along_axis(each, best, axis=1)
            accepted[part] = probability[part, 0] >= self.threshold
            accepted[part] &= np.diff(rows.indptr) >= FEWEST_NGRAMS
            start += segments.texts
        return Predictions(top, probability, accepted)

    def probabilities(self, titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities of every class, shape (texts, classes)."""
        return self.probabilities_of(self.vectoriser.rows(titles, texts))

    def probabilities_of(self, rows: sp.csr_matrix) -> NDArray[np.float32]:
        """The same from TF-IDF rows."""
        return probabilities(self.scores_of(rows), self.sharpness)

    def scores_of(self, rows: sp.csr_matrix) -> NDArray[np.float32]:
        """Uncalibrated scores, shape (texts, classes)."""
        scores: NDArray[np.float32] = rows @ self.weights
        scores += self.constant
        if self.prior_weight:
            scores += np.float32(self.prior_weight) * self.priors.similarity(rows)
        return scores

    def explain(
        self, text: str, class_index: int, n: int = 8, *, title: str = ""
    ) -> list[tuple[str, float]]:
        """The words of one text that speak for a class; see `explain.reasons`."""
        from cityloop.engines.triage.explain import reasons

        return reasons(self, title, text, class_index, n)

    def save(self, path: Path | str) -> None:
        """Writes the model as one .npz without code; see `storage.save`."""
        from cityloop.engines.triage.storage import save

        save(self, Path(path))

    @classmethod
    def load(cls, path: Path | str) -> TriageModel:
        """Reads what `save` wrote; see `storage.load`."""
        from cityloop.engines.triage.storage import load

        return load(Path(path))


def _best(each: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Indices of the `count` largest per row, largest first, equal ones by index."""
    left, row = each.copy(), np.arange(len(each))
    best = np.empty((len(each), count), dtype=np.intp)
    for place in range(count):
        best[:, place] = left.argmax(axis=1)
        left[row, best[:, place]] = -1
    return best
