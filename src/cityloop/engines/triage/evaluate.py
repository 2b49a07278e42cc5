"""How a finished model does on texts it was not trained on."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage.calibrate import threshold_for
from cityloop.engines.triage.intake import check_labelled
from cityloop.engines.triage.model import TriageModel
from cityloop.engines.triage.report import Coverage, Report, coverage_of, report_on
from cityloop.kernel.errors import DomainError


def evaluate(
    model: TriageModel, titles: Sequence[str], texts: Sequence[str], labels: Sequence[str]
) -> Report:
    """The report on other texts, with the model's own threshold, and what a text costs.

    coverage["0.95"], ["0.97"]: by the thresholds the model learned for them; coverage["model"]:
    by the model's threshold, as in service; coverage["best 0.95"]: by the
    best threshold for these very texts, an upper bound. remarks: batch_ms and single_ms per
    text (wall time; single = median over 100 texts at most).
    Raises: DomainError("triage.label") for a label the model does not know, ("triage.no_text")
        without texts.
    """
    check_labelled(titles, texts, labels, model.accuracy)
    if not len(texts):
        raise DomainError(
            "triage.no_text", "There is no text to evaluate on.", "没有可供评估的文本。"
        )
    place = {label: index for index, label in enumerate(model.labels)}
    for row, label in enumerate(labels):
        if label not in place:
            raise DomainError(
                "triage.label",
                f"Row {row} has the label {label!r}, which the model does not know: "
                "leave such rows out, or train with them.",
                f"第 {row} 行的标签 {label!r} 不在模型中：请删去该行，或用其重新训练。",
                where=str(row),
            )
    truth = np.array([place[label] for label in labels], dtype=np.intp)
    started = time.perf_counter()
    answers = model.predict(titles, texts)
    batch_ms = (time.perf_counter() - started) / len(texts) * 1e3
    chance = model.probabilities(titles, texts)
    right = answers.top[:, 0] == truth
    best = chance.max(axis=1) >= threshold_for(chance.max(axis=1), right, 0.95)
    coverage: dict[str, Coverage] = {
        **at_thresholds(model, chance.max(axis=1), right),
        "model": coverage_of(answers.accepted, right),
        "best 0.95": coverage_of(best, right),
    }
    remarks = {
        "batch_ms": batch_ms,
        "single_ms": single_ms(model, titles[:100], texts[:100]),
        "threshold": model.threshold,
        "fingerprint": model.fingerprint,
    }
    return report_on(
        chance, truth, model.labels, coverage=coverage, pair=model.pair, remarks=remarks
    )


def single_ms(model: TriageModel, titles: Sequence[str], texts: Sequence[str]) -> float:
    """Median milliseconds of one text at a time (wall time)."""
    taken = []
    for title, text in zip(titles, texts, strict=True):
        started = time.perf_counter()
        model.predict([title], [text])
        taken.append(time.perf_counter() - started)
    return float(np.median(taken)) * 1e3


def at_thresholds(
    model: TriageModel, confidence: NDArray[np.floating], right: NDArray[np.bool_]
) -> dict[str, Coverage]:
    """Coverage by each threshold the model learned on its own left-out texts."""
    return {
        wanted: coverage_of(confidence >= limit, right)
        for wanted, limit in sorted(model.thresholds.items())
    }
