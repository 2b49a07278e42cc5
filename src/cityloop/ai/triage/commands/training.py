"""Training a model and writing it down with its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max

from cityloop.ai.triage import examples as sources
from cityloop.ai.triage.commands.activation import MAY_APPROVE, activate_model
from cityloop.ai.triage.domain import Comparison, compare
from cityloop.ai.triage.examples import Examples
from cityloop.ai.triage.files import find_trained, model_path, put_model, put_report
from cityloop.ai.triage.models import Correction, ModelVersion
from cityloop.ai.triage.sets import put_set
from cityloop.ai.triage.words import duty_words
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.profile import Profile, load_profile
from cityloop.engines import triage as engine

RECIPE = 4
"""Counted up when the engine learns something else from the same texts."""
ACCURACY = 0.95

Phrases = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model, whether it went into service, and why (not)."""

    version: ModelVersion
    comparison: Comparison
    refused: list[tuple[int, str, str]]


def train(
    given: Examples,
    *,
    phrases: Phrases,
    name: str,
    kind: str = "class",
    accuracy: float | None = None,
    unlabelled: Sequence[tuple[str, str]] = (),
    catalogue_version: int | None = None,
    force: bool = False,
    actor: Viewer,
    now: datetime,
) -> Trained:
    """Train on labelled texts, write the version, activate it if it is no worse.

    Args:
        phrases: what is known of each label without texts (names, conditions).
        accuracy: what answers accepted without a person should reach; None = as the profile says.
        unlabelled: (title, text) of further reports: they teach which words are common.
        force: activate it whatever the comparison with the active model says.
    Without a single label the model starts from the phrases alone; its accuracy is then None, and
    any trained model replaces it. Of departments the profile's list of duties is a second prior.
    The same input gives the same version: it is neither trained nor written twice.
    Raises: NotAllowed; DomainError as `engines.triage.train` does.
    """
    need_role(actor, *MAY_APPROVE)
    profile = load_profile()
    accuracy = accuracy or wanted_accuracy(profile)
    said = with_given(phrases, given.phrases)
    duties = duty_words(profile, {*given.labels, *said}) if kind == "department" else {}
    fingerprint = _fingerprint(given, said, duties, accuracy, unlabelled)
    model, report = _trained(fingerprint, given, said, duties, accuracy, unlabelled)
    with write():
        active = ModelVersion.objects.filter(kind=kind, active=True).first()
        version = ModelVersion.objects.filter(kind=kind, fingerprint=fingerprint).first()
        if version is None:
            put_model(fingerprint, model)
            put_set(fingerprint, given)
            version = _new_version(
                kind=kind,
                name=name,
                created_at=now,
                trained_on=len(given.labels),
                catalogue_version=catalogue_version,
                fingerprint=fingerprint,
                report=report,
                threshold=model.threshold,
                accuracy=accuracy,
            )
            Correction.objects.filter(pk__in=given.corrections).update(used_in=version)
            data = {"model": version.label, "texts": len(given.labels), "fingerprint": fingerprint}
            record(Draft("model.trained", "model", version.pk, data), actor=actor, now=now)
        verdict = compare(report, active.report if active else None)
        if not version.active and (verdict.may_replace or force):
            version = activate_model(version.pk, actor=actor, now=now)
    return Trained(version, verdict, given.refused)


def train_from_profile(*, actor: Viewer, now: datetime, force: bool = False) -> Trained:
    """The class model of the profile's own examples and the corrections so far."""
    profile = load_profile()
    phrases = sources.profile_phrases(profile)
    given = sources.profile_examples(profile)
    given.extend(sources.corrections_so_far(known=set(phrases)))
    return train(
        given,
        phrases=phrases,
        name=f"profile {profile.folder.name}",
        force=force,
        actor=actor,
        now=now,
    )


def train_from_file(
    path: Path | str,
    *,
    text_column: str,
    label_column: str,
    title_column: str = "",
    kind: str = "class",
    phrases: Phrases | None = None,
    accuracy: float | None = None,
    catalogue_version: int | None = None,
    force: bool = False,
    actor: Viewer,
    now: datetime,
) -> Trained:
    """A model of a labelled file.

    kind "class": labels are class keys; phrases (default: the profile's) say which there are, and
    rows with another label are refused by row. kind "department": labels are anything that names
    a department; phrases only help.
    """
    said = phrases if phrases is not None else _default_phrases(kind)
    given = sources.file_examples(
        path,
        text_column=text_column,
        label_column=label_column,
        title_column=title_column,
        known=set(said) if kind == "class" else None,
    )
    return train(
        given,
        phrases=said,
        name=Path(path).name[:120],
        kind=kind,
        accuracy=accuracy,
        catalogue_version=catalogue_version,
        force=force,
        actor=actor,
        now=now,
    )


def wanted_accuracy(profile: Profile) -> float:
    """What the profile asks of answers accepted without a person: [triage] accuracy."""
    return float(profile.settings.get("triage", {}).get("accuracy", ACCURACY))


def _default_phrases(kind: str) -> dict[str, list[str]]:
    return sources.profile_phrases(load_profile()) if kind == "class" else {}


def with_given(phrases: Phrases, more: Phrases) -> dict[str, list[str]]:
    """What the city says of each label and what its operator gave besides, each once."""
    labels = {**phrases, **more}
    return {
        label: list(dict.fromkeys([*phrases.get(label, ()), *more.get(label, ())]))
        for label in labels
    }


def _trained(
    fingerprint: str,
    given: Examples,
    phrases: Phrases,
    duties: Phrases,
    accuracy: float,
    unlabelled: Sequence[tuple[str, str]],
) -> tuple[engine.TriageModel, dict[str, Any]]:
    found = find_trained(fingerprint)
    if found is not None:
        return found
    more: dict[str, Any] = {"duties": duties, "unlabelled": unlabelled, "accuracy": accuracy}
    if given.labels:
        model, figures = engine.train(
            given.titles, given.texts, given.labels, priors=phrases, **more
        )
        report = figures.as_dict()
    else:
        model = engine.cold_start(phrases, **more)
        report = {"texts": 0, "classes": len(model.labels), "accuracy": None}
    model.save(model_path(fingerprint))
    put_report(fingerprint, report)
    return model, report


def _new_version(*, kind: str, **columns: Any) -> ModelVersion:
    last = ModelVersion.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    return ModelVersion.objects.create(kind=kind, number=last + 1, **columns)


def _fingerprint(
    given: Examples,
    phrases: Phrases,
    duties: Phrases,
    accuracy: float,
    unlabelled: Sequence[tuple[str, str]],
) -> str:
    said = [RECIPE, accuracy, given.titles, given.texts, given.labels]
    known = [[label, list(each[label])] for each in (phrases, duties) for label in sorted(each)]
    text = json.dumps([said, known, *unlabelled], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
