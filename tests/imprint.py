"""What a fixture builds by commands, laid into later tests as rows: the same at a twentieth of it.

The first test that asks builds; what the commands wrote is then kept as rows and rolled back.
Every test, the first one included, gets the rows. Only for builders whose whole effect lies in
tables of models; one that writes elsewhere in the database or changes rows is refused aloud.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction

T = TypeVar("T")
Rows = list[Any]  # SQLite: tuples; PostgreSQL: lines as COPY writes them


@dataclass(frozen=True)
class Imprint:
    """What was built: the value as returned, and the new rows of each table."""

    value: bytes
    rows: dict[str, Rows]


_kept: dict[Hashable, Imprint] = {}


def laid(key: Hashable, build: Callable[[], T]) -> T:
    """What `build` makes in the present database, copied when it was built before.

    Args:
        key: names all that `build` depends on (kind, moment, profile, texts).
    Where copying could differ from building it is built: outside a transaction, where commits
    have effects of their own, and in a database that already holds rows of these tables.
    """
    if not connection.in_atomic_block:
        return build()
    if key not in _kept:
        taken = _take(build)
        if taken is None:
            return build()
        _kept[key] = taken
    if _any_row(_kept[key].rows):
        return build()
    for table, rows in _kept[key].rows.items():
        _write(table, rows)
    value: T = pickle.loads(_kept[key].value)
    return value


def _take(build: Callable[[], Any]) -> Imprint | None:
    """Build, keep what is new, undo; None when nothing is, or the tables were not empty before."""
    before = _everything()
    with transaction.atomic():
        value = pickle.dumps(build())
        after = _everything()
        transaction.set_rollback(True)
    own = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    changed = [t for t, rows in after.items() if rows != before[t]]
    assert own.issuperset(changed), f"no model has {set(changed) - own}; these cannot be copied"
    if not changed or any(before[t] for t in changed):
        return None
    return Imprint(value, {t: after[t] for t in changed})


def _everything() -> dict[str, Rows]:
    with connection.cursor() as cursor:
        return {t: _read(t) for t in connection.introspection.table_names(cursor) if _is_plain(t)}


def _is_plain(table: str) -> bool:
    """Not a virtual table of SQLite, which is a view of other tables."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        return not str(cursor.fetchone()[0]).upper().startswith("CREATE VIRTUAL")


def _read(table: str) -> Rows:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as lines:
                return [bytes(line) for line in lines]
        columns = _columns(table)
        # A plus sign takes the declared type away: values come as they are stored.
        cursor.execute(f'SELECT {", ".join(f"+{c}" for c in columns)} FROM "{table}"')
        return cursor.fetchall()


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'PRAGMA table_info("{table}")')
        return [f'"{row[1]}"' for row in cursor.fetchall()]


def _write(table: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" FROM STDIN') as lines:
                lines.write(b"".join(rows))
            return
        columns = _columns(table)
        marks = ", ".join(["%s"] * len(columns))
        into = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})'
        cursor.executemany(into, rows)


def _any_row(tables: dict[str, Rows]) -> bool:
    asked = " OR ".join(f'EXISTS (SELECT 1 FROM "{t}")' for t in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return bool(cursor.fetchone()[0])
