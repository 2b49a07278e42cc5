"""What exercises are made of, the own record, and records shown by consent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from cityloop.business.cases.reasons import reasons_for
from cityloop.business.catalogue.queries import Catalogue, ConditionInfo, catalogue
from cityloop.business.dispatch.queries import route
from cityloop.business.dispatch.values import CaseFacts, Decision
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key, holdings_of, names_of
from cityloop.city.places.domain import AreaPath, Level
from cityloop.city.places.queries import tree
from cityloop.city.profile import load_profile
from cityloop.engines.deadlines import Limit
from cityloop.hub.practice.domain import Item, MatterOf, Stock, Story, judge
from cityloop.hub.practice.domain.items import Answer
from cityloop.hub.practice.domain.stock import Two
from cityloop.hub.practice.models import Consent, Run
from cityloop.hub.practice.rules import check_may_practise, looks_after
from cityloop.kernel.errors import NotFound

KEPT, MOST_PEOPLE = 50, 500
UNITS: dict[str, Two] = {
    "clock_minute": ("分钟", "minutes"),
    "clock_hour": ("小时", "hours"),
    "clock_day": ("天（连续计时）", "days round the clock"),
    "work_hour": ("工作小时", "work hours"),
    "work_day": ("个工作日", "work days"),
}


def stock(*, now: datetime) -> Stock:
    """Stories, catalogue, departments, places and routing as they are now."""
    told = _stories()
    known = catalogue()
    places = [(a.name_zh, a.name_en or a.name_zh) for a in _communities()]
    units = {d.key: d for d in departments_by_key().values() if d.active}
    return Stock(
        stories=told,
        matters=_matters(told, known, now),
        places=places or [("练习社区", "Practice community")],
        departments={k: (d.name_zh, d.name_en or d.name_zh) for k, d in units.items()},
        reasons={r.key: (r.zh, r.en) for r in reasons_for()},
    )


def _communities() -> list[Any]:
    return tree().below(None, Level.COMMUNITY)


def _stories() -> list[Story]:
    """practice.toml; a profile without one has no exercises of its own, the default's are used."""
    profile = load_profile()
    there = (profile.folder / "practice.toml").is_file()
    given = (profile if there else load_profile("default")).toml("practice.toml")

    def two(row: dict[str, Any], name: str) -> Two:
        return str(row.get(f"{name}_zh", "")), str(row.get(f"{name}_en", ""))

    return [
        Story(
            role=role,
            story=row["story"],
            text=(row["zh"], row["en"]),
            class_key=row.get("class", ""),
            seq=int(row.get("seq", 0)),
            reason=row.get("reason", ""),
            unit=row.get("unit", ""),
            wrong=row.get("wrong", ""),
            told=two(row, "told"),
            other=two(row, "other"),
            another=two(row, "else"),
            back=two(row, "back"),
            site=two(row, "site"),
        )
        for role, rows in given.items()
        for row in rows
    ]


def _matters(told: list[Story], known: Catalogue, now: datetime) -> dict[tuple[str, int], MatterOf]:
    found: list[ConditionInfo] = []
    for story in told:
        cls = known.classes.get(story.class_key)
        chosen = [c for c in cls.conditions if c.seq == story.seq] if cls else []
        found += [c for c in chosen if c not in found]
    keys = {d.pk: key for key, d in departments_by_key().items()}
    routed = route([_facts(c, now) for c in found], now=now)
    return {
        (c.class_key, c.seq): _matter(c, known, decision, keys)
        for c, decision in zip(found, routed, strict=True)
    }


def _facts(condition: ConditionInfo, now: datetime) -> CaseFacts:
    somewhere = _communities()
    path = tree().path(somewhere[0].id) if somewhere else AreaPath()
    return CaseFacts(condition.class_key, condition.id, path, "hotline", now, "normal", "", "")


def _matter(
    condition: ConditionInfo, known: Catalogue, decision: Decision, keys: dict[int, str]
) -> MatterOf:
    cls = known.classes[condition.class_key]
    return MatterOf(
        class_key=cls.key,
        name=(cls.name_zh, cls.name_en or cls.name_zh),
        condition_id=condition.id,
        condition=_said(condition),
        limit=limit_words(condition.limit),
        evidence=condition.evidence,
        conditions=tuple((c.id, _said(c), limit_words(c.limit)) for c in cls.conditions),
        lead=keys.get(decision.lead_id or 0, ""),
        co=tuple(keys[i] for i in decision.co_ids if i in keys),
        decided_by=decision.by,
    )


def _said(condition: ConditionInfo) -> Two:
    return condition.file_zh, condition.file_en or condition.file_zh


def limit_words(limit: Limit) -> Two:
    """A limit as people say it. limit_words(Limit(2, "clock_hour")) is ("2 小时", "2 hours")."""
    zh, en = UNITS[limit.unit.value]
    return f"{limit.value:g} {zh}", f"{limit.value:g} {en}"


def own_run(viewer: Viewer, run_id: int) -> Run:
    """An exercise of this person. Raises: NotFound("practice.unknown")."""
    found = Run.objects.filter(pk=run_id, user_id=check_may_practise(viewer)).first()
    if found is None:
        raise NotFound(
            "practice.unknown",
            f"You have no exercise {run_id}.",
            f"您没有编号为 {run_id} 的练习。",
            where="run_id",
        )
    return found


def record_of(user_id: int) -> list[dict[str, Any]]:
    """The last exercises of a person, newest first, as marks only."""
    return [_marks(r) for r in Run.objects.filter(user_id=user_id).order_by("-id")[:KEPT]]


def _marks(run: Run) -> dict[str, Any]:
    marks = [a["mark"] for a in run.answers if a and a.get("mark")]
    return {
        "id": run.pk,
        "role": run.role,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "matters": len(run.items),
        "answered": len(marks),
        "good": marks.count("good"),
        "fair": marks.count("fair"),
        "lessons": [item["story"] for item, a in zip(run.items, run.answers, strict=True)
                    if a and a.get("mark") not in (None, "good")],
    }  # fmt: skip


def has_consented(user_id: int) -> bool:
    """Whether superiors may see the record."""
    return Consent.objects.filter(user_id=user_id).exists()


def shown_records(viewer: Viewer) -> list[dict[str, Any]]:
    """Records of people who agreed to it and whom the viewer looks after, by name."""
    check_may_practise(viewer)
    areas = tree()
    agreed = list(Consent.objects.order_by("pk").values_list("user_id", flat=True)[:MOST_PEOPLE])
    names = names_of(agreed)
    found = []
    for user_id in agreed:
        held = holdings_of(user_id)
        paths = {h.area_id: set(areas.path(h.area_id).ids()) for h in held if h.area_id}
        if user_id != viewer.user_id and user_id in names and looks_after(viewer, held, paths):
            found.append({"name": names[user_id], "runs": record_of(user_id)})
    return sorted(found, key=lambda row: row["name"])


def feedback(run: Run, n: int) -> dict[str, Any] | None:
    """The verdict on the n-th matter, once it is answered."""
    kept = run.answers[n]
    if not kept or not kept.get("mark"):
        return None
    given = {**kept["answer"], "co": tuple(kept["answer"].get("co", ()))}
    verdict = judge(Item.of(run.items[n]), Answer(**given))
    return asdict(verdict)
