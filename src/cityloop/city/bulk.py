"""Writing many rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

Django's bulk_create resolves every value of every row through its expression machinery; at
nine rows a report that was half of the cost of taking a report in. Here each column's
conversion is chosen once per batch. Rows must carry their primary keys (`allocate_ids`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models

Convert = Callable[[Any], Any]


def insert_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows that have their ids; inside the caller's transaction.

    Raises: IntegrityError as the database finds it; ValueError for a field type unknown here.
    """
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = [f.attname for f in fields]
    postgres = connection.vendor == "postgresql"
    converts = [_convert(f, postgres) for f in fields]
    values = (
        [
            value if convert is None else convert(value)
            for convert, value in zip(converts, (row.__dict__[n] for n in names), strict=True)
        ]
        for row in rows
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if postgres:
            _copy(cursor, f"COPY {table} ({columns}) FROM STDIN", values)
        else:
            marks = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  our names
            cursor.executemany(statement, list(values))
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _copy(cursor: Any, statement: str, values: Any) -> None:
    with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def _convert(field: models.Field[Any, Any], postgres: bool) -> Convert | None:
    """How a column's values are handed to the driver; None = as they are."""
    if isinstance(field, models.JSONField):
        return _json
    if postgres:
        return bytes_or_none if isinstance(field, models.BinaryField) else None
    if isinstance(field, models.DateTimeField):
        return _sqlite_moment
    if isinstance(field, models.DateField):
        return _sqlite_day
    if isinstance(field, models.DecimalField | models.DurationField | models.UUIDField):
        raise ValueError(f"{field} needs a conversion that insert_rows does not know")
    return None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def bytes_or_none(value: Any) -> bytes | None:
    """Binary columns: memoryviews and bytearrays become bytes."""
    return None if value is None else bytes(value)


def _sqlite_moment(value: datetime | None) -> str | None:
    """As Django stores it: UTC, without zone."""
    if value is None:
        return None
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _sqlite_day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
