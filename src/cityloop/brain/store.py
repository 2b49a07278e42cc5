"""Rows of all sources in one embedded analytics database (DuckDB), one table a source."""

from __future__ import annotations

import json
import re
import tempfile
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from cityloop.brain.values import Row
from cityloop.kernel.errors import DomainError

AWARE = "TIMESTAMP WITH TIME ZONE"
NAME = re.compile(r"[^\W\d]\w{0,62}")
# Of values that come one by one: what a column holds widens, and never rounds.
TYPES = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE"}
MOST_BIGINT = 2**63


class Store:
    """Tables by name; safe from several threads."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        try:
            self._db = duckdb.connect(str(path) if path else ":memory:")
        except duckdb.Error as error:
            raise DomainError(
                "brain.folder",
                f"{path} cannot be opened; if another program or notebook has it open, close that "
                f"CityBrain first: {error}",
                f"无法打开 {path}；如有其他程序或笔记本正在使用，请先关闭那里的 CityBrain：{error}",
            ) from error

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()

    def put(self, name: str, rows: Iterable[Row]) -> int:
        """Replace a table by these rows; columns and types are found out from all of them.

        Raises: DomainError("brain.name" | "brain.rows"); the rows kept before stay.
        """
        check_name(name)
        with tempfile.TemporaryDirectory() as folder, self._lock:
            path = Path(folder) / "rows.jsonl"
            try:
                with path.open("w", encoding="utf-8") as file:
                    count = sum(1 for _ in map(file.write, map(_line, rows)))
                if not count:
                    self._db.execute(f'DROP TABLE IF EXISTS "{name}"')
                    return 0
                self._db.execute(
                    f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM read_json(?, '  # noqa: S608
                    "format='newline_delimited', records=true, sample_size=-1, "
                    "union_by_name=true, map_inference_threshold=-1)",
                    [str(path)],
                )
            except (duckdb.Error, UnicodeEncodeError) as error:
                raise _no_table(name, error) from error
        return count

    def add(self, name: str, row: Row) -> None:
        """One more row of a live source. New columns are added, missing ones are NULL, and a
        column that cannot hold a value as it is becomes a wider one (text at last).

        Raises: DomainError("brain.rows").
        """
        given = {str(k): v for k, v in ((k, _plain(v)) for k, v in row.items()) if v is not None}
        with self._lock:
            try:
                self._make_room(name, given)
                names = ", ".join(map(_quoted, given))
                marks = ", ".join("?" * len(given))
                self._db.execute(
                    f'INSERT INTO "{name}" ({names}) VALUES ({marks})',  # noqa: S608
                    list(given.values()),
                )
            except (duckdb.Error, UnicodeEncodeError) as error:
                raise _no_table(name, error) from error

    def _make_room(self, name: str, given: Row) -> None:
        if not self.has(name):
            columns = ", ".join(f"{_quoted(c)} {_type_of(v)}" for c, v in given.items())
            self._db.execute(f'CREATE TABLE "{name}" ({columns})')
            return
        described = self._db.execute(f'DESCRIBE "{name}"').fetchall()
        types = {str(column[0]).lower(): str(column[1]) for column in described}
        for column, value in given.items():
            wanted, now = _type_of(value), types.get(column.lower())
            if now is None:
                change = f"ADD COLUMN {_quoted(column)} {wanted}"
            elif (wider := _wider(now, wanted)) != now:
                change = f"ALTER COLUMN {_quoted(column)} TYPE {wider}"
            else:
                continue
            self._db.execute(f'ALTER TABLE "{name}" {change}')

    def has(self, name: str) -> bool:
        """Whether there is such a table."""
        with self._lock:
            return (name,) in self._db.execute("SELECT table_name FROM duckdb_tables()").fetchall()

    def columns(self, name: str) -> tuple[str, ...]:
        """Names of its columns."""
        with self._lock:
            return tuple(r[0] for r in self._db.execute(f'DESCRIBE "{name}"').fetchall())

    def count(self, name: str) -> int:
        """How many rows it has; 0 where there is no such table."""
        with self._lock:
            if not self.has(name):
                return 0
            return int(self._db.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0])  # noqa: S608

    def query(self, sql: str, given: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of one SELECT; it changes nothing. Raises: DomainError("brain.query")."""
        with self._lock:
            try:
                asked = duckdb.extract_statements(str(sql))
                if [one.type for one in asked] != [duckdb.StatementType.SELECT]:
                    raise DomainError(
                        "brain.query",
                        "Give one SELECT: a query reads, it changes nothing.",
                        "请给出一条 SELECT：查询只读，不修改数据。",
                    )
                found = self._db.execute(sql, list(given))
                names = [column[0] for column in found.description or ()]
                moments = [c[0] for c in found.description or () if str(c[1]) == AWARE]
                if moments:
                    found = self._db.execute(_as_text(sql, moments), list(given))
                return [_row(names, row, moments) for row in found.fetchall()]
            except duckdb.Error as error:
                raise DomainError(
                    "brain.query",
                    f"The query cannot be run: {error}",
                    f"查询无法执行：{error}",
                ) from error


def _as_text(sql: str, moments: Sequence[str]) -> str:
    """The same query with its aware times as text: DuckDB gives them as such only with pytz."""
    said = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in moments)
    return f"SELECT * REPLACE ({said}) FROM ({sql.rstrip().rstrip(';')})"  # noqa: S608


def _row(names: Sequence[str], row: Sequence[Any], moments: Sequence[str]) -> dict[str, Any]:
    found = dict(zip(names, row, strict=True))
    for name in moments:
        if found[name] is not None:
            found[name] = datetime.fromisoformat(found[name]).astimezone(UTC)
    return found


def check_name(name: str) -> None:
    """Raises: DomainError("brain.name")."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise DomainError(
            "brain.name",
            f"{name!r} is no name for a source: letters (also Chinese), digits and _, not "
            "beginning with a digit, 63 at the most.",
            f"数据源名称 {name!r} 不合法：只能用文字、数字和下划线，不以数字开头，最多 63 个字符。",
        )


def _no_table(name: str, error: Exception) -> DomainError:
    return DomainError(
        "brain.rows",
        f"These rows cannot be kept as table {name}: {error}. Rows kept before stay.",
        f"这些记录无法存入表 {name}：{error}。此前的记录不变。",
        where=name,
    )


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _type_of(value: object) -> str:
    if isinstance(value, int) and abs(value) >= MOST_BIGINT:
        return "VARCHAR"
    return TYPES.get(type(value), "VARCHAR")


def _wider(now: str, wanted: str) -> str:
    if now == wanted:
        return now
    return "DOUBLE" if {now, wanted} == {"BIGINT", "DOUBLE"} else "VARCHAR"


def _line(row: Row) -> str:
    return json.dumps({str(k): _plain(v) for k, v in row.items()}, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool, type(None))):
        return None if isinstance(value, float) and value != value else value  # noqa: PLR0124
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "item"):  # numpy
        return _plain(value.item())
    return json.dumps(value, ensure_ascii=False, default=str)
