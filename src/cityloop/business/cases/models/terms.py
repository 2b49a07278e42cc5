"""The search index: which case carries which terms, and the newest of those that do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from cityloop.business.cases.domain.terms import bucket_of, bucket_term
from cityloop.city.terms import TermIndex, all_of, any_of, word

TERMS = TermIndex("cases_terms", "case_id")
_TABLE = TERMS.table


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
    match = all_of(terms)
    if areas:
        match += f" AND ({any_of(map(word, areas))})"
    statement = f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s"  # noqa: S608
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
            cursor.execute(f"SELECT max(case_id) FROM {_TABLE}")  # noqa: S608
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
    asked = f"SELECT case_id FROM {_TABLE} WHERE terms @> %s AND case_id < %s"  # noqa: S608
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
