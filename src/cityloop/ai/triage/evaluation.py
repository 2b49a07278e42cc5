"""How a model does on a labelled file, on texts that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.ai.triage.examples import Examples, columns_of, corrections_so_far, file_examples
from cityloop.ai.triage.files import load_model
from cityloop.ai.triage.models import ModelVersion
from cityloop.ai.triage.queries import CLASS, DEPARTMENT, ActiveModel, active_model
from cityloop.ai.triage.sets import set_of
from cityloop.ai.triage.words import duty_words, tree_beside, tree_phrases
from cityloop.city.profile import load_profile
from cityloop.engines.triage import Report, cross_validate, evaluate
from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.folds import duplicate_groups, seen_before
from cityloop.kernel.errors import DomainError, NotFound

MOST_WORDS = 400_000
UNSEEN, CROSSED = "texts not seen in training", "cross-validation within the file"
LEAST_UNSEEN = 100
"""So many unseen texts are judged by themselves even where most of the file was trained on."""
UNKNOWN = "a label the model does not know"
SHOWN = 20


def evaluate_file(
    path: Path | str,
    *,
    kind: str = "",
    model: str = "",
    text_column: str = "",
    label_column: str = "",
    title_column: str = "",
    means: Mapping[str, str] | None = None,
    folds: int = 0,
) -> dict[str, Any]:
    """The engine's report, with the model's label and what was left out, by reason.

    Rows that say the same as a text the model was trained on (cosine >= 0.8) are counted and
    left out: they would show what it remembers. Where they are more than half and fewer than 100
    others are left, the file is the training file: then the figures come from cross-validation
    within it, as with `folds`. `accuracy` is of rows with a label the model knows;
    `accuracy_of_all` counts the others as wrong.

    Args:
        kind: "class" or "department"; "" = the model that knows most labels of the file: an
            active one, or, where the active ones know fewer than half, any that was trained.
        model: this version, e.g. "department-2", active or not.
        text_column, label_column, title_column: "" = the usual names.
        folds: cross-validate with so many folds whatever was seen; needs no model.
    Raises: NotFound("triage.no_model") when there is none; DomainError as `file_examples`.
    """
    columns = columns_of(path, text=text_column, label=label_column, title=title_column)
    text, label, title = columns
    every = file_examples(
        path, text_column=text, label_column=label, title_column=title, means=means
    )
    if not every.labels:
        raise _nothing_usable(every)
    used = _model_for(every, kind, model, needed=not folds)
    labels = set(used.model.labels) if used and not folds else set(every.labels)
    unknown = Counter(one for one in every.labels if one not in labels)
    keep = np.array([i for i, one in enumerate(every.labels) if one in labels], np.intp)
    if used and not len(keep):
        raise _no_known_label(used)
    known = _taught(used) if used else Examples()
    seen, group = _seen(every, known)
    unseen = keep[~seen[keep]]
    if folds or used is None or (2 * len(unseen) < len(keep) and len(unseen) < LEAST_UNSEEN):
        how, report = CROSSED, _crossed(_of(every, keep), known, path, folds or 5)
    else:
        keep = unseen
        rest = _of(every, keep)
        how, report = UNSEEN, evaluate(used.model, rest.titles, rest.texts, rest.labels)
    reasons = Counter(reason for _, _, reason in every.refused)
    if unknown:
        reasons[UNKNOWN] = unknown.total()
    return {
        "model": used.label if used else "none: trained fold by fold",
        "how": how,
        "columns": {"text": text, "title": title, "label": label},
        "rows_left_out": reasons.total(),
        "left_out": dict(reasons.most_common()),
        "unknown_labels": dict(unknown.most_common(SHOWN)),
        "seen_in_training": int(seen.sum()),
        "repeats": _repeats(group[keep], _of(every, keep).labels),
        "accuracy_of_all": report.accuracy * report.texts / (report.texts + unknown.total()),
        "latency": _latency(report),
        **report.as_dict(),
    }


def _model_for(given: Examples, kind: str, model: str, *, needed: bool) -> ActiveModel | None:
    """The version named; else the active model, or the trained one, that knows most labels."""
    if model:
        version = next((v for v in ModelVersion.objects.all() if v.label == model), None)
        if version is None:
            raise _no_model(model)
        return _trained(version)
    kinds = [kind] if kind else [CLASS, DEPARTMENT]
    active = [found for each in kinds if (found := active_model(each)) is not None]
    best = max(active, key=lambda each: _known(given, each.model.labels), default=None)
    enough = best is not None and 2 * _known(given, best.model.labels) >= len(given.labels)
    if not enough:
        trained = ModelVersion.objects.filter(kind__in=kinds).order_by("-pk")
        other = max(trained, key=lambda each: _known(given, _labels(each)), default=None)
        least = _known(given, best.model.labels) if best else 0
        if other is not None and _known(given, _labels(other)) > least:
            best = _trained(other)
    if best is None and needed:
        raise _no_model(kind or "triage")
    return best


def _trained(version: ModelVersion) -> ActiveModel:
    return ActiveModel(version.label, version.fingerprint, load_model(version.fingerprint))


def _labels(version: ModelVersion) -> list[str]:
    return [figures["label"] for figures in version.report.get("per_class", ())]


def _known(given: Examples, labels: Any) -> int:
    there = set(labels)
    return sum(one in there for one in given.labels)


def _taught(used: ActiveModel) -> Examples:
    """All that the model may have learned from, with what was said of its labels."""
    known = set_of(used.fingerprint) or Examples()
    kind = used.label.rpartition("-")[0]
    known.extend(corrections_so_far(kind=kind))
    return known


def _seen(given: Examples, known: Examples) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which rows say the same as a known one, and which say the same among themselves (a group
    number each); by all of their words, not the model's alone."""
    titles, texts = [*known.titles, *given.titles], [*known.texts, *given.texts]
    words = Vectoriser.fit(titles, texts, min_texts=1, max_size=MOST_WORDS)
    rows = words.rows(given.titles, given.texts)
    taught = words.rows(known.titles, known.texts)
    return seen_before(rows, taught) >= 0, duplicate_groups(rows)


