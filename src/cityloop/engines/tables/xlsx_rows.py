"""The rows of an XLSX sheet, streamed: memory holds the shared texts and a few rows."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cityloop.engines.tables import refusals
from cityloop.engines.tables.table import MAX_CELL_CHARS, Cell, Record
from cityloop.engines.tables.xlsx_package import (
    Attributes,
    BrokenPart,
    Package,
    XmlReader,
    unescaped,
)
from cityloop.kernel.errors import DomainError

_MAX_COLUMNS = 16_384
_MAX_MERGES = 200_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*?\bref=["']([A-Z0-9:]{5,21})["']""")


class XlsxSource:
    """Reader of one sheet.

    Args:
        sheet: its name; the first one when None.
        fill_merged: every cell of a merged block gets the value of its first cell. A row that
            consists of such continuations alone is no row of its own and is left out.
    """

    kind = "xlsx"
    fixed_width = False

    def __init__(self, path: Path, *, sheet: str | None = None, fill_merged: bool = False) -> None:
        self.path = path
        package = _opened(path)
        try:
            self.sheet_names = [name for name, _ in package.sheets]
            self.sheet = sheet if sheet is not None else self.sheet_names[0]
            if self.sheet not in self.sheet_names:
                raise _no_such_sheet(self.sheet, self.sheet_names)
            self._part = dict(package.sheets)[self.sheet]
            self._package_texts = package.texts
            self._formats = package.formats
            self._from_1904 = package.from_1904
            self._merges = self._read_merges(package) if fill_merged else []
            self._size = self._declared_rows(package)
        except BrokenPart as error:
            raise _damaged(path, str(error)) from None
        finally:
            package.close()
        self.remarks: list[str] = []
        if len(self.sheet_names) > 1 and sheet is None:
            others = ", ".join(self.sheet_names[1:])[:200]
            self.remarks.append(f"sheet {self.sheet!r} is read; not read: {others}")

    def row_count_estimate(self) -> int:
        return self._size

    def records(self) -> Iterator[Record]:
        """Rows that have at least one cell, in file order. A broken tail ends as one error."""
        sheet = _SheetRows(self._package_texts, self._formats, from_1904=self._from_1904)
        filler = _Filler(self._merges)
        last = 0
        try:
            for number, cells, error in self._raw_rows(sheet):
                last = number
                if any(cells.values()):
                    filler.fill(number, cells)
                yield Record(number, _in_order(cells), error)
        except BrokenPart as error:
            yield Record(last + 1, [], refusals.tail_lost(last + 1, str(error)))

    def _raw_rows(
        self, sheet: _SheetRows
    ) -> Iterator[tuple[int, dict[int, Cell], DomainError | None]]:
        package = _opened(self.path, texts=False)
        try:
            with package.open_part(self._part) as stream:
                reader = XmlReader(sheet.start, sheet.end, sheet.text)
                steps = reader.feed(stream)
                broken: BrokenPart | None = None
                while True:
                    try:
                        more = next(steps, self) is not self
                    except BrokenPart as error:  # rows before the break are still good
                        broken, more = error, False
                    while sheet.done:
                        yield sheet.done.popleft()
                    if not more:
                        break
                if broken is not None:
                    raise broken
        finally:
            package.close()

    def _read_merges(self, package: Package) -> list[tuple[int, int, int, int]]:
        """(first row, first column, last row, last column), all from 1, by first row."""
        merges = []
        held = b""
        with package.open_part(self._part) as stream:
            try:
                while chunk := stream.read(1 << 18):
                    held += chunk
                    for found in _MERGE.finditer(held):
                        merges.append(_block(found[1].decode()))
                    last = held.rfind(b"<")
                    held = held[last:][-200:] if last >= 0 else b""
            except Exception:  # zlib, CRC: the same break is reported when rows are read
                return []
        if len(merges) > _MAX_MERGES:
            raise BrokenPart(f"more than {_MAX_MERGES:,} merged blocks")
        return sorted(block for block in merges if block is not None)

    def _declared_rows(self, package: Package) -> int:
        """Rows by the sheet's own dimension; without one, by its size (100 bytes a row)."""
        with package.open_part(self._part) as stream:
            try:
                head = stream.read(4096)
            except Exception:
                return 0
        found = re.search(rb"""<(?:\w+:)?dimension ref=["'][A-Z0-9]+:[A-Z]+(\d{1,7})["']""", head)
        return int(found[1]) if found else self.path.stat().st_size // 100


