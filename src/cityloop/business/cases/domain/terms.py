"""From words to terms of the search index: what a text can be found by. Pure.

Chinese has no blanks: runs of hanzi are found by every two neighbours in them (垃圾 in 建筑垃圾).
Latin words are found by their beginnings (lamp, lamps), digits by the whole run. A term is kept as
a 32-bit number: one form for both databases, nothing in it that a query language could read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

MOST_CHARACTERS = 4_000  # of one text; nineteen messages in twenty have fewer than 1,500
SHORTEST, LONGEST = 3, 6  # beginnings of a Latin word that find it
MOST_WORDS = 12  # in one query; more would only be slower, two words decide already
# One word at a time: hanzi and other scripts without blanks, digits, letters of all other scripts.
_HANZI = "\u3005\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HANZI}]+|\d+|[^\W\d_{_HANZI}]+")
_IS_HANZI = re.compile(rf"[{_HANZI}]")
# Buckets of neighbouring cases: a look among the newest few reads nothing of the years before.
BUCKET_BITS = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks for: all of `terms`; `short` are words too short to look up."""

    terms: tuple[int, ...]
    short: tuple[str, ...] = ()


def terms_of(texts: Iterable[str]) -> set[int]:
    """The terms by which texts can be found.

    Example: >>> terms_of(["井盖"]) == {number("井盖")}
        True
    """
    found: set[str] = set()
    for text in texts:
        for run in _RUN.findall(_plain(text[:MOST_CHARACTERS])):
            if _IS_HANZI.match(run):
                found.update(run[i : i + 2] for i in range(len(run) - 1))
            elif run[0].isdigit():
                found.add(run)
            else:
                cut = run[:LONGEST]
                found.update(cut[:n] for n in range(min(SHORTEST, len(cut)), len(cut) + 1))
    return {number(term) for term in found}


def wanted(query: str) -> Wanted:
    """The terms of a query. A single hanzi finds nothing by itself and is named in `short`.

    Example: >>> wanted("路").short
        ('路',)
    """
    terms: dict[int, None] = {}
    short: list[str] = []
    for run in _RUN.findall(_plain(query[:200]))[:MOST_WORDS]:
        if not _IS_HANZI.match(run):
            terms[number(run if run[0].isdigit() else run[:LONGEST])] = None
        elif len(run) == 1:
            short.append(run)
        else:
            for i in range(len(run) - 1):
                terms[number(run[i : i + 2])] = None
    return Wanted(tuple(terms), tuple(short))


def area_term(area_id: int) -> int:
    """The term that every case of an area carries."""
    return number(f"area:{area_id}")


def bucket_of(case_id: int) -> int:
    """The bucket a case lies in; newer cases lie in higher ones."""
    return case_id >> BUCKET_BITS


def bucket_term(bucket: int) -> int:
    """The term that every case of a bucket carries."""
    return number(f"bucket:{bucket}")


def case_terms(case_id: int, areas: Sequence[int], texts: Iterable[str]) -> list[int]:
    """All terms of one case, sorted."""
    found = terms_of(texts)
    found.update(area_term(a) for a in areas)
    found.add(bucket_term(bucket_of(case_id)))
    return sorted(found)


def number(term: str) -> int:
    """A term as a signed 32-bit number. Two terms in four thousand million share one."""
    value = crc32(term.encode("utf-8", "replace"))
    return value - (1 << 32) if value >= 1 << 31 else value


def _plain(text: str) -> str:
    """Full-width, letter case and other forms of the same character do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()
