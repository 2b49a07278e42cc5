"""Urges and answers follow the trace, in the transaction of their cursor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.business.cases.domain import FINAL_STATES
from cityloop.business.catalogue.queries import stage_limit, work_calendar
from cityloop.business.supervision.domain import is_answer, is_end
from cityloop.business.supervision.models import Urging
from cityloop.business.supervision.telling import concerns_a_post, tell_who_owes
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower
from cityloop.engines.deadlines import add

FINALS = frozenset(s.value for s in FINAL_STATES)


def _concerns(event: EventView) -> bool:
    return event.subject_type == "case" and (event.kind == "case.urge" or _answers(event))


@follower("supervision", batch=2000, of=_concerns)
def follow(events: Sequence[EventView], now: datetime) -> None:
    """New urges are written down, open ones are closed by what answers them."""
    waiting = _waiting({e.subject_id for e in events if e.subject_type == "case"})
    for event in events:
        if event.subject_type != "case":
            continue
        if event.kind == "case.urge":
            waiting.setdefault(event.subject_id, []).append(_urged(event))
        elif event.subject_id in waiting and _answers(event):
            waiting[event.subject_id] = _answered(waiting[event.subject_id], event)


def _waiting(case_ids: set[int]) -> dict[int, list[Urging]]:
    found: dict[int, list[Urging]] = {}
    for row in Urging.objects.filter(case_id__in=case_ids, answered_at__isnull=True):
        found.setdefault(row.case_id, []).append(row)
    return found


def _answers(event: EventView) -> bool:
    return is_answer(event.kind, event.actor_kind) or is_end(event.data, FINALS)


def _urged(event: EventView) -> Urging:
    due_at = add(event.at, stage_limit("respond"), work_calendar())
    return Urging.objects.create(
        case_id=event.subject_id,
        event_id=event.id,
        level=str(event.data.get("level", ""))[:12],
        by_id=event.actor_id,
        at=event.at,
        due_at=due_at,
    )


def _answered(rows: list[Urging], event: EventView) -> list[Urging]:
    """Close what this event answers; what still waits is given back."""
    # Whoever urges and then comments has not answered themselves.
    own = [r for r in rows if event.actor_id is not None and event.actor_id == r.by_id]
    for row in rows:
        if row not in own:
            row.answered_at, row.answered_by = event.at, event.actor_id
            row.answer_event, row.answer_kind = event.id, event.kind[:40]
            row.save(update_fields=["answered_at", "answered_by", "answer_event", "answer_kind"])
    return own


@follower("owed", batch=500, of=concerns_a_post)
def tell_owed(events: Sequence[EventView], now: datetime) -> None:
    """Urges and what came back reach the posts they are meant for."""
    for event in events:
        if concerns_a_post(event):
            tell_who_owes(event, now=now)
