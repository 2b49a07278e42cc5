"""What the active model says of texts, and why."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from cityloop.ai.registry.domain import Mode, in_share
from cityloop.ai.registry.queries import in_force
from cityloop.ai.triage.examples import key_of
from cityloop.ai.triage.files import load_model
from cityloop.ai.triage.models import ModelVersion
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.profile import load_profile
from cityloop.engines.triage import TriageModel
from cityloop.engines.triage.matters import matters_of
from cityloop.engines.triage.urgency import DangerWords, Urgency, at_least
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

log = logging.getLogger(__name__)
FRESH_S = 1.0
CLASS, DEPARTMENT = "class", "department"
URGENT_WORDS = "urgency.csv"
ALSO_LEAST = 0.15
"""A second label less likely than this is a guess: naming it beside the first helps nobody."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The model's answer for one text.

    class_key: the likeliest label, None without a model; confidence: its calibrated probability;
    accepted: sure enough to go on without a person; top: up to three (label, probability).
    also: a second label likely enough to be named beside the first (lead and co-handler), or "".
    shadow: what a model that is only watched would have said; nobody acts on it.
    """

    class_key: str | None
    confidence: float
    accepted: bool
    top: tuple[tuple[str, float], ...]
    model_version: str
    also: str = ""
    shadow: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One matter of a message: text[start:end], its label and probability."""

    start: int
    end: int
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The model in use and the name decisions know it by."""

    label: str
    fingerprint: str
    model: TriageModel
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model on its way into service (registry): watched, or answering for a share."""

    mode: Mode
    share: float
    active: ActiveModel


NOTHING = Suggestion(None, 0.0, False, (), "")
_active: tuple[float, dict[str, ActiveModel], dict[str, Candidate]] | None = None


def active_model(kind: str = CLASS) -> ActiveModel | None:
    """The active model of a kind; which one it is, is asked again at most once a second."""
    return _known()[0].get(kind)


def _known() -> tuple[dict[str, ActiveModel], dict[str, Candidate]]:
    global _active  # noqa: PLW0603  one look a second for the whole process
    if _active is None or time.monotonic() - _active[0] >= FRESH_S:
        ways = in_force()
        stopped = {way.model for way in ways if way.mode is Mode.STOPPED}
        found = {
            row.kind: ActiveModel(row.label, row.fingerprint, model, row.label in stopped)
            for row in ModelVersion.objects.filter(active=True)
            if (model := _usable(row.fingerprint))
        }
        candidates = {
            way.kind: Candidate(way.mode, way.share, ActiveModel(way.model, way.fingerprint, model))
            for way in ways
            if way.mode in {Mode.SHADOW, Mode.SHARE} and (model := _usable(way.fingerprint))
        }
        _active = (time.monotonic(), found, candidates)
    return _active[1], _active[2]


@lru_cache(maxsize=4)
def _usable(fingerprint: str) -> TriageModel | None:
    """The model; None, said once, where its file is damaged or of another program's format.

    A report is taken in all the same, and a person gives it its class.
    """
    try:
        return load_model(fingerprint)
    except DomainError as error:
        log.error("Without model %s until one is trained or activated: %s", fingerprint, error)
        return None


def forget() -> None:
    """Drop what is cached, after an activation or between tests."""
    global _active  # noqa: PLW0603
    _active = None
    _usable.cache_clear()
    _urgent_words.cache_clear()


def classify(titles: Sequence[str], texts: Sequence[str], *, kind: str = CLASS) -> list[Suggestion]:
    """One suggestion a text, by the active model of this kind (none active: empty ones).

    A model on its way into service answers for its share of the texts, or beside the active one.
    """
    models, candidates = _known()
    active, candidate = models.get(kind), candidates.get(kind)
    if active is None or not texts:
        return [NOTHING] * len(texts)
    found = _answers(active, titles, texts)
    if candidate is None:
        return found
    if candidate.mode is Mode.SHADOW:
        watched = _answers(candidate.active, titles, texts)
        return [replace(one, shadow=other) for one, other in zip(found, watched, strict=True)]
    chosen = [
        n
        for n, (title, text) in enumerate(zip(titles, texts, strict=True))
        if in_share(f"{title}\n{text}", candidate.share)
    ]
    shared = _answers(candidate.active, [titles[n] for n in chosen], [texts[n] for n in chosen])
    for n, one in zip(chosen, shared, strict=True):
        found[n] = one
    return found


