"""How the active model does on a labelled file, on texts that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cityloop.ai.triage.examples import Examples, columns_of, corrections_so_far, file_examples
from cityloop.ai.triage.queries import CLASS, DEPARTMENT, ActiveModel, active_model
from cityloop.ai.triage.sets import set_of
from cityloop.ai.triage.words import duty_words
from cityloop.city.profile import load_profile
from cityloop.engines.triage import Report, cross_validate, evaluate
from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.folds import seen_before
from cityloop.kernel.errors import DomainError, NotFound

MOST_WORDS = 400_000
UNSEEN, CROSSED = "texts not seen in training", "cross-validation within the file"


def evaluate_file(
    path: Path | str,
    *,
    kind: str = "",
    text_column: str = "",
    label_column: str = "",
    title_column: str = "",
    means: Mapping[str, str] | None = None,
    folds: int = 0,
) -> dict[str, Any]:
    """The engine's report, with the model's label and the rows left out.

    Rows that say the same as a text the model was trained on (cosine >= 0.8) are counted and
    left out: they would show what it remembers. Where they are more than half, the file is the
    training file: then the figures come from cross-validation within it, as with `folds`.

    Args:
        kind: "class" or "department"; "" = the active model that knows most labels of the file.
        text_column, label_column, title_column: "" = the usual names.
        folds: cross-validate with so many folds whatever was seen.
    Raises: NotFound("triage.no_model") when none is active; DomainError as `file_examples`.
    """
    columns = columns_of(path, text=text_column, label=label_column, title=title_column)
    text, label, title = columns
    every = file_examples(
        path, text_column=text, label_column=label, title_column=title, means=means
    )
    active = _model_for(every, kind)
    given, unknown = _of_known_labels(every, active)
    known = _taught(active)
    seen = _seen(given, known)
    if folds or seen.mean() > 0.5:
        how, report = CROSSED, _crossed(given, known, folds or 5)
    else:
        how = UNSEEN
        keep = np.flatnonzero(~seen).tolist()
        rest = [[each[i] for i in keep] for each in (given.titles, given.texts, given.labels)]
        report = evaluate(active.model, *rest)
    return {
        "model": active.label,
        "how": how,
        "rows_left_out": len(given.refused) + unknown,
        "seen_in_training": int(seen.sum()),
        "latency": _latency(report),
        **report.as_dict(),
    }


def _model_for(given: Examples, kind: str) -> ActiveModel:
    """The active model of a kind, or the one that knows most of the labels."""
    kinds = [kind] if kind else [CLASS, DEPARTMENT]
    models = [found for each in kinds if (found := active_model(each)) is not None]
    if not models:
        raise NotFound(
            "triage.no_model",
            f"No {kind or 'triage'} model is active. Train one: `cityloop train triage`.",
            "没有启用的模型，请先运行 cityloop train triage。",
        )
    return max(models, key=lambda each: sum(one in each.model.labels for one in given.labels))


def _of_known_labels(given: Examples, active: ActiveModel) -> tuple[Examples, int]:
    """The rows whose label the model knows, and how many others there are."""
    kept = Examples(refused=given.refused)
    known = set(active.model.labels)
    for title, text, label in zip(given.titles, given.texts, given.labels, strict=True):
        if label in known:
            kept.add(title, text, label)
    if not kept.labels:
        some = active.model.labels[:12]
        raise DomainError(
            "triage.no_text",
            f"No row has a label that {active.label} knows; it knows: {', '.join(some)}.",
            f"没有一行的标签为模型 {active.label} 所知；其标签为：{'、'.join(some)}。",
            where="labels",
        )
    return kept, len(given.labels) - len(kept.labels)


def _taught(active: ActiveModel) -> Examples:
    """All that the model may have learned from, with what was said of its labels."""
    known = set_of(active.fingerprint) or Examples()
    kind = active.label.rpartition("-")[0]
    known.extend(corrections_so_far(kind=kind))
    return known


def _seen(given: Examples, known: Examples) -> np.ndarray[Any, Any]:
    """Which rows say the same as a known one, by all of their words, not the model's alone."""
    titles, texts = [*known.titles, *given.titles], [*known.texts, *given.texts]
    words = Vectoriser.fit(titles, texts, min_texts=1, max_size=MOST_WORDS)
    taught = words.rows(known.titles, known.texts)
    return seen_before(words.rows(given.titles, given.texts), taught) >= 0


def _crossed(given: Examples, known: Examples, folds: int) -> Report:
    labels = {*given.labels}
    said = {label: known.phrases.get(label, []) for label in labels}
    return cross_validate(
        given.titles,
        given.texts,
        given.labels,
        priors=said,
        duties=duty_words(load_profile(), labels),
        folds=folds,
    )


def _latency(report: Report) -> dict[str, float]:
    """Milliseconds a text, as measured on this machine while evaluating."""
    names = ("single_ms", "batch_ms")
    return {name: report.remarks[name] for name in names if name in report.remarks}
