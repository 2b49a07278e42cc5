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
Of = Callable[[EventView], bool]


@dataclass(frozen=True, slots=True)
class Follower:
    """A registered function.

    batch: events it is given at most; of: what it looks at (None = everything). It is not called
    for a batch in which there is nothing of that, and all such cursors move at once.
    """

    name: str
    follow: Follow
    batch: int
    of: Of | None = None


FOLLOWERS: dict[str, Follower] = {}
# SQLite has one writer: while a follower writes, no report is taken in. The worker's followers
# therefore take as many events as they are done with in this time.
HOLD_S = 0.02
_bites: dict[str, int] = {}


def follower(name: str, *, batch: int = 1_000, of: Of | None = None) -> Callable[[Follow], Follow]:
    """Register a follower under a name that stays (its cursor is kept under it).

    Raises: ValueError when another function has the name.
    """

    def register(function: Follow) -> Follow:
        known = FOLLOWERS.get(name)
        if known is not None and known.follow.__qualname__ != function.__qualname__:
            raise ValueError(f"follower {name!r} is {known.follow.__qualname__} already")
        FOLLOWERS[name] = Follower(name, function, batch, of)
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


class Page:
    """Events read once for all followers of a turn: most stand at the same place. What has a
    place in the ledger does not change, so it is read before the writing, for which others wait.
    """

    def __init__(self) -> None:
        self._first, self._events, self._most = 0, list[EventView](), 0

    def read(self, position: int, limit: int) -> list[EventView]:
        """The events from a position on, ascending, `limit` at most."""
        skipped = position - self._first
        if skipped < 0 or skipped + limit > self._most:
            self._first, self._most, skipped = position, limit, 0
            self._events = events_from(position, limit)
        return self._events[skipped : skipped + limit]


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
    return _advance([follower], now)


def advance_all(*, now: datetime) -> int:
    """One batch for each follower; returns how many events were taken in all."""
    return _advance(list(FOLLOWERS.values()), now)


def _advance(chosen: Sequence[Follower], now: datetime) -> int:
    cursors, size, page, taken = _cursors(chosen), head_size(), Page(), 0
    passed: list[tuple[Cursor, int]] = []
    for one in chosen:
        seen = cursors[one.name]
        if seen.position >= size or (seen.retry_at and seen.retry_at > now):
            continue
        batch = _batch(one, seen)
        try:
            events = page.read(seen.position, batch)
            if one.of is None or any(map(one.of, events)):
                taken += _take(one, seen, events, batch, now)
            else:
                passed.append((seen, len(events)))
        except Exception as error:
            _failed(one, batch, error, now)
    return taken + _pass(passed)


def _cursors(chosen: Sequence[Follower]) -> dict[str, Cursor]:
    names = [one.name for one in chosen]
    found = {c.name: c for c in Cursor.objects.filter(name__in=names)}
    if new := [Cursor(name=name) for name in names if name not in found]:
        Cursor.objects.bulk_create(new, ignore_conflicts=True)
    return found | {c.name: c for c in new}


def _batch(follower: Follower, cursor: Cursor) -> int:
    bite = min(follower.batch, _bites.get(follower.name, follower.batch))
    return shrunk_batch(bite, cursor.failures)


def _pass(passed: Sequence[tuple[Cursor, int]]) -> int:
    """Move cursors past events that nobody behind them looks at; returns how many these were."""
    if not passed:
        return 0
    taken = 0
    with write():
        for seen, count in passed:
            # Where it has moved, or is being moved by another process, that one has it.
            row = Cursor.objects.filter(pk=seen.name, position=seen.position)
            taken += count * row.update(
                position=seen.position + count, failures=0, retry_at=None, error=""
            )
    return taken


def _take(
    follower: Follower, seen: Cursor, events: Sequence[EventView], batch: int, now: datetime
) -> int:
    with write():
        began = time.monotonic()
        locked = Cursor.objects.select_for_update(skip_locked=True)
        cursor = locked.filter(pk=follower.name, position=seen.position).first()
        if cursor is None:  # another process is at it, or was
            return 0
        follower.follow(events, now)
        cursor.position = seen.position + len(events)
        if cursor.failures and batch == 1:
            log.warning("Follower %s got past event %d.", follower.name, seen.position)
        cursor.failures, cursor.retry_at, cursor.error = 0, None, ""
        cursor.save()
        took = time.monotonic() - began
    if stands_back() and not seen.failures:
        bite = next_bite(batch, len(events), took, most=follower.batch, hold_s=HOLD_S)
        _bites[follower.name] = bite
    return len(events)


def _failed(follower: Follower, batch: int, error: Exception, now: datetime) -> None:
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
        batch - 1,
        cursor.failures,
        cursor.retry_at,
        exc_info=error,
    )
