"""What notify does when something has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.business.notify.commands import add_deliveries, add_notices, bury_deliveries
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower


@follower("webhooks", batch=500)
def tell_other_systems(events: Sequence[EventView], now: datetime) -> None:
    bury_deliveries(events)
    add_deliveries(events, now=now)


@follower("notices", batch=200)
def tell_reporters(events: Sequence[EventView], now: datetime) -> None:
    add_notices(events, now=now)