def _repeats(group: NDArray[np.intp], labels: list[str]) -> dict[str, int]:
    """Rows that say the same as another row judged, and how many of them have another label."""
    said: dict[int, list[str]] = {}
    for one, label in zip(group.tolist(), labels, strict=True):
        said.setdefault(one, []).append(label)
    again = [found for found in said.values() if len(found) > 1]
    other = sum(len(found) for found in again if len(set(found)) > 1)
    return {"rows": sum(len(found) - 1 for found in again), "rows_labelled_otherwise": other}


def _crossed(given: Examples, known: Examples, path: Path | str, folds: int) -> Report:
    labels = {*given.labels}
    phrases: Mapping[str, list[str]] = known.phrases
    if not known.labels and (tree := tree_beside(path)):
        phrases = tree_phrases(tree, labels)
    report = cross_validate(
        given.titles,
        given.texts,
        given.labels,
        priors={label: phrases.get(label, []) for label in labels},
        duties=duty_words(load_profile(), labels),
        folds=folds,
    )
    return replace(report, remarks={**report.remarks, "phrases": sum(map(len, phrases.values()))})


def _of(given: Examples, places: NDArray[np.intp]) -> Examples:
    """Some of the rows."""
    kept = places.tolist()
    return Examples(
        *([column[i] for i in kept] for column in (given.titles, given.texts, given.labels))
    )


def _latency(report: Report) -> dict[str, float]:
    """Milliseconds a text, as measured on this machine while evaluating."""
    names = ("single_ms", "batch_ms")
    return {name: report.remarks[name] for name in names if name in report.remarks}


def _no_model(name: str) -> NotFound:
    return NotFound(
        "triage.no_model",
        f"There is no {name} model. Train one: `cityloop train triage`; or --folds 5 trains on "
        "the file itself, fold by fold.",
        f"没有模型（{name}），请先运行 cityloop train triage；或用 --folds 5 在文件内逐折训练。",
    )


def _nothing_usable(given: Examples) -> DomainError:
    reasons = Counter(reason for _, _, reason in given.refused).most_common(3)
    said = "; ".join(f"{count} × {reason}" for reason, count in reasons) or "it has no rows"
    return DomainError(
        "triage.no_text",
        f"No row of the file can be used ({said}). Give rows with a text and a label.",
        f"文件中没有可用的行（{said}）。每行须有文字和标签。",
        where="rows",
    )


def _no_known_label(used: ActiveModel) -> DomainError:
    some = used.model.labels[:12]
    return DomainError(
        "triage.unknown_labels",
        f"No row has a label that {used.label} knows; it knows: {', '.join(some)}. Train a model "
        "of these labels, give --map LABEL=KEY, or --folds 5 to train on the file fold by fold.",
        f"没有一行的标签为模型 {used.label} 所知；其标签为：{'、'.join(some)}。"
        "请用这些标签训练模型，或用 --map 标签=代码 对应，或用 --folds 5 在文件内逐折训练。",
        where="labels",
    )
