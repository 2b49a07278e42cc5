"""Counts as people write them in tables: 300, 300.0, "1,200", "３００户", "约300"."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_UNIT = r"(?:户|家|住户|households?|hh)?"
_EXACT = re.compile(rf"([-+]?\d{{1,12}})(?:\.0*)?{_UNIT}")
_ABOUT = re.compile(
    rf"(?:大?约|大概|近|~|≈|about|ca\.?)?(\d{{1,12}}(?:\.\d+)?)"
    rf"(?:余|多|左右|上下|\+)?{_UNIT}(?:左右|上下|以上)?"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NOTHING = frozenset(
    [
        "",
        *[
            "-",
            "--",
            "—",
            "/",
            "\\",
            "无",
            "空",
            "未知",
            "不详",
            "null",
            "none",
            "nan",
            "n/a",
            "na",
        ],
    ]
)


@dataclass(frozen=True, slots=True)
class Count:
    """number: None where nothing can be read. exact: said so, not about so many or a part."""

    number: int | None
    exact: bool = True


def read_count(value: Any) -> Count | None:
    """What a value says of a number; None where it says nothing.

    Example: >>> read_count("约 300 户")
        Count(number=300, exact=False)
    """
    if value is None:
        return None
    if isinstance(value, int):
        return Count(None if isinstance(value, bool) else value)
    return _of_float(value) if isinstance(value, float) else _of_text(str(value))


def _of_text(given: str) -> Count | None:
    text = unicodedata.normalize("NFKC", given).replace(" ", "").casefold()
    if text in _NOTHING:
        return None
    text = _THOUSANDS.sub("", text)
    found = _EXACT.fullmatch(text)
    if found:
        return Count(int(found[1]))
    found = _ABOUT.fullmatch(text)
    return Count(math.floor(float(found[1]) + 0.5), exact=False) if found else Count(None)


def _of_float(value: float) -> Count | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return Count(None)
    return Count(math.floor(value + 0.5), exact=value == int(value))
