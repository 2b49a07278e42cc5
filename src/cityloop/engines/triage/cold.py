"""The day before the first label: a classifier from the words of the catalogue alone."""

from __future__ import annotations

import numpy as np

from cityloop.engines.triage.intake import check_labelled, classes_of
from cityloop.engines.triage.model import TriageModel
from cityloop.engines.triage.priors import PriorIndex
from cityloop.engines.triage.train import Pairs, Priors, fingerprint_of, new_vectoriser

STRENGTH, THRESHOLD = 0.3, 0.9
SPREAD, SHARPNESS = 0.138, 5.5
SHARPNESS_WITH_TEXTS = 3.5
"""No label, no calibration: a fifth duller than what was measured (docs/algorithms/triage.md)."""
FEWEST_FOR_SPREAD = 200


def cold_start(
    priors: Priors, *, unlabelled: Pairs | None = None, accuracy: float = 0.95
) -> TriageModel:
    """A model from the phrases (name, conditions, examples) of each class, without any label.

    A text is compared with the nearest phrase of each class and with all of them together. The
    probabilities are not calibrated on anything, so they are kept dull and the threshold high;
    `unlabelled` reports (title, text), if any, teach which words are common.
    Raises: DomainError("triage.classes") unless two classes have phrases, ("triage.prior").
    """
    check_labelled((), (), (), accuracy)
    classes = classes_of((), priors)
    pairs = unlabelled or ()
    vectoriser = new_vectoriser((), (), priors, classes, pairs)
    index = PriorIndex.build(vectoriser, priors, classes)
    profiles = index.profiles()
    spread, sharpness = SPREAD, SHARPNESS
    if len(pairs) >= FEWEST_FOR_SPREAD:
        rows = vectoriser.rows([title for title, _ in pairs], [text for _, text in pairs])
        whole = rows @ profiles
        whole -= whole.mean(axis=1, keepdims=True)
        spread = float((index.similarity(rows) + whole).std()) or 1.0
        sharpness = SHARPNESS_WITH_TEXTS
    return TriageModel(
        labels=classes,
        vectoriser=vectoriser,
        weights=profiles * np.float32(STRENGTH / spread),
        constant=np.zeros(len(classes), dtype=np.float32),
        priors=index,
        prior_weight=STRENGTH / spread,
        sharpness=sharpness,
        threshold=THRESHOLD,
        accuracy=accuracy,
        fingerprint=fingerprint_of((), (), (), priors, unlabelled),
        trained_on=0,
    )
