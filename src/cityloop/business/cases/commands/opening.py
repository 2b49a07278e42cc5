"""Opening cases for a batch of reports: rows, tasks, trace, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.ai.triage.queries import Suggestion, classify, urgencies
from cityloop.business.cases.commands.carry_department import new_tasks, sent
from cityloop.business.cases.commands.context import case_data, counted
from cityloop.business.cases.commands.index import enter_new
from cityloop.business.cases.commands.placing import Placed
from cityloop.business.cases.commands.reporters import new_follow_key, sealed_reporter
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.domain import State
from cityloop.business.cases.domain.headline import headline
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.business.catalogue.queries import ClassInfo, catalogue
from cityloop.business.dispatch.queries import CaseFacts, Decision, route
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.bulk import blank, insert_rows
from cityloop.city.db import allocate_ids
from cityloop.engines.triage.urgency import LEVELS, Urgency
from cityloop.kernel.errors import DomainError

LOCATED = frozenset({"exact", "edge", "address", "area"})


@dataclass
class Intake:
    """One report on its way to a case."""

    index: int
    report: NewReport
    actor: Viewer
    place: Placed
    content: str
    cls: ClassInfo | None = None
    triage: dict[str, Any] | None = None
    case: Case = field(init=False)
    row: Report = field(init=False)
    follow_key: str = ""
    decision: Decision | None = None
    tasks: list[Task] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def classify_all(ready: Sequence[Intake], answers: list[Any]) -> None:
    """Class of each report: as given, else by the model when it is sure enough."""
    known = catalogue().classes
    ask: list[Intake] = []
    for intake in ready:
        key = intake.report.class_key
        if not key:
            ask.append(intake)
        elif key in known and _has_condition(known[key], intake.report.condition_seq):
            intake.cls = known[key]
            intake.triage = {"by": "given", "class": key}
        elif key in known:
            answers[intake.index] = _unknown_condition(intake.report)
        else:
            answers[intake.index] = DomainError(
                "report.unknown_class",
                f"There is no class '{key}' in catalogue {catalogue().version_id}. Use a key such "
                "as E0112, or leave it empty.",
                f"目录中没有“{key}”这一类别，请使用如 E0112 的代码，或留空由系统判定。",
                where="class_key",
            )
    if ask:
        found = classify([i.report.title for i in ask], [i.report.text for i in ask])
        for intake, suggestion in zip(ask, found, strict=True):
            _take_suggestion(intake, suggestion, known)
    said = urgencies([i.report.title for i in ready], [i.report.text for i in ready])
    for intake, found in zip(ready, said, strict=True):
        _note_urgency(intake, found)


def _note_urgency(intake: Intake, found: Urgency) -> None:
    """Words of danger are kept beside the class as a suggestion; a person raises the case, or not.

    Its own urgency stays what its class says: no word of a report moves anybody by itself.
    """
    floor = intake.cls.urgency if intake.cls else "normal"
    if LEVELS.index(found.level) > LEVELS.index(floor):
        said = {"level": found.level, "words": list(found.words)}
        intake.triage = {**(intake.triage or {}), "urgency": said}


def _has_condition(cls: ClassInfo, seq: int | None) -> bool:
    return seq is None or any(c.seq == seq for c in cls.conditions)


def _unknown_condition(report: NewReport) -> DomainError:
    return DomainError(
        "report.unknown_condition",
        f"Class {report.class_key} has no condition {report.condition_seq}. Leave it empty for the "
        "usual one.",
        f"类别 {report.class_key} 没有第 {report.condition_seq} 项立案条件，留空则取默认条件。",
        where="condition_seq",
    )


def _take_suggestion(intake: Intake, found: Suggestion, known: dict[str, ClassInfo]) -> None:
    intake.triage = {
        "by": "model",
        "class": found.class_key,
        "confidence": round(found.confidence, 4),
        "accepted": found.accepted,
        "top": [[key, round(p, 4)] for key, p in found.top],
        "also": found.also,
        "model": found.model_version,
    }
    if found.shadow is not None:
        intake.triage["shadow"] = {
            "class": found.shadow.class_key,
            "accepted": found.shadow.accepted,
            "model": found.shadow.model_version,
        }
    if found.accepted and found.class_key in known:
        intake.cls = known[found.class_key]


def open_cases(fresh: Sequence[Intake], *, now: datetime) -> Iterator[tuple[Intake, Receipt]]:
    """Write reports, cases, tasks, reporters and trace of a batch. Inside one transaction."""
    if not fresh:
        return
    _number(fresh, now)
    for intake in fresh:
        _fill(intake, now)
    received = _received_by_actor(fresh)  # as the cases are now, before they go on
    ready = [i for i in fresh if _goes_on(i)]
    filed = _file_and_dispatch(ready, now)
    insert_rows(Case, [i.case for i in fresh])
    insert_rows(Report, [i.row for i in fresh])
    enter_new((i.case, (i.row.title, i.row.text)) for i in fresh)
    reporters = allocate_ids(Reporter, len(fresh))
    insert_rows(
        Reporter,
        [
            sealed_reporter(
                pk,
                i.row.pk,
                i.report.reporter,
                key=i.follow_key,
                confidential=i.report.confidential,
                now=now,
            )
            for pk, i in zip(reporters, fresh, strict=True)
        ],
    )
    tasks = [t for i in ready for t in i.tasks]
    for task, pk in zip(tasks, allocate_ids(Task, len(tasks)), strict=True):
        task.pk = pk
    insert_rows(Task, tasks)
    # Who reported did report; what follows by itself the platform did, not the reporter.
    for actor, drafts in received:
        record_many(drafts, actor=actor, now=now)
    record_many(filed, actor=SYSTEM, now=now)
    for intake in fresh:
        yield intake, _receipt(intake)


def _received_by_actor(fresh: Sequence[Intake]) -> list[tuple[Viewer, list[Draft]]]:
    """Nearly always one: a batch is somebody's, and of gathered reports most are one machine's."""
    found: dict[tuple[str, int | None], tuple[Viewer, list[Draft]]] = {}
    for intake in fresh:
        who = (intake.actor.kind, intake.actor.user_id)
        found.setdefault(who, (intake.actor, []))[1].append(_received(intake))
    return list(found.values())


def _goes_on(intake: Intake) -> bool:
    """Whether the platform may file it by itself."""
    known = intake.cls is not None and intake.place.by in LOCATED
    return known and not intake.report.on_the_spot


def _number(fresh: Sequence[Intake], now: datetime) -> None:
    """Case numbers: the local day and the row's id, so that no counter is a bottleneck."""
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y%m%d")
    cases = allocate_ids(Case, len(fresh))
    reports = allocate_ids(Report, len(fresh))
    for intake, case_id, report_id in zip(fresh, cases, reports, strict=True):
        intake.case, intake.row = blank(Case), blank(Report)
        intake.case.id, intake.case.number = case_id, f"{day}{case_id:07d}"
        intake.row.id, intake.row.case_id = report_id, case_id


