"""What notify does when something has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.business.notify.commands import (
    add_deliveries,
    add_notices,
    bury_deliveries,
    tell_of_stop,
    tell_of_warning,
)
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower


@follower("webhooks", batch=500)
def tell_other_systems(events: Sequence[EventView], now: datetime) -> None:
    bury_deliveries(events)
    add_deliveries(events, now=now)


@follower("notices", batch=200)
def tell_reporters(events: Sequence[EventView], now: datetime) -> None:
    add_notices(events, now=now)


@follower("foreseen", batch=1_000, of=lambda e: e.kind in {"forecast.warned", "model.stopped"})
def tell_staff(events: Sequence[EventView], now: datetime) -> None:
    for event in events:
        if event.kind == "forecast.warned":
            tell_of_warning(event, now=now)
        elif event.kind == "model.stopped":
            tell_of_stop(event, now=now)
