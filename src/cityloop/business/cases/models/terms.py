"""The search index: which case carries which terms. An FTS5 table or a GIN index, one use.

Neither is a table that Django could describe: SQLite keeps terms without the texts (a contentless
FTS5 table), PostgreSQL an array of numbers. Rows are written in the transaction of their case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from cityloop.business.cases.domain.terms import bucket_of, bucket_term

TABLE = "cases_terms"
Row = tuple[int, Sequence[int]]


def write_terms(rows: Iterable[Row]) -> None:
    """Enter cases that are not in the index; inside the caller's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.cursor.copy(f"COPY {TABLE} (case_id, terms) FROM STDIN") as copy,
            ):
                for case_id, terms in rows:
                    copy.write_row((case_id, list(terms)))
            return
        statement = f"INSERT INTO {TABLE} (rowid, terms) VALUES (%s, %s)"  # noqa: S608
        cursor.executemany(statement, [(case_id, _text(terms)) for case_id, terms in rows])


def replace_terms(case_id: int, before: Sequence[int], after: Sequence[int]) -> None:
    """Change the terms of one case. `before` must be what was written: SQLite keeps no copy."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {TABLE} SET terms = %s WHERE case_id = %s",  # noqa: S608
                [list(after), case_id],
            )
            return
        cursor.execute(
            f"INSERT INTO {TABLE} ({TABLE}, rowid, terms) VALUES ('delete', %s, %s)",  # noqa: S608
            [case_id, _text(before)],
        )
    write_terms([(case_id, after)])


def clear_terms() -> None:
    """Forget everything."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {TABLE}")
        else:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')")  # noqa: S608


def newest_with(
    terms: Sequence[int], *, areas: Sequence[int] = (), below: int | None = None, most: int
) -> list[int]:
    """Ids of the newest cases that carry all `terms`, and one of `areas` where there are some.

    Args:
        terms: from `domain.terms`; at least one.
        below: only cases with a smaller id.
        most: how many at most.
    Returns: ids, newest first.
    """
    if not terms:
        raise ValueError("a search needs at least one term")
    if connection.vendor == "postgresql":
        return _postgres(terms, areas, below, most)
    return _sqlite(terms, areas, below, most)


def _sqlite(terms: Sequence[int], areas: Sequence[int], below: int | None, most: int) -> list[int]:
    match = " AND ".join(_one(t) for t in terms)
    if areas:
        match += f" AND ({' OR '.join(_one(a) for a in areas)})"
    statement = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    given: list[Any] = [match]
    if below is not None:
        statement += " AND rowid < %s"
        given.append(below)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ORDER BY rowid DESC LIMIT %s", [*given, most])
        return [row[0] for row in cursor.fetchall()]


# How many of the newest buckets are looked at: a few, then more, then all. PostgreSQL reads every
# match before it can sort them, so a frequent word must not be asked of all years at once.
STEPS = (1, 4, 16, None)


def _postgres(
    terms: Sequence[int], areas: Sequence[int], below: int | None, most: int
) -> list[int]:
    found: list[int] = []
    with connection.cursor() as cursor:
        newest = below
        if newest is None:
            cursor.execute(f"SELECT max(case_id) FROM {TABLE}")  # noqa: S608
            newest = (cursor.fetchone()[0] or 0) + 1
        for step in STEPS:
            last = bucket_of(newest - 1)
            whole = step is None or last - step < 0
            buckets = [] if whole else [bucket_term(last - n) for n in range(step or 0)]
            found = _step(cursor, terms, (areas, buckets), newest, most)
            if whole or len(found) >= most:
                break
    return found


def _step(
    cursor: Any, terms: Sequence[int], one_of: Iterable[Sequence[int]], below: int, most: int
) -> list[int]:
    asked = f"SELECT case_id FROM {TABLE} WHERE terms @> %s AND case_id < %s"  # noqa: S608
    given: list[Any] = [list(terms), below]
    for several in one_of:
        if several:
            asked += " AND terms && %s"
            given.append(list(several))
    # Materialized, or the planner walks all cases from the newest on in hope of a rare word.
    cursor.execute(
        f"WITH found AS MATERIALIZED ({asked}) "  # noqa: S608
        "SELECT case_id FROM found ORDER BY case_id DESC LIMIT %s",
        [*given, most],
    )
    return [row[0] for row in cursor.fetchall()]


def _text(terms: Sequence[int]) -> str:
    return " ".join(_word(t) for t in terms)


def _word(term: int) -> str:
    return f"{term & 0xFFFFFFFF:x}"


def _one(term: int) -> str:
    return f'"{_word(term)}"'
