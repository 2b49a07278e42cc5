"""Which cases belong to visitors: told by the trace itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower
from cityloop.hub.demo.commands.visits import note_visits


def _is_of_demo(event: EventView) -> bool:
    return settings.DEMO and event.subject_type == "case"


@follower("demo", batch=2000, of=_is_of_demo)
def notice_visitors(events: Sequence[EventView], now: datetime) -> None:
    """Note cases that a person of flesh and blood reported or moved."""
    note_visits(list(filter(_is_of_demo, events)))
