"""The trained classifier: texts in, calibrated classes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage.calibrate import NEVER, probabilities, with_odds
from cityloop.engines.triage.features import Rows, Vectoriser, chunks_of
from cityloop.engines.triage.priors import PriorIndex, WordShares

TOP = 3
FEWEST_NGRAMS = 3
"""A text with fewer known n-grams says too little: a person decides, whatever the scores."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Answers for n texts, the likeliest class first.

    top: class indices, shape (n, 3), -1 where there are fewer classes; probability: calibrated,
    shape (n, 3); accepted: confident enough to go on without a person, shape (n,); paired: the
    second class is likely enough to be named beside the first (lead and co-handler), shape (n,).
    """

    top: NDArray[np.int32]
    probability: NDArray[np.float32]
    accepted: NDArray[np.bool_]
    paired: NDArray[np.bool_]


@dataclass(frozen=True)
class TriageModel:
    """Linear scores + similarity to the catalogue's words, as calibrated probabilities.

    Args:
        labels: class names; a class index counts from 0 in this order.
        weights: shape (n-grams, classes); constant: shape (classes,).
        priors: what was said of the classes, by source (catalogue, duty list).
        prior_weights: per source, the factor of the similarity to each class's phrases.
        tally_weight: the factor of the words of each class, all sources together (WordShares).
        sharpness: inverse temperature of the softmax; doubt: share spread over all classes;
        odds_factor, odds_power: what the odds of the likeliest class are corrected by after that.
        threshold: lowest probability accepted without a person; above 1 = none.
        accuracy: what the threshold was chosen for.
        thresholds: the same for other wanted accuracies ("0.95", "0.97").
        pair: lowest probability at which the second class is named beside the first.
        fingerprint: sha256 of everything the model was trained on.
        trained_on: number of labelled texts; 0 for a cold start.
    """

    labels: tuple[str, ...]
    vectoriser: Vectoriser = field(repr=False)
    weights: NDArray[np.float32] = field(repr=False)
    constant: NDArray[np.float32] = field(repr=False)
    priors: tuple[PriorIndex, ...] = field(repr=False)
    prior_weights: tuple[float, ...]
    sharpness: float
    threshold: float
    accuracy: float
    fingerprint: str
    trained_on: int
    thresholds: Mapping[str, float] = field(default_factory=dict)
    pair: float = NEVER
    tally_weight: float = 0.0
    doubt: float = 0.0
    odds_factor: float = 1.0
    odds_power: float = 1.0

    @cached_property
    def tally(self) -> WordShares:
        """Whose words the n-grams are, by all that was said of the classes."""
        return WordShares(self.vectoriser.keys, self.priors)

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
            rows = self.vectoriser.both_of(segments)
            part = slice(start, start + segments.texts)
            each = self.probabilities_of(rows)
            best = _best(each, shown)
            top[part, :shown] = best
            probability[part, :shown] = np.take_along_axis(each, best, axis=1)
            accepted[part] = probability[part, 0] >= self.threshold
            accepted[part] &= np.diff(rows.whole.indptr) >= FEWEST_NGRAMS
            start += segments.texts
        return Predictions(top, probability, accepted, probability[:, 1] >= self.pair)

    def probabilities(self, titles: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        """Calibrated probabilities of every class, shape (texts, classes)."""
        return self.probabilities_of(self.vectoriser.both(titles, texts))

    def probabilities_of(self, rows: Rows) -> NDArray[np.float32]:
        """The same from TF-IDF rows."""
        chance = probabilities(self.scores_of(rows), self.sharpness, self.doubt)
        return with_odds(chance, self.odds_factor, self.odds_power)

    def scores_of(self, rows: Rows) -> NDArray[np.float32]:
        """Uncalibrated scores, shape (texts, classes)."""
        scores: NDArray[np.float32] = rows.even @ self.weights
        scores += self.constant
        for index, weight in zip(self.priors, self.prior_weights, strict=True):
            if weight:
                scores += np.float32(weight) * index.similarity(rows.whole)
        if self.tally_weight:
            scores += np.float32(self.tally_weight) * self.tally.amounts(rows)
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
