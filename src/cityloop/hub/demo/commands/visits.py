"""Cases that visitors touched."""

from __future__ import annotations

from collections.abc import Sequence

from cityloop.city.accounts.models import User
from cityloop.city.audit.domain import EventView
from cityloop.hub.demo.models import Visit

PREFIX = "try_"


def visitor_ids() -> set[int]:
    """Users whom visitors become by one click."""
    return set(User.objects.filter(username__startswith=PREFIX).values_list("pk", flat=True))


def note_visits(events: Sequence[EventView]) -> None:
    """Remember when a visitor last touched each case: by a one-click log-in or without any."""
    theirs = visitor_ids()
    touched = {
        e.subject_id: e.at
        for e in events
        if e.actor_kind in {"public", "token"} or e.actor_id in theirs
    }
    for case_id, at in touched.items():
        Visit.objects.update_or_create(case_id=case_id, defaults={"touched_at": at})
