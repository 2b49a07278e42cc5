"""An index of terms: which row carries which 32-bit numbers. An FTS5 table, or a GIN index.

Neither is a table that Django could describe: SQLite keeps terms without the texts (a contentless
FTS5 table), PostgreSQL an array of numbers. The app that owns an index makes its table in a
migration, writes it in the transaction of its rows, and alone reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

_BY_COUNT = "GROUP BY id ORDER BY count(*) DESC, id"
_EACH = 2_000  # ids read of one group
Row = tuple[int, Sequence[int]]
Statement = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class TermIndex:
    """One such table. `key`: the column of row ids in PostgreSQL (SQLite has its rowid)."""

    table: str
    key: str

    def write(self, rows: Iterable[Row]) -> None:
        """Enter rows that are not there."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with (
                    connection.wrap_database_errors,
                    cursor.cursor.copy(f"COPY {self.table} ({self.key}, terms) FROM STDIN") as copy,
                ):
                    for row_id, terms in rows:
                        copy.write_row((row_id, list(terms)))
                return
            statement = f"INSERT INTO {self.table} (rowid, terms) VALUES (%s, %s)"  # noqa: S608
            cursor.executemany(statement, [(row_id, _text(terms)) for row_id, terms in rows])

    def remove(self, rows: Iterable[Row]) -> None:
        """Take rows out. The terms must be what was written: SQLite keeps no copy."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                gone = [row_id for row_id, _ in rows]
                cursor.execute(
                    f"DELETE FROM {self.table} WHERE {self.key} = ANY(%s)",  # noqa: S608
                    [gone],
                )
                return
            cursor.executemany(
                f"INSERT INTO {self.table} ({self.table}, rowid, terms) "  # noqa: S608
                "VALUES ('delete', %s, %s)",
                [(row_id, _text(terms)) for row_id, terms in rows],
            )

    def replace(self, row_id: int, before: Sequence[int], after: Sequence[int]) -> None:
        """Change the terms of one row. `before` must be what was written."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {self.table} SET terms = %s WHERE {self.key} = %s",  # noqa: S608
                    [list(after), row_id],
                )
            return
        self.remove([(row_id, before)])
        self.write([(row_id, after)])

    def clear(self) -> None:
        """Forget everything."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"TRUNCATE {self.table}")
            else:
                cursor.execute(
                    f"INSERT INTO {self.table} ({self.table}) VALUES ('delete-all')"  # noqa: S608
                )

    def exists(self) -> bool:
        """Whether its table is there: not before its migration."""
        return self.table in connection.introspection.table_names()

    def carrying(self, groups: Sequence[Sequence[int]], *, most: int) -> Statement:
        """SQL for the ids that carry all terms of one of the groups, and its parameters.

        Who carries more of the groups comes first, then the lower id: with many ways to be alike,
        the first so many rows of a table are seldom those that are most alike.

        Args:
            groups: terms; at least one group, each of at least one.
            most: how many ids at most.
        """
        if not groups or not all(groups):
            raise ValueError("a search needs at least one term in each group")
        if connection.vendor == "postgresql":
            return self._in_postgres([list(g) for g in groups], most)
        matches = [all_of(g) for g in groups]
        one = f"SELECT rowid AS id FROM {self.table} WHERE {self.table} MATCH %s"  # noqa: S608
        if len(matches) == 1:
            return f"{one} ORDER BY rowid LIMIT %s", [*matches, most]
        each = " UNION ALL ".join([f"SELECT id FROM ({one} LIMIT {_EACH})"] * len(matches))  # noqa: S608
        return f"SELECT id FROM ({each}) {_BY_COUNT} LIMIT %s", [*matches, most]  # noqa: S608

    def _in_postgres(self, groups: list[list[int]], most: int) -> Statement:
        if len(groups) == 1:
            # Materialized, or a small limit makes the planner read the table instead.
            sql = f"WITH found AS MATERIALIZED (SELECT {self.key} AS id FROM {self.table} "  # noqa: S608
            sql += "WHERE terms @> %s::integer[]) SELECT id FROM found ORDER BY id LIMIT %s"
            return sql, [*groups, most]
        asked = ", ".join(["(%s::integer[])"] * len(groups))
        sql = f"SELECT {self.key} AS id FROM (VALUES {asked}) AS asked (wanted) "  # noqa: S608
        sql += f"JOIN {self.table} ON terms @> wanted {_BY_COUNT} LIMIT %s"
        return sql, [*groups, most]


def all_of(terms: Iterable[int]) -> str:
    """A MATCH of FTS5: every one of these."""
    return " AND ".join(word(t) for t in terms)


def any_of(alternatives: Iterable[str]) -> str:
    """A MATCH of FTS5: one of these."""
    return " OR ".join(alternatives)


def word(term: int) -> str:
    """A term as FTS5 asks for it."""
    return f'"{_hex(term)}"'


def _text(terms: Sequence[int]) -> str:
    return " ".join(_hex(t) for t in terms)


def _hex(term: int) -> str:
    return f"{term & 0xFFFFFFFF:x}"
