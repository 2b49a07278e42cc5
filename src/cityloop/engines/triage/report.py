"""How good a classifier is, in figures an operator can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage.calibrate import NEVER, accepted_across, calibration_error


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of texts accepted without a person, and how many of those were right (None: none)."""

    share: float
    realised: float | None


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: texts of it, and how its answers fared (0 where nothing was answered)."""

    label: str
    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Report:
    """Figures on texts the model had not seen; JSON by `as_dict`.

    pairs: texts where a second class was named beside the first, and how often the true class
    was one of those named (over all texts);
    coverage: per wanted accuracy ("0.95"), by thresholds chosen on other texts;
    confusions: (true label, given label, texts), most frequent first.
    """

    texts: int
    classes: int
    accuracy: float
    macro_f1: float
    top2: float
    calibration_error: float
    coverage: dict[str, Coverage]
    pairs: Coverage
    confusions: list[tuple[str, str, int]]
    per_class: list[ClassFigures]
    remarks: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report_on(
    probability: NDArray[np.float32],
    truth: NDArray[np.intp],
    labels: Sequence[str],
    *,
    coverage: dict[str, Coverage],
    pair: float | NDArray[np.float64] = NEVER,
    remarks: dict[str, Any] | None = None,
) -> Report:
    """The report for probabilities (n, classes) against true class indices (n,), n > 0.

    pair: lowest probability at which a second class is named, for all or of each text (n,).
    """
    given = probability.argmax(axis=1)
    confusion = np.zeros((len(labels), len(labels)), dtype=np.int64)
    np.add.at(confusion, (truth, given), 1)
    per_class = _per_class(confusion, labels)
    seen = [figures.f1 for figures in per_class if figures.texts]
    rank = (probability > probability[np.arange(len(truth)), truth][:, None]).sum(axis=1)
    second = np.sort(probability, axis=1)[:, -2]
    named = (rank == 0) | ((rank == 1) & (second >= pair))
    return Report(
        texts=len(truth),
        classes=len(labels),
        accuracy=float((given == truth).mean()),
        macro_f1=float(np.mean(seen)),
        top2=float((rank < 2).mean()),
        calibration_error=calibration_error(probability.max(axis=1), given == truth),
        coverage=coverage,
        pairs=Coverage(float((second >= pair).mean()), float(named.mean())),
        confusions=_confusions(confusion, labels),
        per_class=per_class,
        remarks=remarks or {},
    )


def crossed_coverage(
    probability: NDArray[np.float32],
    truth: NDArray[np.intp],
    fold: NDArray[np.intp],
    wanted: Sequence[float],
) -> dict[str, Coverage]:
    """Coverage per wanted accuracy, each fold by a threshold chosen on the others."""
    confidence = probability.max(axis=1)
    right = probability.argmax(axis=1) == truth
    return {
        f"{accuracy:.2f}": coverage_of(accepted_across(confidence, right, fold, accuracy), right)
        for accuracy in wanted
    }


def coverage_of(accepted: NDArray[np.bool_], right: NDArray[np.bool_]) -> Coverage:
    """Share accepted and share right among them."""
    realised = float(right[accepted].mean()) if accepted.any() else None
    return Coverage(float(accepted.mean()), realised)


def _per_class(confusion: NDArray[np.int64], labels: Sequence[str]) -> list[ClassFigures]:
    figures = []
    for index, label in enumerate(labels):
        hit = int(confusion[index, index])
        texts, given = int(confusion[index].sum()), int(confusion[:, index].sum())
        figures.append(
            ClassFigures(
                label,
                texts,
                precision=hit / given if given else 0.0,
                recall=hit / texts if texts else 0.0,
                f1=2 * hit / (texts + given) if texts + given else 0.0,
            )
        )
    return figures


def _confusions(confusion: NDArray[np.int64], labels: Sequence[str]) -> list[tuple[str, str, int]]:
    wrong = confusion.copy()
    np.fill_diagonal(wrong, 0)
    worst = np.argsort(-wrong, axis=None, kind="stable")[:12]
    pairs = [divmod(int(place), len(labels)) for place in worst]
    return [(labels[a], labels[b], int(wrong[a, b])) for a, b in pairs if wrong[a, b]]
