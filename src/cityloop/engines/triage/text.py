"""Report texts as one array of normalised code points: what is read, never what is stored.

The work is done on all texts of a batch at once, as arrays, because one regular expression per
report would cost more than the whole classification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

TITLE_CHARACTERS = 200
BODY_CHARACTERS = 3_000
"""Longer texts are read up to here; the end of a long complaint repeats its beginning."""

CODES = NDArray[np.uint32]
SPACE, DIGIT = 0x20, 0x30
PLACE = 0x25C7  # ◇ stands for a coded place such as "A3区"
HAN = 0x2E80  # from here on scripts that are written without spaces between words
_SUFFIXES = "市区县州镇乡村街"
_LETTERS = (0x61, 0x7A)


@dataclass(frozen=True, slots=True)
class Segments:
    """Titles and bodies of a batch in one array.

    codes: normalised code points; segment: index of the segment each belongs to, ascending;
    segment 2*i is the title of text i, 2*i + 1 its body.
    """

    codes: CODES
    segment: NDArray[np.int32]
    texts: int


@cache
def _code_table() -> CODES:
    table = np.arange(0x110000, dtype=np.uint32)
    for wide in range(0xFF01, 0xFF5F):
        table[wide] = wide - 0xFEE0
    table[0x3000] = SPACE
    for code in [*range(0x41, 0x590), *range(0x1E00, 0x2000)]:
        lower = chr(code).lower()
        if len(lower) == 1:
            table[code] = ord(lower)
    table[0xFF21:0xFF3B] = np.arange(0x61, 0x7B)
    for code in [*range(0x21), *range(0x7F, 0xA1), *range(0x2000, 0x2010), 0x2028, 0x2029, 0xFEFF]:
        table[code] = SPACE
    table[0x30:0x3A] = DIGIT
    table[0xFF10:0xFF1A] = DIGIT
    return table


@cache
def _is_suffix() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[[ord(char) for char in _SUFFIXES]] = True
    return table


def segments_of(titles: Sequence[str], bodies: Sequence[str]) -> Segments:
    """Titles and bodies, cut to their limits, normalised and joined.

    Full-width becomes half-width, capitals small, a run of digits one "0", a run of white space
    one space (none beside Han), control characters space, a coded place such as "A3区" one "◇".
    Raises: DomainError("triage.lengths") unless there are as many titles as bodies,
        DomainError("triage.not_text") when one of them is not a string.
    """
    if len(titles) != len(bodies):
        raise DomainError(
            "triage.lengths",
            f"{len(titles)} titles but {len(bodies)} texts: give one title per text ('' if none).",
            f"标题 {len(titles)} 个，正文 {len(bodies)} 个：每条正文须有一个标题（可为空串）。",
            where="titles",
        )
    parts: list[str] = []
    for title, body in zip(titles, bodies, strict=True):
        if not isinstance(title, str) or not isinstance(body, str):
            raise _not_text(len(parts) // 2, title if not isinstance(title, str) else body)
        parts.append(title[:TITLE_CHARACTERS])
        parts.append(body[:BODY_CHARACTERS])
    lengths = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
    raw = np.frombuffer("".join(parts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    segment = np.repeat(np.arange(len(parts), dtype=np.int32), lengths)
    codes, segment = _tidy(_code_table()[raw], segment)
    return Segments(codes, segment, len(titles))


def normalised(text: str) -> str:
    """One text as the classifier sees it (for showing and testing).

    Example: >>> normalised("Ａ３区　第１２号")
    '◇第0号'
    """
    return text_of(segments_of([""], [text]).codes)


def text_of(codes: CODES) -> str:
    """Code points back to a string; lone surrogates are shown as "?"."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")


def _tidy(codes: CODES, segment: NDArray[np.int32]) -> tuple[CODES, NDArray[np.int32]]:
    """Runs collapsed, spaces beside Han dropped, coded places masked; runs end with the segment."""
    if not len(codes):
        return codes, segment
    same = segment[1:] == segment[:-1]
    repeats = same & (codes[1:] == codes[:-1]) & ((codes[1:] == SPACE) | (codes[1:] == DIGIT))
    keep = np.concatenate(([True], ~repeats))
    codes, segment = codes[keep], segment[keep]
    keep = ~_spaces_beside_han(codes, segment)
    keep &= ~_mask_places(codes, segment)
    return codes[keep], segment[keep]


def _spaces_beside_han(codes: CODES, segment: NDArray[np.int32]) -> NDArray[np.bool_]:
    same = segment[1:] == segment[:-1]
    han = codes >= HAN
    beside = np.zeros(len(codes), dtype=np.bool_)
    beside[1:] = han[:-1] & same
    beside[:-1] |= han[1:] & same
    beside &= codes == SPACE
    return beside


def _mask_places(codes: CODES, segment: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Writes ◇ over the letter of each coded place (in `codes`) and tells what follows to drop.

    A coded place is one Latin letter that stands alone, at most one run of digits, a suffix.
    """
    drop = np.zeros(len(codes), dtype=np.bool_)
    ends = np.flatnonzero(_is_suffix()[codes])
    ends = ends[ends > 0]
    before = codes[ends - 1]
    digits = (before == DIGIT) & (ends > 1)
    letters = ends - 1 - digits
    first, last = _LETTERS
    fits = (codes[letters] >= first) & (codes[letters] <= last)
    fits &= segment[letters] == segment[ends]
    previous = np.maximum(letters - 1, 0)
    joined = (letters > 0) & (segment[previous] == segment[letters])
    word = (codes[previous] == DIGIT) | ((codes[previous] >= first) & (codes[previous] <= last))
    fits &= ~(joined & word)
    codes[letters[fits]] = PLACE
    drop[ends[fits]] = True
    drop[ends[fits & digits] - 1] = True
    return drop


def _not_text(row: int, value: object) -> DomainError:
    return DomainError(
        "triage.not_text",
        f"Text {row} is {type(value).__name__}, not a string: convert it, or give ''.",
        f"第 {row} 条不是字符串（{type(value).__name__}）：请先转换，或给空串。",
        where=str(row),
    )
