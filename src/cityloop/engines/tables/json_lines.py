"""JSON lines: one object a line, strict numbers, no key twice."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cityloop.engines.tables import refusals
from cityloop.engines.tables.delimited import MAX_ROW_BYTES
from cityloop.engines.tables.encodings import Line, LineTooLong, TextForm, lines_of, text_form
from cityloop.engines.tables.table import Record
from cityloop.kernel.errors import DomainError

MAX_DEPTH = 32


class JsonLinesSource:
    """Reader of one file of JSON lines; the row number is the line number."""

    kind = "jsonl"
    fixed_width = False

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.path = path
        with path.open("rb") as stream:
            self.form: TextForm = text_form(stream, encoding)
        self.remarks: list[str] = []

    def records(self) -> Iterator[Record]:
        with self.path.open("rb") as stream:
            number = 0
            try:
                for number, line in enumerate(lines_of(stream, self.form, MAX_ROW_BYTES), 1):
                    if line.text.strip():
                        yield _record(number, line, self.form.encoding)
            except LineTooLong:
                error = refusals.row_too_long(number + 1, number + 1, MAX_ROW_BYTES)
                yield Record(number + 1, [], error)

    def row_count_estimate(self) -> int:
        """Lines: counted up to 64 MiB, beyond that by mean length."""
        with self.path.open("rb") as stream:
            part = stream.read(64 << 20)
        counted = part.count(b"\n") + (not part.endswith(b"\n"))
        return counted * self.path.stat().st_size // max(1, len(part))


def _record(number: int, line: Line, encoding: str) -> Record:
    raw = [line.text[:2000].strip()]
    if line.bad_byte is not None:
        error = refusals.undecodable(number, line.bad_byte, line.bad_value, encoding)
        return Record(number, raw, error)
    try:
        return Record(number, strict_object(line.text))
    except ValueError as error_:
        return Record(number, raw, _not_an_object(number, str(error_)))


def strict_object(text: str) -> dict[str, Any]:
    """The object in a JSON text.

    Raises: ValueError for anything else, for NaN, Infinity and 1e999, for a key that comes twice,
        for more than 32 levels.
    """
    if _depth(text) > MAX_DEPTH:  # before parsing: the parser recurses
        raise ValueError(f"more than {MAX_DEPTH} levels")
    found = json.loads(
        text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_unique
    )
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} instead of an object")
    return found


def _depth(text: str) -> int:
    """Deepest nesting; brackets inside strings count too, which only errs on the safe side
    when a text holds dozens of unclosed ones."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    in_text = escaped = False
    for char in text:
        if in_text:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_text = False
        elif char == '"':
            in_text = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is too large for a number")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:40]!r} comes twice")
    return found


def _not_an_object(number: int, reason: str) -> DomainError:
    return refusals.row_error(
        "json_broken",
        number,
        f"not a JSON object ({reason}). Write one object per line.",
        f"不是合法的 JSON 对象（{reason}）。每行应为一个对象。",
        reason=reason,
    )
