"""Class and destination of a text that is no case yet, with the reasons for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cityloop.ai.triage.queries import CLASS, DEPARTMENT, Suggestion, classify, words_for
from cityloop.business.catalogue.queries import ClassInfo, catalogue
from cityloop.business.dispatch.queries.routing import route
from cityloop.business.dispatch.rules import need_reader
from cityloop.business.dispatch.values import CaseFacts, Decision
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.domain import AreaPath
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotFound


def explained(given: Mapping[str, Any], *, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """What the classifier says, and where routing would send it.

    given: title, text, class_key ("" = as classified), area_code, channel, urgency, at.
    Raises: NotAllowed, NotFound for an unknown class or area.
    """
    need_reader(viewer)
    classes = catalogue().classes
    key, said, by = given["class_key"], None, "given"
    if not key:
        said = classify([given["title"]], [given["text"]])[0]
        key, by = said.class_key or "", "model" if said.class_key else ""
    cls = classes.get(key)
    if cls is None and by == "given":
        raise NotFound(
            "report.unknown_class",
            f"There is no class '{key}' in the active catalogue.",
            f"现行目录中没有类别“{key}”。",
            where="class_key",
        )
    facts = CaseFacts(
        class_key=key if cls else "",
        condition_id=cls.usual_condition if cls else None,
        path=tree().path(tree().by_code(given["area_code"]).id)
        if given["area_code"]
        else AreaPath(),
        channel=given["channel"],
        at=given["at"] or now,
        urgency=given["urgency"],
        title=given["title"],
        text=given["text"],
    )
    return _answer(facts, said, by, now, classes)


def _answer(
    facts: CaseFacts,
    said: Suggestion | None,
    by: str,
    now: datetime,
    classes: Mapping[str, ClassInfo],
) -> dict[str, Any]:
    decision = route([facts], now=now)[0]
    names = {d.pk: d.key for d in departments_by_key().values()}
    key = said.class_key if said else None
    return {
        "class_key": facts.class_key,
        "class_by": by,
        "confidence": said.confidence if said else None,
        "accepted": said.accepted if said else None,
        "top": [_chance(key, p, classes) for key, p in (said.top if said else ())],
        "words": words_for(facts.title, facts.text, key) if key else [],
        "also": _also(facts, said, decision, names, now, classes),
        "lead": names.get(decision.lead_id) if decision.lead_id else None,
        "co": [names[i] for i in decision.co_ids],
        "urgency": decision.urgency,
        "by": decision.by,
        "version": decision.version,
        "explanation": decision.explanation,
    }


def _also(
    facts: CaseFacts,
    said: Suggestion | None,
    decision: Decision,
    names: Mapping[int, str],
    now: datetime,
    classes: Mapping[str, ClassInfo],
) -> list[dict[str, Any]]:
    """Second answers to be named beside the first: who would co-handle."""
    found = []
    cls = classes.get(said.also) if said else None
    if said and cls is not None:
        other = replace(facts, class_key=cls.key, condition_id=cls.usual_condition)
        lead = route([other], now=now)[0].lead_id
        chance = dict(said.top)[cls.key]
        found.append(_second(facts, CLASS, cls.key, chance, names.get(lead or 0), cls))
    for step in decision.explanation["steps"]:
        if step["step"] == "model" and step.get("also"):
            key, chance = step["also"]["label"], step["also"]["probability"]
            known = departments_by_key().get(key)
            found.append(_second(facts, DEPARTMENT, key, chance, known.key if known else None))
    return found


def _second(
    facts: CaseFacts,
    kind: str,
    label: str,
    chance: float,
    lead: str | None,
    cls: ClassInfo | None = None,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": label,
        "name_zh": cls.name_zh if cls else label,
        "name_en": cls.name_en if cls else label,
        "probability": round(chance, 4),
        "lead": lead,
        "words": words_for(facts.title, facts.text, label, kind=kind),
    }


def _chance(key: str, probability: float, classes: Mapping[str, ClassInfo]) -> dict[str, Any]:
    cls = classes.get(key)
    return {
        "class_key": key,
        "name_zh": cls.name_zh if cls else "",
        "name_en": cls.name_en if cls else "",
        "probability": round(probability, 4),
    }