def _fill(intake: Intake, now: datetime) -> None:
    given, case, row = intake.report, intake.case, intake.row
    intake.follow_key = given.follow_key or new_follow_key()
    case.title = given.title[:300] or headline(given.text)
    case.channel = given.channel
    case.confidential = given.confidential
    case.address = given.address
    case.received_at = now
    case.triage = intake.triage
    intake.place.put_on(case)
    if intake.cls is not None:
        _pin(case, intake.cls, given.condition_seq)
    enter(case, State.REPORTED, now=now)
    row.channel, row.external_id = given.channel, given.external_id
    row.title, row.text, row.language = given.title, given.text, given.language
    row.address, row.lon, row.lat = given.address, intake.place.lon, intake.place.lat
    row.declared = {"lon": given.lon, "lat": given.lat, "crs": given.crs} if given.lon else {}
    row.class_hint, row.happened_at = given.class_key, given.happened_at
    row.received_at, row.content_hash = now, intake.content
    row.submitted_by, row.extra = intake.actor.user_id, dict(given.extra)


def _pin(case: Case, cls: ClassInfo, seq: int | None) -> None:
    case.case_class_id = cls.id
    case.urgency = cls.urgency
    chosen = next(
        (c for c in cls.conditions if (c.is_default if seq is None else c.seq == seq)), None
    )
    if chosen is None and cls.conditions:
        chosen = cls.conditions[0]
    case.condition_id = chosen.id if chosen else None


