"""What a scenario is: three functions and how its model is kept as plain arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cityloop.ai.tables import find_column
from cityloop.brain.values import Floats, Row
from cityloop.kernel.errors import DomainError

Report = dict[str, Any]


@dataclass(frozen=True)
class Trained:
    """A model with what is said about it."""

    model: Any
    trained_on: int
    fingerprint: str
    report: Report


@dataclass(frozen=True)
class Scenario:
    """How one kind of model is made, asked and kept."""

    train: Callable[..., Trained]
    predict: Callable[..., tuple[list[Row], Floats | None, list[str]]]
    save: Callable[[Any, Path], None]
    load: Callable[[Path], Any]


def column(rows: Sequence[Row], wanted: str | None, usual: Sequence[str], what: str) -> str:
    """The column that holds something: the one named, else the first usual one there is.

    Raises: DomainError("brain.column").
    """
    there = list(rows[0]) if rows else []
    found = wanted or find_column(there, usual)
    if found not in there:
        raise DomainError(
            "brain.column",
            f"No column holds the {what}: there are {', '.join(there) or 'no rows'}. "
            f"Name it: columns={{'{what}': ...}}.",
            f"找不到“{what}”所在的列；现有：{'、'.join(there) or '无数据'}。"
            f"请指定 columns={{'{what}': ...}}。",
        )
    return found


def digest(array: Any, more: str) -> str:
    """SHA-256 over an array and a text."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes() + more.encode()).hexdigest()
