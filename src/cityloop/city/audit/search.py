"""Searching the trace: by actor, kind, subject, area and time, for the audit administrator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q

from cityloop.city.audit.domain import masked
from cityloop.city.audit.models import Event, EventRows
from cityloop.city.audit.queries import TraceRow, _row, need_auditor
from cityloop.city.viewer import Viewer
from cityloop.engines.privacy import Mode
from cityloop.kernel.errors import DomainError

MOST = 200
LONGEST = timedelta(days=366)
MOST_EXPORTED = 100_000
LEVELS = ("city", "district", "subdistrict", "community", "cell")
COLUMNS = ("id", "position", "at", "kind", "subject", "actor", "data", "private", "erased")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. kind: "role.granted", or "role.*"; number: of a case."""

    since: datetime
    until: datetime
    kind: str = ""
    actor_id: int | None = None
    subject_type: str = ""
    subject_id: int | None = None
    number: str = ""
    area_id: int | None = None


def search(
    asked: Asked, *, viewer: Viewer, before: int | None = None, limit: int = 50
) -> list[TraceRow]:
    """Entries, newest first, free text masked.

    Ids grow with time, so the span is found by halving, and only its rows are looked at.
    Raises: NotAllowed("ledger.audit_only"), DomainError("ledger.span").
    """
    need_auditor(viewer)
    rows = _rows(asked)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_row(e, is_open=False) for e in rows.order_by("-id")[: max(1, min(limit, MOST))]]


def exported(asked: Asked, *, viewer: Viewer) -> Iterator[list[str]]:
    """The same as rows of a table, at most MOST_EXPORTED; columns as in COLUMNS."""
    need_auditor(viewer)
    rows = _rows(asked).order_by("-id").iterator(chunk_size=2000)
    return (_cells(event) for event in islice(rows, MOST_EXPORTED))


def kinds_there(*, viewer: Viewer) -> list[str]:
    """Kinds of actions among the last fifty thousand."""
    need_auditor(viewer)
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    rows = Event.objects.filter(id__gt=last - 50_000).order_by("kind")
    return list(rows.values_list("kind", flat=True).distinct())


def _rows(asked: Asked) -> EventRows:
    if not timedelta(0) < asked.until - asked.since <= LONGEST:
        raise DomainError(
            "ledger.span",
            f"From {asked.since} to {asked.until} is no span of up to {LONGEST.days} days.",
            f"时间段无效：最长 {LONGEST.days} 天。",
            where="since",
        )
    # A minute of slack: events written at once by several processes do not stand in exact order.
    slack = timedelta(minutes=1)
    rows = Event.objects.filter(
        id__gte=_first_id(asked.since - slack),
        id__lt=_first_id(asked.until + slack),
        at__gte=asked.since,
        at__lt=asked.until,
    )
    if asked.kind.endswith("*"):
        rows = rows.filter(kind__startswith=asked.kind[:-1])
    elif asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.actor_id is not None:
        rows = rows.filter(actor_id=asked.actor_id)
    if asked.subject_type:
        rows = rows.filter(subject_type=asked.subject_type)
    if asked.subject_id is not None:
        rows = rows.filter(subject_id=asked.subject_id)
    if asked.number:
        rows = rows.filter(data__contains=f'"number":{json.dumps(asked.number)}')
    if asked.area_id is not None:
        rows = rows.filter(_in_area(asked.area_id))
    return rows


def _in_area(area_id: int) -> Q:
    """The data is canonical JSON: sorted keys, no blanks; a number ends at a comma or a brace."""
    found = Q()
    for level in (*LEVELS, "area"):
        for end in ",}":
            found |= Q(data__contains=f'"{level}":{area_id}{end}')
    return found


def _first_id(at: datetime) -> int:
    """The lowest id whose event is not older than `at`."""
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    low, high = 0, newest + 1
    while low < high:
        middle = (low + high) // 2
        found = Event.objects.filter(id__gt=middle - 1).order_by("id").values_list("id", "at")
        first = found.first()
        if first is None or first[1] >= at:
            high = middle
        else:
            low = first[0] + 1
    return low


def _cells(event: Event) -> list[str]:
    private: Any = json.loads(event.private) if event.private is not None else None
    return [
        str(event.pk),
        "" if event.position is None else str(event.position),
        event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        event.kind,
        f"{event.subject_type}:{event.subject_id}",
        event.actor_kind if event.actor_id is None else f"{event.actor_kind}:{event.actor_id}",
        event.data,
        json.dumps(masked(private, Mode.LEAVING), ensure_ascii=False) if private else "",
        "1" if event.commitment and private is None else "",
    ]
