"""Loading millions of rows: columns in, COPY or one prepared statement, indexes made afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, models
from numpy.typing import NDArray

CHUNK = 50_000


def insert_columns(
    model: type[models.Model], count: int, columns: dict[str, Sequence[Any] | NDArray[Any]]
) -> None:
    """Rows of a table from columns named by attname; what is missing takes the field's default.

    Values must be as the driver takes them (moments and JSON as text).
    """
    fields = model._meta.concrete_fields
    unknown = columns.keys() - {f.attname for f in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    values = [_column(columns.get(f.attname), f, count) for f in fields]
    quote = connection.ops.quote_name
    names, table = ", ".join(quote(f.column) for f in fields), quote(model._meta.db_table)
    rows = zip(*values, strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(fields))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        while chunk := list(islice(rows, CHUNK)):
            connection.connection.executemany(statement, chunk)


def insert_select(model: type[models.Model], source: str, columns: dict[str, str]) -> None:
    """Rows of a table made by the database itself: SQL for each attname, defaults for the rest."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    parts = [columns.get(f.attname) or _literal(f) for f in fields]
    names = ", ".join(quote(f.column) for f in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(parts)} {source}")


def _literal(field: models.Field[Any, Any]) -> str:
    value = _column(None, field, 1)[0]
    if value is None:
        return "NULL"
    return str(value).upper() if isinstance(value, bool) else f"'{value}'"


def _column(given: Any, field: models.Field[Any, Any], count: int) -> Sequence[Any]:
    if given is None:
        default = field.get_default()
        if isinstance(field, models.JSONField):
            default = None if default is None else "{}"
        return [default] * count
    return given.tolist() if isinstance(given, np.ndarray) else given


@contextmanager
def loading(*tables: type[models.Model]) -> Iterator[None]:
    """One transaction without secondary indexes and without checks of foreign keys; the indexes
    are made anew at its end, and the planner's statistics with them."""
    names = [m._meta.db_table for m in tables]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("PRAGMA journal_mode = OFF")  # who fails here starts anew
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("BEGIN IMMEDIATE")
        kept = [row for name in names for row in _indexes(cursor, name)]
        for name, _ in kept:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, statement in kept:
            cursor.execute(statement)
        if postgres:
            _set_sequences(cursor, names)
            cursor.execute("SET session_replication_role = origin")
        else:
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("ANALYZE")
    connection.close()


def _indexes(cursor: Any, table: str) -> list[tuple[str, str]]:
    """Indexes that no constraint needs: (name, how to make it)."""
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name = %s AND sql NOT NULL",
            [table],
        )
    else:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE conname = indexname)",
            [table],
        )
    return [(str(name), str(statement)) for name, statement in cursor.fetchall()]


def _set_sequences(cursor: Any, tables: Sequence[str]) -> None:
    for table in tables:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f"(SELECT coalesce(max(id), 1) FROM {table}))"
        )
