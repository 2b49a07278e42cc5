"""Tables from files of any size: what they are called, what their rows are, which were refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cityloop.engines.tables import refusals
from cityloop.engines.tables.headers import SEARCHED_ROWS, column_names, header_place
from cityloop.kernel.errors import DomainError

Cell = str | datetime
MAX_CELL_CHARS = 1_000_000
MAX_COLUMNS = 16_384
_SHOWN_CHARS = 2_000


class Record(NamedTuple):
    """One row of a file as its reader found it.

    number: as a spreadsheet shows it, 1-based, blank rows counted.
    cells: list by position (CSV, XLSX) or dict by name (JSON lines).
    error: why the row cannot be used; `cells` is then what could be read of it.
    """

    number: int
    cells: list[Any] | dict[str, Any]
    error: DomainError | None = None


class Source(Protocol):
    """A reader of one kind of file; `records` starts from the beginning at every call."""

    kind: str
    remarks: list[str]
    fixed_width: bool

    def records(self) -> Iterator[Record]: ...

    def row_count_estimate(self) -> int: ...


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not handed on. number: its row. value: its text, shortened."""

    number: int
    column: str
    value: str
    error: DomainError


@dataclass
class Table:
    """An opened table. Nothing stays open between calls; `rows` may be read again.

    columns: names in order. row_count_estimate: data rows, exact for small files, else judged by
    size. remarks: what was assumed (encoding, made-up names). refused: filled by `rows`.
    """

    source: Source
    columns: list[str]
    header_number: int
    row_count_estimate: int
    max_cell_chars: int = MAX_CELL_CHARS
    remarks: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.source.kind

    def rows(
        self, on_refused: Callable[[RefusedRow], None] | None = None
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """(row number, values by column) of every good row, in file order.

        Values of CSV and XLSX are text, XLSX dates are naive datetimes; JSON lines keep JSON's
        types. Refused rows go to `on_refused` as they come, or into `self.refused` without it.
        """
        self.refused = []
        refuse = on_refused or self.refused.append
        for record in self.source.records():
            if record.number <= self.header_number and record.error is None:
                continue
            values, error, column = self._judged(record)
            if error is not None:
                refuse(RefusedRow(record.number, column, shown(record.cells), error))
            elif values is not None:
                yield record.number, values

    def _judged(self, record: Record) -> tuple[dict[str, Any] | None, DomainError | None, str]:
        """Values of the row, or the refusal and its column; neither for a blank row."""
        if record.error is not None:
            return None, record.error, ""
        if isinstance(record.cells, dict):
            values = record.cells
        else:
            cells = record.cells
            if not any(cells):
                return None, None, ""
            error = self._width_error(record.number, cells)
            if error is not None:
                return None, error, ""
            values = dict(zip(self.columns, cells, strict=False))
            if len(cells) < len(self.columns):
                values.update(dict.fromkeys(self.columns[len(cells) :], ""))
        for column, value in values.items():
            if isinstance(value, str) and len(value) > self.max_cell_chars:
                error = refusals.cell_too_long(
                    record.number, column, len(value), self.max_cell_chars
                )
                return None, error, column
        return values, None, ""

    def _width_error(self, number: int, cells: list[Any]) -> DomainError | None:
        wanted = len(self.columns)
        if len(cells) > wanted and any(cells[wanted:]):
            return refusals.cells_extra(number, len(cells), wanted)
        if len(cells) < wanted and self.source.fixed_width:
            return refusals.cells_missing(number, len(cells), wanted)
        return None


def shown(cells: list[Any] | dict[str, Any]) -> str:
    """The row as one short text, for the refused-rows file."""
    if isinstance(cells, dict):
        return str(cells)[:_SHOWN_CHARS]
    parts = []
    room = _SHOWN_CHARS
    for cell in cells:
        if cell == "":
            continue
        parts.append(str(cell)[:room])
        room -= len(parts[-1])
        if room <= 0:
            break
    return " | ".join(parts)


def table_of(source: Source, known: Collection[str], max_cell_chars: int) -> Table:
    """The table of an opened source: find the header, name the columns, estimate the size."""
    first = _first_records(source)
    good = [record for record in first if record.error is None]
    if good and isinstance(good[0].cells, dict):
        return _table_of_objects(source, max_cell_chars)
    lists = [record.cells if isinstance(record.cells, list) else [] for record in good]
    place = header_place(lists, known)
    if place is None:
        broken = next((record.error for record in first if record.error is not None), None)
        raise broken or refusals.file_error(
            "empty", "The file has no rows. Send one with a header row.", "文件没有任何行，请检查。"
        )
    for record in first:
        # A header that cannot be read must not make the first row of data the header.
        if record.error is not None and record.number < good[place].number:
            raise record.error
    if len(lists[place]) > MAX_COLUMNS:
        raise refusals.file_error(
            "too_many_columns",
            f"The header has {len(lists[place]):,} columns; at most {MAX_COLUMNS:,} are allowed.",
            f"表头有 {len(lists[place]):,} 列，最多 {MAX_COLUMNS:,} 列。请检查分隔符。",
        )
    columns, remarks = column_names(lists[place])
    return Table(
        source=source,
        columns=columns,
        header_number=good[place].number,
        row_count_estimate=max(0, source.row_count_estimate() - good[place].number),
        max_cell_chars=max_cell_chars,
        remarks=[*source.remarks, *remarks],
    )


def _first_records(source: Source) -> list[Record]:
    """The rows a header is looked for in; fewer where they are huge."""
    first: list[Record] = []
    size = 0
    for record in source.records():
        first.append(record)
        size += sum(len(cell) for cell in record.cells if isinstance(cell, str))
        if len(first) >= SEARCHED_ROWS or size > 8 << 20:
            break
    return first


def _table_of_objects(source: Source, max_cell_chars: int) -> Table:
    """Columns of JSON lines: keys of the first thousand objects, in order of appearance."""
    columns: dict[str, None] = {}
    for count, record in enumerate(source.records()):
        if isinstance(record.cells, dict):
            columns.update(dict.fromkeys(record.cells))
        if count >= 1000:
            break
    return Table(
        source=source,
        columns=list(columns),
        header_number=0,
        row_count_estimate=source.row_count_estimate(),
        max_cell_chars=max_cell_chars,
        remarks=list(source.remarks),
    )


def existing_file(path: str | Path) -> Path:
    found = Path(path)
    try:
        if found.is_file():
            if found.stat().st_size:
                return found
            raise refusals.file_error(
                "empty", f"{found.name} is empty (0 bytes).", f"{found.name} 为空文件（0 字节）。"
            )
    except (OSError, ValueError):  # a NUL in the name, a folder that may not be read
        pass
    raise refusals.file_error(
        "file_missing", f"There is no file {found.name!r} to read.", f"找不到文件 {found.name!r}。"
    )
