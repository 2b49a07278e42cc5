"""Giving events their places in the log: one writer, one transaction a batch.

On PostgreSQL a transaction that drew its ids early may commit late, so ids become visible out of
order; positions follow visibility, and they have no gaps. Readers follow positions.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
from cityloop.city.audit.tiles import TableTiles
from cityloop.city.db import write
from cityloop.engines.ledger import Checkpoint as TreeHead
from cityloop.engines.ledger import TileLog
from cityloop.kernel.errors import Conflict

BATCH = 2_000
CHECKPOINT_EVERY = timedelta(seconds=1)


def is_waiting() -> bool:
    """Whether an event has no place yet (one look at a partial index)."""
    return Event.objects.filter(position__isnull=True).exists()


def sequence(*, limit: int = BATCH) -> int:
    """Give the oldest events without one their positions; returns how many.

    0 also when another process is at it. Rows, tiles and the head change together or not at all.
    Raises: DomainError("ledger.tile_missing", "ledger.tile_short") when the tiles were damaged.
    """
    with write():
        head = locked_head()
        if head is None:
            return 0
        waiting = Event.objects.filter(position__isnull=True).order_by("id")
        rows = list(waiting.values_list("id", "leaf_hash")[:limit])
        if not rows:
            return 0
        log = TileLog(TableTiles(), head.size)
        log.append([bytes(leaf) for _, leaf in rows])
        _place([event_id for event_id, _ in rows], head.size)
        head.size = log.size
        head.save(update_fields=["size"])
    return len(rows)


def locked_head() -> LedgerHead | None:
    """The head, locked; None when another transaction holds it. Makes it the first time."""
    locked = LedgerHead.objects.select_for_update(skip_locked=True).filter(pk=1)
    head = locked.first()
    if head is None and not LedgerHead.objects.filter(pk=1).exists():
        new = LedgerHead(pk=1, public_key=signing_key().verify_key.text)
        LedgerHead.objects.bulk_create([new], ignore_conflicts=True)
        head = locked.first()
    return head


def _place(ids: list[int], first: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "UPDATE audit_event e SET position = v.place FROM "
                "unnest(%s::bigint[], %s::bigint[]) AS v(id, place) "
                "WHERE e.id = v.id AND e.position IS NULL",
                [ids, list(range(first, first + len(ids)))],
            )
        else:
            cursor.executemany(
                "UPDATE audit_event SET position = %s WHERE id = %s AND position IS NULL",
                list(zip(range(first, first + len(ids)), ids, strict=True)),
            )
        placed = cursor.rowcount
    if placed != len(ids):
        raise Conflict(
            "ledger.place_taken",
            f"{len(ids) - placed} of {len(ids)} events from id {ids[0]} on had been given a place "
            "by somebody who does not hold the head; nothing was changed.",
            f"自编号 {ids[0]} 起的 {len(ids)} 条中有 {len(ids) - placed} 条已被另行编号，"
            "本批未写入。",
        )


def checkpoint(*, now: datetime) -> Checkpoint | None:
    """Sign the present head, unless it is signed or the last signature is under a second old.

    Returns: the new checkpoint, None when there was nothing to do.
    """
    newest = Checkpoint.objects.order_by("-size").first()
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None or not head.size or (newest and newest.size >= head.size):
        return None
    if newest and timedelta() <= now - newest.at < CHECKPOINT_EVERY:
        return None
    with write():
        head = locked_head()
        if head is None or Checkpoint.objects.filter(size=head.size).exists():
            return None
        key = signing_key()
        root = TileLog(TableTiles(), head.size).root()
        note = TreeHead(key.name, head.size, root, now).signed_by(key)
        return Checkpoint.objects.create(size=head.size, root=root, at=now, note=note)
