"""All that the first look at a case needs, in one answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cityloop.business.cases.domain.timeline import Happening, Span, spans
from cityloop.business.cases.models import Case
from cityloop.business.cases.offers import Around, Offer, offers
from cityloop.business.cases.queries import CaseFile
from cityloop.business.cases.related import family_of
from cityloop.business.cases.rules import in_words, may_open_reporter, reads_private
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.accounts.queries import departments_by_key, names_of
from cityloop.city.audit.queries import TraceRow, trace
from cityloop.city.places.queries import tree


def page_of(viewer: Viewer, file: CaseFile, *, now: datetime) -> dict[str, Any]:
    """Moves with their forms, stages, names and family of a case."""
    case = file.case
    around = Around(file.tasks, file.photos, file.approvals)
    rows = trace("case", case.pk, viewer=SYSTEM)
    return {
        "now": now,
        "offers": [_offer(o) for o in offers(viewer, case, around, now=now)],
        "stages": [_span(s) for s in spans(_happenings(rows))],
        "people": _people(file),
        "departments": _departments(file),
        "areas": _areas(case),
        "family": [in_words(viewer, row) for row in family_of(file)],
        "opens_reporter": may_open_reporter(viewer, case),
        "reads_private": reads_private(viewer, case),
    }


def _happenings(rows: Iterable[TraceRow]) -> list[Happening]:
    return [Happening(r.at, r.kind, r.data) for r in rows]


def _offer(offer: Offer) -> dict[str, Any]:
    move = offer.move
    return {
        "name": move.name,
        "zh": move.zh,
        "en": move.en,
        "to": move.to.value if move.to else None,
        "clock": move.clock.value,
        "possible": offer.possible,
        "why_zh": offer.why_zh,
        "why_en": offer.why_en,
        "fields": [asdict(field) for field in offer.fields],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "state": span.state.value,
        "started_at": span.started_at,
        "ended_at": span.ended_at,
        "on_time": span.on_time,
        "marks": [{"kind": kind, "at": at} for kind, at in span.marks],
    }


def _people(file: CaseFile) -> dict[int, str]:
    """Names of those who act in the case, by user id."""
    ids = [file.case.owner_user_id, *(t.handler_id for t in file.tasks)]
    ids += [p.added_by for p in file.photos]
    ids += [i for a in file.approvals for i in (a.asked_by, a.first_by, a.second_by)]
    return names_of(ids)


def _departments(file: CaseFile) -> list[dict[str, Any]]:
    """Departments that have or had a part in it."""
    wanted = {file.case.lead_department_id, file.case.owner_department_id}
    wanted |= {t.department_id for t in file.tasks}
    return [
        {"id": d.pk, "key": d.key, "zh": d.name_zh, "en": d.name_en or d.name_zh}
        for d in departments_by_key().values()
        if d.pk in wanted
    ]


def _areas(case: Case) -> list[dict[str, Any]]:
    """The areas it lies in, highest first."""
    known = tree()
    areas = [a for i in case.path if (a := known.find(i)) is not None]
    return [
        {
            "id": a.id,
            "level": a.level.value,
            "code": a.code,
            "zh": a.name_zh,
            "en": a.name_en or a.name_zh,
        }
        for a in areas
    ]
