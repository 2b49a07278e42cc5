"""CSV and TSV as the world writes them: any separator, quoted line ends, half-written files."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from cityloop.engines.tables import refusals
from cityloop.engines.tables.encodings import Line, LineTooLong, TextForm, lines_of, text_form
from cityloop.engines.tables.headers import header_place
from cityloop.engines.tables.table import Record
from cityloop.kernel.errors import DomainError

DELIMITERS = (",", "\t", ";", "|")
MAX_ROW_BYTES = 32 * 1024 * 1024
_SAMPLE_LINES = 200
_SAMPLE_BYTES = 4 << 20

# The csv module refuses cells over 128 KiB in the middle of a row and then reads the rest of it
# as rows. The length is judged on whole rows here, so its own limit goes out of the way; it is
# one setting for the process.
csv.field_size_limit(2**31 - 1)


class DelimitedSource:
    """Reader of one file; see Table for what comes out."""

    kind = "csv"
    fixed_width = True

    def __init__(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        known: Collection[str] = (),
        max_row_bytes: int = MAX_ROW_BYTES,
    ) -> None:
        self.path = path
        self._max_row_bytes = max_row_bytes
        with path.open("rb") as stream:
            self.form: TextForm = text_form(stream, encoding)
        sample = self._sample()
        self.delimiter = _checked(delimiter) if delimiter else likely_delimiter(sample, known)
        self.remarks = [] if encoding else [f"encoding read as {self.form.encoding}"]
        self.remarks += self._remark_on_end()

    def records(self) -> Iterator[Record]:
        """All rows from the top, header included."""
        with self.path.open("rb") as stream:
            lines = _Feed(lines_of(stream, self.form, self._max_row_bytes), self._max_row_bytes)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            number = 0
            while True:
                number += 1
                lines.begin()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Record(number, lines.raw(), self._quote_error(error, number, lines))
                    continue
                except LineTooLong:
                    line = lines.first_line
                    error_ = refusals.row_too_long(number, line, self._max_row_bytes)
                    yield Record(number, lines.raw(), error_)
                    return
                yield Record(number, cells, lines.undecodable(number, self.form.encoding))

    def _quote_error(self, error: csv.Error, number: int, lines: _Feed) -> DomainError:
        bad = lines.undecodable(number, self.form.encoding)
        if bad is not None:
            return bad
        if lines.ended:
            return refusals.quote_unclosed(number, lines.first_line, lines.line_count)
        return refusals.quote_broken(number, str(error))

    def _sample(self) -> list[str]:
        """The first lines, for the judgement of separator and size."""
        taken: list[str] = []
        self._sample_bytes = self.form.bom_bytes
        with self.path.open("rb") as stream:
            try:
                for line in lines_of(stream, self.form, self._max_row_bytes):
                    taken.append(line.text)
                    self._sample_bytes += len(line.text.encode(self.form.encoding, "replace"))
                    if len(taken) >= _SAMPLE_LINES or self._sample_bytes > _SAMPLE_BYTES:
                        break
            except LineTooLong:
                pass
        self._sample_lines = len(taken)
        return taken

    def row_count_estimate(self) -> int:
        """Rows with the header: counted when the sample is the file, else by mean row size."""
        count = 0
        for record in self.records():
            count = record.number
            if count >= _SAMPLE_LINES:
                break
        else:
            return count
        size = self.path.stat().st_size
        # Rows may span lines; the sample gave bytes per line, the reader rows per line.
        rows_per_line = min(1.0, count / max(1, self._lines_read(count)))
        lines = size * self._sample_lines / max(1, self._sample_bytes)
        return max(count, int(lines * rows_per_line))

    def _lines_read(self, rows: int) -> int:
        with self.path.open("rb") as stream:
            feed = _Feed(lines_of(stream, self.form, self._max_row_bytes), self._max_row_bytes)
            reader = csv.reader(feed, delimiter=self.delimiter)
            try:
                for _ in zip(range(rows), reader, strict=False):
                    pass
            except (csv.Error, LineTooLong):
                pass
            return reader.line_num

    def _remark_on_end(self) -> list[str]:
        with self.path.open("rb") as stream:
            stream.seek(-min(4, self.path.stat().st_size), 2)
            end = stream.read()
        if end.endswith(self.form.newline):
            return []
        return ["the last line has no line end; check that the file is complete"]


class _Feed:
    """Hands lines to the csv reader and remembers those of the row in work."""

    def __init__(self, lines: Iterator[Line], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._read = 0
        self.ended = False
        self.begin()

    def begin(self) -> None:
        self._bad: Line | None = None
        self._start = ""
        self._size = 0
        self.line_count = 0
        self.first_line = self._read + 1

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self._read += 1
        self.line_count += 1
        self._size += len(line.text)
        if self._size > self._limit:
            raise LineTooLong
        if not self._start:
            self._start = line.text[:2000]
        if line.bad_byte is not None and self._bad is None:
            self._bad = line
        return line.text

    def raw(self) -> list[str]:
        return [self._start.rstrip("\r\n")]

    def undecodable(self, number: int, encoding: str) -> DomainError | None:
        if self._bad is None or self._bad.bad_byte is None:
            return None
        return refusals.undecodable(number, self._bad.bad_byte, self._bad.bad_value, encoding)


def likely_delimiter(lines: list[str], known: Collection[str]) -> str:
    """The separator under which the first rows agree best on a width above one.

    With `known` column names the one that finds most of them wins.
    """

    def merit(delimiter: str) -> tuple[int, float, int]:
        rows = _parsed(lines, delimiter)
        widths = [len(row) for row in rows if any(row)]
        if not widths:
            return 0, 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        share = widths.count(usual) / len(widths) if usual > 1 else 0.0
        place = header_place(rows, known) if known else None
        hits = len(set(known) & {cell.strip() for cell in rows[place]}) if place is not None else 0
        return hits, share, usual

    return max(DELIMITERS, key=merit)


def _parsed(lines: list[str], delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(iter(lines), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= 50:
                break
    except csv.Error:
        pass
    return rows


def _checked(delimiter: str) -> str:
    if delimiter in DELIMITERS:
        return delimiter
    raise DomainError(
        "table.delimiter_not_allowed",
        f"The separator {delimiter[:10]!r} is not allowed; use one of , ; | or a tab.",
        f"不支持分隔符 {delimiter[:10]!r}，可用：逗号、分号、竖线、制表符。",
        where="delimiter",
    )
