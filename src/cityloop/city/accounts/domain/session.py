"""How long a log-in holds: without use, and at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cityloop.city.viewer import Role

Ending = Literal["idle", "absolute", "ended"]
CONFIRMED_FOR = timedelta(minutes=10)
SEEN_STEP = timedelta(seconds=60)
# Who works outdoors with a phone in the pocket would log in with wet fingers all day.
IN_THE_FIELD = frozenset({Role.GRID_WORKER, Role.CITIZEN})


@dataclass(frozen=True, slots=True)
class Span:
    """A log-in as kept. idle: how long it may lie unused; ends_at: when it ends in any case."""

    seen_at: datetime
    idle: timedelta
    ends_at: datetime
    ended_at: datetime | None = None


def idle_for(roles: Iterable[Role], *, desk: timedelta, field: timedelta) -> timedelta:
    """The longer time only for those who hold no other role than one in the field."""
    held = set(roles)
    return field if held and held <= IN_THE_FIELD else desk


def ending(span: Span, now: datetime) -> Ending | None:
    """Why a log-in no longer holds; None while it does."""
    if span.ended_at is not None:
        return "ended"
    if now >= span.ends_at:
        return "absolute"
    return "idle" if now - span.seen_at >= span.idle else None


def is_confirmed(confirmed_at: datetime, now: datetime) -> bool:
    """Whether the password was given lately enough for an act of weight."""
    return now - confirmed_at < CONFIRMED_FOR
