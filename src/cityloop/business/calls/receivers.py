"""What reporters say of overdue cases reaches people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.business.calls.telling import is_pressing, tell_of_pressing
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower


@follower("pressing", batch=1_000, of=is_pressing)
def tell(events: Sequence[EventView], now: datetime) -> None:
    """In the transaction of its cursor."""
    for event in events:
        if is_pressing(event):
            tell_of_pressing(event, now=now)
