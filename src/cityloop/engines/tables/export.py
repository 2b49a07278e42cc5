"""Tables that go out: CSV and XLSX, written as they come, with no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

_BOM = b"\xef\xbb\xbf"
_CHUNK_CHARS = 64 * 1024
# Full-width forms count: input methods and some spreadsheets fold them to the plain signs.
_RUNS = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")


def harmless(value: object) -> object:
    """The value for a CSV cell: a text that a spreadsheet could run gets a leading apostrophe.

    Numbers stay numbers, also a negative one written as text ("-12.5"). "+8613..." as text is
    quoted: a spreadsheet would make 8.6E+12 of it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal) and math.isfinite(value):
        return value
    text = str(value).replace("\0", "")  # datetimes and dates: ISO with a blank
    runs = _RUNS.match(text)
    if runs and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def csv_chunks(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with BOM (Excel needs it), CRLF, formulas disarmed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in columns])
    yield _BOM
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if out.tell() > _CHUNK_CHARS:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")  # a half character from an old row becomes "?"
