"""Followers: functions that see every event once, in the order of the ledger.

The cursor of a follower moves in the transaction of what the follower writes: after a crash both
are there or neither is. A follower that raises is rolled back, is logged loudly, waits (longer
each time, with smaller bites), and holds up nobody but itself.

    @follower("figures", batch=1000)
    def count(events: Sequence[EventView], now: datetime) -> None: ...

Put it into `receivers.py` of your app; the worker finds it there.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from cityloop.city.audit.domain import EventView, next_bite, retry_after_s, shrunk_batch
from cityloop.city.audit.models import Cursor, Event, LedgerHead
from cityloop.city.db import stands_back, write

log = logging.getLogger(__name__)
Follow = Callable[[Sequence[EventView], datetime], None]


@dataclass(frozen=True, slots=True)
class Follower:
    """A registered function; `batch` = events it is given at most."""

    name: str
    follow: Follow
    batch: int


FOLLOWERS: dict[str, Follower] = {}
# SQLite has one writer: while a follower writes, no report is taken in. The worker's followers
# therefore take as many events as they are done with in this time.
HOLD_S = 0.03
_bites: dict[str, int] = {}


def follower(name: str, *, batch: int = 1_000) -> Callable[[Follow], Follow]:
    """Register a follower under a name that stays (its cursor is kept under it).

    Raises: ValueError when another function has the name.
    """

    def register(function: Follow) -> Follow:
        known = FOLLOWERS.get(name)
        if known is not None and known.follow.__qualname__ != function.__qualname__:
            raise ValueError(f"follower {name!r} is {known.follow.__qualname__} already")
        FOLLOWERS[name] = Follower(name, function, batch)
        return function

    return register


def events_from(position: int, limit: int) -> list[EventView]:
    """The events from a position on, ascending."""
    rows = (
        Event.objects.filter(position__gte=position)
        .order_by("position")
        .values_list(
            "position",
            "id",
            "at",
            "kind",
            "subject_type",
            "subject_id",
            "actor_kind",
            "actor_id",
            "data",
        )[:limit]
    )
    return [EventView(*row[:8], data=json.loads(row[8])) for row in rows]


def head_size() -> int:
    """How many events have a place."""
    return LedgerHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def backlog() -> int:
    """How many events the follower furthest behind has still to see, but for those that fail."""
    at = Cursor.objects.filter(failures=0).aggregate(least=Min("position"))["least"]
    return 0 if at is None else max(0, head_size() - at)


def advance(follower: Follower, *, now: datetime) -> int:
    """Give a follower its next batch; returns how many events it took.

    0 when there is none, when it waits after a failure, when another process is at it, and
    when it failed just now (then its cursor says why).
    """
    cursor = Cursor.objects.filter(pk=follower.name).first()
    if cursor is None:
        Cursor.objects.bulk_create([Cursor(name=follower.name)], ignore_conflicts=True)
        cursor = Cursor(name=follower.name)
    if cursor.position >= head_size() or (cursor.retry_at and cursor.retry_at > now):
        return 0
    try:
        return _take(follower, now)
    except Exception as error:
        _failed(follower, error, now)
        return 0


def _take(follower: Follower, now: datetime) -> int:
    with write():
        began = time.monotonic()
        locked = Cursor.objects.select_for_update(skip_locked=True).filter(pk=follower.name)
        cursor = locked.first()
        if cursor is None:
            return 0
        bite = min(follower.batch, _bites.get(follower.name, follower.batch))
        batch = shrunk_batch(bite, cursor.failures)
        events = events_from(cursor.position, batch)
        if not events:
            return 0
        follower.follow(events, now)
        cursor.position = events[-1].position + 1
        if cursor.failures and batch == 1:
            log.warning("Follower %s got past event %d.", follower.name, events[-1].position)
        cursor.failures, cursor.retry_at, cursor.error = 0, None, ""
        cursor.save()
        took = time.monotonic() - began
    if stands_back():
        bite = next_bite(bite, len(events), took, most=follower.batch, hold_s=HOLD_S)
        _bites[follower.name] = bite
    return len(events)


def _failed(follower: Follower, error: Exception, now: datetime) -> None:
    with write():
        cursor = Cursor.objects.select_for_update().get(pk=follower.name)
        cursor.failures += 1
        cursor.retry_at = now + timedelta(seconds=retry_after_s(cursor.failures))
        cursor.error = f"{type(error).__name__}: {error}"[:2_000]
        cursor.save()
    log.error(
        "Follower %s failed at event %d or up to %d behind it (failure %d); it tries again at %s. "
        "The others go on.",
        follower.name,
        cursor.position,
        shrunk_batch(follower.batch, cursor.failures - 1) - 1,
        cursor.failures,
        cursor.retry_at,
        exc_info=error,
    )


def advance_all(*, now: datetime) -> int:
    """One batch for each follower; returns how many events were taken in all."""
    return sum(advance(f, now=now) for f in list(FOLLOWERS.values()))
