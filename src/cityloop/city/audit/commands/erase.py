"""Erasing by the retention rule: the text goes, the proof stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.city.audit.commands.record import Draft, record
from cityloop.city.audit.models import Event, EventRows
from cityloop.city.db import write
from cityloop.city.viewer import Viewer


def erase(event_ids: Sequence[int], *, actor: Viewer, now: datetime, why: str) -> int:
    """Destroy private text and salt of these events; returns how many had any.

    Args:
        why: the rule, as a code ("retention", "request"); it stands in the trace.

    Without the salt the commitment in the leaf cannot be guessed back; leaf and proofs hold.
    """
    return _erase(Event.objects.filter(id__in=event_ids), actor=actor, now=now, why=why)


def erase_subject(
    subject_type: str, subject_ids: Sequence[int], *, actor: Viewer, now: datetime, why: str
) -> int:
    """The same for all events of some subjects."""
    rows = Event.objects.filter(subject_type=subject_type, subject_id__in=subject_ids)
    return _erase(rows, actor=actor, now=now, why=why)


def _erase(rows: EventRows, *, actor: Viewer, now: datetime, why: str) -> int:
    with write():
        kept = rows.filter(private__isnull=False)
        ids = list(kept.order_by("id").values_list("id", flat=True))
        if not ids:
            return 0
        Event.objects.filter(id__in=ids).forget_private()
        drafts = Draft("audit.erase", "event", ids[0], data={"why": why, "events": ids})
        record(drafts, actor=actor, now=now)
    return len(ids)