class _SheetRows:
    """Handlers that make rows of a sheet's XML events."""

    def __init__(self, texts: list[str], formats: list[str], *, from_1904: bool) -> None:
        self.done: deque[tuple[int, dict[int, Cell], DomainError | None]] = deque()
        self._texts, self._formats, self._from_1904 = texts, formats, from_1904
        self._columns: dict[str, int] = {}
        self._number = self._column = self._chars = 0
        self._cells: dict[int, Cell] = {}
        self._error: DomainError | None = None
        self._type = self._style = ""
        self._parts: list[str] = []
        self._reading = self._phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._reading = not self._phonetic
        elif name == "row":
            text = attributes.get("r", "")
            known = text.isascii() and text.isdigit() and len(text) < 9
            self._number = int(text) if known else self._number + 1
            self._cells, self._column, self._error = {}, 0, None
        elif name == "rPh":
            self._phonetic = True

    def _begin_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        self._column = self._column_of(place) if place else self._column + 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._parts, self._chars = [], 0

    def _column_of(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = column_number(letters)
            if not 1 <= column <= _MAX_COLUMNS:
                raise BrokenPart(f"no such cell: {place[:20]!r}")
            self._columns[letters] = column
        return column

    def text(self, data: str) -> None:
        # A character more than allowed is kept, so that the table can say what is too long.
        if self._reading and self._chars <= MAX_CELL_CHARS * 4:
            self._parts.append(data)
            self._chars += len(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            self._finish_cell()
        elif name == "row":
            self.done.append((self._number, self._cells, self._error))
        elif name == "rPh":
            self._phonetic = False

    def _finish_cell(self) -> None:
        raw = "".join(self._parts)
        if not raw:
            return
        try:
            self._cells[self._column] = self._value(raw)
        except (ValueError, IndexError, ArithmeticError):
            self._cells[self._column] = raw
            if self._error is None:
                self._error = _bad_cell(self._number, self._column, raw)

    def _value(self, raw: str) -> Cell:
        if self._type == "s":
            index = int(raw)
            if index < 0:
                raise IndexError(raw)
            return self._texts[index]
        if self._type in ("inlineStr", "str"):
            return unescaped(raw)
        if self._type == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self._type == "d":
            return datetime.fromisoformat(raw.strip().removesuffix("Z"))
        if self._type == "e":
            return raw
        style = int(self._style) if self._style.isascii() and self._style.isdigit() else 0
        form = self._formats[style] if style < len(self._formats) else ""
        return number_value(raw.strip(), form, from_1904=self._from_1904)


def number_value(raw: str, form: str, *, from_1904: bool = False) -> Cell:
    """A number of a sheet as the text it stands for, or as a date where its format is one.

    188006 stays "188006", 1E5 becomes "100000", 0.1 stays "0.1" however it was stored.
    Raises: ValueError when it is not a finite number.
    """
    value = float(raw)
    if not math.isfinite(value):
        raise ValueError(raw)
    if form == "date":
        moment = serial_datetime(value, from_1904=from_1904)
        if moment is not None:
            return moment
    if raw.isdigit() and len(raw) <= 15:
        text = raw.lstrip("0") or "0"
    elif value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    else:
        text = format(Decimal(repr(value)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.zfill(len(form)) if form.startswith("0") and text.isdigit() else text


def serial_datetime(serial: float, *, from_1904: bool = False) -> datetime | None:
    """Local date and time of a spreadsheet serial, to the millisecond; None outside 1900-9999.

    Day 60 of the 1900 epoch is 29 February 1900, which never was: None.
    """
    if not 1 <= serial < 2_958_466 or (not from_1904 and 60 <= serial < 61):
        return None
    first = (1904, 1, 1) if from_1904 else (1899, 12, 30 if serial > 60 else 31)
    epoch = datetime(*first)  # noqa: DTZ001 - local time of the file
    try:
        return epoch + timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return None


class _Filler:
    """Copies the first value of merged blocks over the block, row by row as they pass."""

    def __init__(self, merges: list[tuple[int, int, int, int]]) -> None:
        self._coming = deque(merges)
        self._open: dict[int, tuple[int, Any]] = {}

    def fill(self, number: int, cells: dict[int, Cell]) -> None:
        while self._coming and self._coming[0][0] <= number:
            top, left, bottom, right = self._coming.popleft()
            if top == number and left in cells:
                for column in range(left, min(right, left + 255) + 1):
                    self._open[column] = (bottom, cells[left])
        for column, (bottom, value) in list(self._open.items()):
            if number > bottom:
                del self._open[column]
            else:
                cells.setdefault(column, value)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA; 0 for what is no column."""
    if not letters.isascii() or not letters.isupper() or len(letters) > 3:
        return 0
    number = 0
    for letter in letters:
        if not letter.isalpha():
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def _block(text: str) -> tuple[int, int, int, int] | None:
    first, _, last = text.partition(":")
    ends = [_PLACE.fullmatch(place) for place in (first, last)]
    if ends[0] is None or ends[1] is None:
        return None
    return (
        int(ends[0][2]), column_number(ends[0][1]), int(ends[1][2]), column_number(ends[1][1])
    )  # fmt: skip


def _in_order(cells: dict[int, Cell]) -> list[Cell]:
    ordered: list[Cell] = [""] * max(cells, default=0)
    for column, value in cells.items():
        ordered[column - 1] = value
    return ordered


def _opened(path: Path, *, texts: bool = True) -> Package:
    try:
        return Package(path, texts=texts)
    except BrokenPart as error:
        raise _damaged(path, str(error)) from None


def _damaged(path: Path, reason: str) -> DomainError:
    return refusals.file_error(
        "damaged",
        f"{path.name} is not a whole XLSX file ({reason}). Save or fetch it again.",
        f"{path.name} 不是完整的 XLSX 文件（{reason}）。请重新保存或获取。",
        reason=reason,
    )


def _no_such_sheet(name: str, names: list[str]) -> DomainError:
    listed = ", ".join(names)[:300]
    return refusals.file_error(
        "no_such_sheet",
        f"There is no sheet {name[:80]!r}; the sheets are: {listed}.",
        f"没有名为 {name[:80]!r} 的工作表，现有：{listed}。",
        sheets=names[:50],
    )


def _bad_cell(number: int, column: int, raw: str) -> DomainError:
    return refusals.row_error(
        "cell_unreadable",
        number,
        f"cell {column} holds {raw[:40]!r}, which is not a finite number, date or text it "
        "refers to. Correct it.",
        f"第 {column} 个单元格的值 {raw[:40]!r} 不是有效的数字、日期或文本。请更正。",
        column=column,
        value=raw[:40],
    )
