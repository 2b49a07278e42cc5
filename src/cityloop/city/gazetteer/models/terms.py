"""Terms of names: an FTS5 table without content, or arrays of numbers under a GIN index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from cityloop.city.gazetteer.models.rows import Named

TABLE = "gazetteer_terms"
Row = tuple[int, Sequence[int]]


def write_terms(rows: Iterable[Row]) -> None:
    """Enter names that are not there; inside the caller's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.cursor.copy(f"COPY {TABLE} (named_id, terms) FROM STDIN") as copy,
            ):
                for named_id, terms in rows:
                    copy.write_row((named_id, list(terms)))
            return
        statement = f"INSERT INTO {TABLE} (rowid, terms) VALUES (%s, %s)"  # noqa: S608
        cursor.executemany(statement, [(named_id, _text(terms)) for named_id, terms in rows])


def remove_terms(rows: Iterable[Row]) -> None:
    """Take names out. The terms must be what was written: SQLite keeps no copy."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            gone = [named_id for named_id, _ in rows]
            cursor.execute(f"DELETE FROM {TABLE} WHERE named_id = ANY(%s)", [gone])  # noqa: S608
            return
        statement = f"INSERT INTO {TABLE} ({TABLE}, rowid, terms) VALUES ('delete', %s, %s)"  # noqa: S608
        cursor.executemany(statement, [(named_id, _text(terms)) for named_id, terms in rows])


def named_with(groups: Sequence[Sequence[int]], *, most: int) -> list[int]:
    """Ids of names that carry all terms of one of the groups, at most so many."""
    groups = [g for g in groups if g]
    if not groups:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = " OR ".join(["terms @> %s"] * len(groups))
            cursor.execute(
                # Materialized, or a small limit makes the planner read the table instead.
                f"WITH found AS MATERIALIZED (SELECT named_id FROM {TABLE} WHERE {asked}) "  # noqa: S608
                "SELECT named_id FROM found ORDER BY named_id LIMIT %s",
                [*[list(g) for g in groups], most],
            )
        else:
            match = " OR ".join(f"({' AND '.join(_one(t) for t in g)})" for g in groups)
            cursor.execute(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid LIMIT %s",  # noqa: S608
                [match, most],
            )
        return [row[0] for row in cursor.fetchall()]


def empty_with_its_table(**_: object) -> None:
    """After the tables were emptied as a whole: the index is no table that Django would empty."""
    if TABLE in connection.introspection.table_names() and not Named.objects.exists():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"TRUNCATE {TABLE}")
            else:
                cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')")  # noqa: S608


def _text(terms: Sequence[int]) -> str:
    return " ".join(f"{t & 0xFFFFFFFF:x}" for t in terms)


def _one(term: int) -> str:
    return f'"{term & 0xFFFFFFFF:x}"'