def _answers(active: ActiveModel, titles: Sequence[str], texts: Sequence[str]) -> list[Suggestion]:
    if not texts:
        return []
    labels = active.model.labels
    answers = active.model.predict(titles, texts)
    columns = zip(
        answers.top.tolist(),
        answers.probability.tolist(),
        answers.accepted.tolist(),
        answers.paired.tolist(),
        strict=True,
    )
    found = []
    for places, chances, accepted, paired in columns:
        top = tuple((labels[i], p) for i, p in zip(places, chances, strict=True) if i >= 0)
        also = top[1][0] if paired and top[1][1] >= ALSO_LEAST else ""
        sure = accepted and not active.stopped
        found.append(Suggestion(top[0][0], top[0][1], sure, top, active.label, also))
    return found


def matters(title: str, text: str, *, kind: str = CLASS) -> list[Part]:
    """Parts of a message about different matters: a suggestion to split it; [] = one matter."""
    active = active_model(kind)
    if active is None:
        return []
    labels = active.model.labels
    return [
        Part(each.start, each.end, labels[each.class_index], each.probability)
        for each in matters_of(active.model, title, text)
    ]


def urgency(title: str, text: str, *, class_key: str = "") -> Urgency:
    """How urgent a report is by its words and its class, by the lists of the profile."""
    words, floors = _urgent_words()
    return at_least(floors.get(class_key, "normal"), words.levels([title], [text])[0])


def urgencies(titles: Sequence[str], texts: Sequence[str]) -> list[Urgency]:
    """How urgent each report is by its words alone."""
    return _urgent_words()[0].levels(titles, texts)


@lru_cache(maxsize=1)
def _urgent_words() -> tuple[DangerWords, dict[str, str]]:
    profile = load_profile()
    floors = {key_of(row): row.get("urgency") or "normal" for row in profile.rows("classes.csv")}
    words: dict[str, list[str]] = {}
    if (profile.folder / URGENT_WORDS).is_file():
        for row in profile.rows(URGENT_WORDS):
            said = [*row["zh"].split("|"), *row["en"].split("|")]
            words.setdefault(row["level"], []).extend(each for each in said if each)
    return DangerWords(words), floors


def explain(title: str, text: str, class_key: str, *, kind: str = CLASS) -> list[tuple[str, float]]:
    """Words of the text that speak for a class, with their weight, strongest first.

    Returns an empty list without a model. Raises: NotFound("triage.no_class").
    """
    active = active_model(kind)
    if active is None:
        return []
    if class_key not in active.model.labels:
        raise NotFound(
            "triage.no_class",
            f"The model {active.label} does not know the class '{class_key}'.",
            f"模型 {active.label} 不认识类别“{class_key}”。",
            where="class_key",
        )
    place = active.model.labels.index(class_key)
    return active.model.explain(text, place, title=title)


def words_for(
    title: str, text: str, class_key: str, *, kind: str = CLASS, most: int | None = None
) -> list[dict[str, Any]]:
    """What `explain` finds, as pages show it: at most so many words, each with its weight."""
    found = explain(title, text, class_key, kind=kind)[:most]
    return [{"words": words, "weight": round(weight, 4)} for words, weight in found]


def model_versions(
    *, viewer: Viewer, kind: str | None = None, after: int = 0, limit: int = 50
) -> list[ModelVersion]:
    """Model versions by id, for everybody who is logged in."""
    need_reader(viewer)
    rows = ModelVersion.objects.filter(pk__gt=after).order_by("pk")
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows[: max(1, min(limit, 200))])


def get_model(model_id: int, *, viewer: Viewer) -> ModelVersion:
    """A model version. Raises: NotAllowed, NotFound("triage.no_model")."""
    need_reader(viewer)
    row = ModelVersion.objects.filter(pk=model_id).first()
    if row is None:
        raise NotFound(
            "triage.no_model",
            f"There is no model with id {model_id}.",
            f"没有编号为 {model_id} 的模型。",
            where="model_id",
        )
    return row


def need_reader(viewer: Viewer) -> None:
    """Raises: NotAllowed unless somebody is logged in, with a token that may read the catalogue."""
    if viewer.kind == "public":
        raise NotAllowed("login.needed", "Log in first.", "请先登录。", status=401)
    need_scope(viewer, "catalogue:read")