def _received(intake: Intake) -> Draft:
    triage = intake.triage or {}
    data = case_data(
        intake.case,
        "",
        report=intake.row.pk,
        located=intake.place.by,
        **_read_from_words(intake.place),
        triage_by=triage.get("by"),
        triage_class=triage.get("class"),
        confidence=triage.get("confidence"),
        model=triage.get("model"),
        **_urgent_by_words(triage),
    )
    # The content enters the ledger keyed: nobody can guess it, anybody can check it.
    return Draft("case.receive", "case", intake.case.pk, data, {"content": intake.content})


def _urgent_by_words(triage: dict[str, Any]) -> dict[str, Any]:
    """The level alone: the words are the list's own, but what was said stays with the case."""
    return {"urgency_said": triage["urgency"]["level"]} if "urgency" in triage else {}


def _read_from_words(place: Placed) -> dict[str, Any]:
    """How sure a place is that was read from words; the words may name a home and stay out."""
    if place.confidence is None:
        return {}
    radius = {} if place.radius_m is None else {"located_radius_m": round(place.radius_m)}
    return {"located_confidence": round(place.confidence, 3), **radius}


def _file_and_dispatch(ready: Sequence[Intake], now: datetime) -> list[Draft]:
    """File what has class, condition and place; dispatch what the routing knows an owner for."""
    fileable = [i for i in ready if i.case.condition_id is not None]
    decisions = route([_facts(i, now) for i in fileable], now=now)
    drafts = []
    for intake, decision in zip(fileable, decisions, strict=True):
        case = intake.case
        case.filed_at = now
        enter(case, State.FILED, now=now)
        by = "model" if (intake.triage or {}).get("by") == "model" else "given"
        cls = intake.cls
        drafts.append(
            Draft(
                "case.file",
                "case",
                case.pk,
                case_data(
                    case, "reported", by=by, stage_on_time=True, **{"class": cls.key if cls else ""}
                ),
            )
        )
        case.route = {**decision.explanation, "by": decision.by, "version": decision.version}
        if decision.urgency:
            case.urgency = decision.urgency
        if decision.lead_id is not None:
            drafts.append(_dispatched(intake, decision, now))
    return drafts


def _facts(intake: Intake, now: datetime) -> CaseFacts:
    return CaseFacts(
        class_key=intake.cls.key if intake.cls else "",
        condition_id=intake.case.condition_id,
        path=intake.place.path,
        channel=intake.report.channel,
        at=now,
        urgency=intake.case.urgency,
        title=intake.report.title,
        text=intake.report.text,
    )


def _dispatched(intake: Intake, decision: Decision, now: datetime) -> Draft:
    case, before = intake.case, counted(intake.case)
    intake.decision = decision
    tasks = new_tasks(case, decision.lead_id or 0, decision.co_ids, now=now)
    intake.tasks = tasks
    sent(case, tasks[0], now)
    case.auto_dispatched, case.routed_by = True, decision.by
    data = case_data(
        case,
        "filed",
        before=before,
        by=decision.by,
        auto=True,
        lead=decision.lead_id,
        co=list(decision.co_ids),
        route=decision.version,
        stage_on_time=True,
    )
    return Draft("case.dispatch", "case", case.pk, data)


def _receipt(intake: Intake) -> Receipt:
    case = intake.case
    return Receipt(
        report_id=intake.row.pk,
        case_id=case.pk,
        number=case.number,
        created=True,
        state=case.state,
        follow_key=intake.follow_key,
        located_by=case.located_by,
        class_key=intake.cls.key if intake.cls else None,
        lead_department_id=case.lead_department_id,
        remarks=tuple(intake.remarks),
    )
