"""What both databases do alike: writing transactions, blocks of ids, row locks."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TURN_S, LOOK_S = 30.0, 0.0005
# Between two writes of a process that stands back: time for those who wait to look once or twice.
BACK_S = 3 * LOOK_S

# One writer at a time within a process: SQLite's own waiting sleeps in growing steps, which
# makes the slowest write ten times slower than the median; a lock hands over at once.
_writer = threading.RLock()
_turns = {"held": 0}  # by the thread that has _writer
_manners = {"stands_back": False}
_met = {"another": float("-inf")}  # when this process last had to wait for another one


def stand_back() -> None:
    """From now on this process lets others write between two writes of its own.

    A lock file is taken by whoever looks first: a worker that writes one batch after the other
    would hold a request up for all of them.
    """
    _manners["stands_back"] = True


def stands_back() -> bool:
    """Whether this process writes in small pieces because others wait for each of them."""
    return _manners["stands_back"] and is_sqlite()


def others_write(*, within_s: float = 0.5) -> bool:
    """Whether this process had to wait for another that wrote a moment ago (SQLite alone)."""
    return time.monotonic() - _met["another"] <= within_s


def is_sqlite() -> bool:
    """Whether the default database is SQLite."""
    return connection.vendor == "sqlite"


@contextmanager
def write() -> Iterator[None]:
    """One writing transaction (BEGIN IMMEDIATE on SQLite); nested uses join the outer one."""
    with turn(), transaction.atomic():
        yield


@contextmanager
def turn() -> Iterator[None]:
    """The right to write, taken before it is known what: who waited for it anyway can still look
    what has come meanwhile. On PostgreSQL, and inside a transaction, nothing is waited for."""
    if not is_sqlite() or connection.in_atomic_block:
        yield
        return
    with _writer:
        _turns["held"] += 1
        try:
            if _turns["held"] > 1:
                yield
            else:
                with turn_of_process(str(connection.settings_dict["NAME"])):
                    yield
        finally:
            _turns["held"] -= 1


@contextmanager
def turn_of_process(database: str) -> Iterator[None]:
    """One writing process at a time, by a lock file beside the database.

    SQLite would see to that itself, but who waits for it sleeps up to a tenth of a second at a
    time and finds it taken again: beside a busy worker the slowest request in a hundred waited so.
    Advice only: after TURN_S, or where there is no such lock, SQLite's own decides.
    """
    in_memory = ":memory:" in database or "mode=memory" in database
    handle = None if fcntl is None or in_memory else _turn_file(database)
    held = handle is not None and _take_turn(handle)
    try:
        yield
    finally:
        if held and fcntl is not None and handle is not None:
            fcntl.flock(handle, fcntl.LOCK_UN)
            if _manners["stands_back"]:
                time.sleep(BACK_S)


@cache
def _turn_file(database: str) -> int | None:
    try:
        return os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # a folder that may not be written to; then nor may the database
        return None


def _take_turn(handle: int) -> bool:
    assert fcntl is not None
    end = time.monotonic() + TURN_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            _met["another"] = time.monotonic()
            if time.monotonic() >= end:
                return False
            time.sleep(LOOK_S)
        except OSError:  # a file system without locks
            return False


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """A block of fresh primary keys, to be used inside the present `write()`.

    PostgreSQL draws them from the table's sequence; SQLite, which has one writer at a time,
    continues from the largest key ever used. Rows can then refer to each other before they
    are written, and a batch needs no RETURNING.
    """
    if count <= 0:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = int(row[0]) if row else 0
    if not last:
        last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return list(range(last + 1, last + 1 + count))


def loaded(row: models.Model) -> dict[str, Any]:
    """The columns of a row as they are now, to be compared by `save_changed`."""
    return {f.attname: row.__dict__.get(f.attname) for f in row._meta.concrete_fields}


def save_changed(row: models.Model, before: dict[str, Any]) -> None:
    """Write the columns that differ from `before` (see `loaded`), and no others.

    A case has seventy columns and a move changes eight of them; writing all of them cost more
    than everything else a move does. The row must be locked by the caller.
    """
    changed = {
        f.attname: row.__dict__[f.attname]
        for f in row._meta.concrete_fields
        if row.__dict__.get(f.attname) != before.get(f.attname)
    }
    if changed:
        type(row)._default_manager.filter(pk=row.pk).update(**changed)
