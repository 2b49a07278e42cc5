"""How one text is made of a row: a column, several joined, or a template."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Cell = Callable[[str], str]
_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
# What is left over at the ends of a template whose columns are empty: "Noise: " -> "Noise".
_EDGES = " \t,;:/|-–—，；：、·"


def cell_text(value: Any) -> str:
    """A cell as text: dates as ISO, JSON's own types as JSON writes them, None as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


@dataclass(frozen=True, slots=True)
class Expression:
    """One text of a row.

    Args:
        columns: the columns it is made of, by their names in the mapping file.
        template: pieces in order, literal text and column names (`(text, is_column)`); empty:
            the columns joined by `separator`, empty ones left out.
    """

    columns: tuple[str, ...]
    template: tuple[tuple[str, bool], ...] = ()
    separator: str = " "

    def text(self, cell: Cell) -> str:
        """The text of a row; empty when all its columns are empty."""
        values = {name: cell(name).strip() for name in self.columns}
        if not any(values.values()):
            return ""
        if not self.template:
            return self.separator.join(v for v in values.values() if v)
        made = "".join(values[p] if is_column else p for p, is_column in self.template)
        return made if all(values.values()) else made.strip(_EDGES)

    @property
    def is_plain(self) -> bool:
        """Whether it is one column as it stands."""
        return len(self.columns) == 1 and not self.template


def column(name: str) -> Expression:
    """A column as it stands."""
    return Expression((name,))


def joined(names: tuple[str, ...], separator: str) -> Expression:
    """Several columns, one after the other."""
    return Expression(names, separator=separator)


def expression(text: str) -> Expression:
    """A column's name, or a template such as "{complaint_type}: {descriptor}".

    `{{` and `}}` stand for the signs themselves.
    Example: >>> expression("{a}: {b}").text({"a": "Noise", "b": ""}.__getitem__)
        'Noise'
    """
    if "{" not in text:
        return column(text)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in _PIECES.finditer(text):
        if found.start() > at:
            pieces.append((text[at : found.start()], False))
        name = found[1]
        pieces.append((name.strip(), True) if name else (found[0][0], False))
        at = found.end()
    if at < len(text):
        pieces.append((text[at:], False))
    names = tuple(dict.fromkeys(piece for piece, is_column in pieces if is_column))
    return Expression(names, tuple(pieces))


def folded(name: str) -> str:
    """A column's name without case, blanks, underscores and dashes: "Unique Key" = "unique_key"."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def cells_of(row: Mapping[str, Any], names: Mapping[str, str]) -> Cell:
    """Access to a row by the names of the mapping file.

    Args:
        names: name in the mapping file -> name in the table; absent ones read as empty.
    """

    def cell(name: str) -> str:
        found = names.get(name)
        return "" if found is None else cell_text(row.get(found))

    return cell
