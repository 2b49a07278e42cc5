"""The day before the first label: a classifier from the words of the catalogue alone."""

from __future__ import annotations

import numpy as np

from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.intake import check_labelled, classes_of
from cityloop.engines.triage.model import TriageModel
from cityloop.engines.triage.priors import PriorIndex
from cityloop.engines.triage.train import Pairs, Priors, fingerprint_of, new_vectoriser, sources_of

STRENGTH, THRESHOLD = 0.3, 0.9
SPREAD, SHARPNESS = 0.138, 5.5
SHARPNESS_WITH_TEXTS = 3.5
"""No label, no calibration: a fifth duller than what was measured (docs/algorithms/triage.md)."""
FEWEST_FOR_SPREAD = 200


def cold_start(
    priors: Priors,
    *,
    duties: Priors | None = None,
    unlabelled: Pairs | None = None,
    accuracy: float = 0.95,
) -> TriageModel:
    """A model from the phrases (name, conditions, examples) of each class, without any label.

    A text is compared with the nearest phrase of each class and with all of them together, in
    each source (`priors`, and `duties`: what such departments do everywhere). The probabilities
    are not calibrated on anything, so they are kept dull and the threshold high; `unlabelled`
    reports (title, text), if any, teach which words are common.
    Raises: DomainError("triage.classes") unless two classes have phrases, ("triage.prior").
    """
    check_labelled((), (), (), accuracy)
    sources = sources_of(priors, duties)
    classes = classes_of((), *sources)
    pairs = unlabelled or ()
    vectoriser = new_vectoriser((), (), sources, classes, pairs)
    indices = tuple(PriorIndex.build(vectoriser, said, classes) for said in sources)
    taught = len(pairs) >= FEWEST_FOR_SPREAD
    strengths = _strengths(vectoriser, indices, pairs if taught else ())
    weights = sum(
        index.profiles() * np.float32(strength)
        for index, strength in zip(indices, strengths, strict=True)
    )
    return TriageModel(
        labels=classes,
        vectoriser=vectoriser,
        weights=np.asarray(weights, dtype=np.float32),
        constant=np.zeros(len(classes), dtype=np.float32),
        priors=indices,
        prior_weights=strengths,
        sharpness=SHARPNESS_WITH_TEXTS if taught else SHARPNESS,
        threshold=THRESHOLD,
        accuracy=accuracy,
        fingerprint=fingerprint_of((), (), (), sources, unlabelled),
        trained_on=0,
    )


def _strengths(
    vectoriser: Vectoriser, indices: tuple[PriorIndex, ...], pairs: Pairs
) -> tuple[float, ...]:
    """Each source counts the same; together they spread about as far as one alone would."""
    if not pairs:
        return (STRENGTH / SPREAD / len(indices) ** 0.5,) * len(indices)
    rows = vectoriser.both([title for title, _ in pairs], [text for _, text in pairs])
    found = []
    for index in indices:
        whole = rows.even @ index.profiles()
        whole -= whole.mean(axis=1, keepdims=True)
        spread = float((index.similarity(rows.whole) + whole).std()) or 1.0
        found.append(STRENGTH / spread / len(indices) ** 0.5)
    return tuple(found)
