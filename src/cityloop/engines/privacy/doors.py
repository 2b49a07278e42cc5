"""Addresses at the level of a door: building, unit, room. The street stays, the matter needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_N = r"[0-9A-Za-z一二三四五六七八九十百零〇两甲乙丙丁]{1,6}"
_BUILDING = rf"(?:{_N}(?:#|号楼|栋|幢|座|号院))"
_UNIT = rf"(?:{_N}(?:单元|门(?=[ ,，-]?[0-9]{{3,4}})))"
_ROOM = rf"(?:{_N}(?:层|楼))?(?:{_N}(?:室|房|户|号房))"
_SMALL = r"(?!\d|元|米|年|平|人|户|个|块)"
# A room is personal; a building with a unit too. A building alone is where the matter is.
_DOOR = re.compile(
    rf"(?:{_BUILDING}[ ,，-]?)?{_UNIT}[ ,，-]?(?:{_ROOM}|\d{{2,4}}{_SMALL})?"
    rf"|{_BUILDING}{_N}门|(?:{_BUILDING}[ ,，-]?){_ROOM}|{_BUILDING}[ ,，-]?\d{{3,4}}{_SMALL}"
    rf"|(?<![0-9]){_ROOM}(?=[，,。；;、\s住的]|$)"
    rf"|{_BUILDING}-?\d{{1,2}}-\d{{3,4}}(?![0-9])|(?<![0-9])\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?![0-9])"
    r"|(?<=楼上|楼下|隔壁|对门|对面|邻居|住户|业主)(?!(?:19|20)\d\d[.\-/])\d{3,4}(?!\d|[元米年平人户个块多余次路号-])"
)
_ENGLISH = re.compile(
    r"\b(?:[Aa]pt|[Aa]partment|[Ff]lat|[Uu]nit|[Rr]oom|[Rr]m|[Ss]uite)\.?\s*#?\s*[0-9]{1,5}[A-Za-z]?\b"
    r"|#\s?[0-9]{1,5}[A-Za-z]?\b"
)
_COUNTED = re.compile(r"^[一二三四五六七八九十百零〇两0-9]{1,6}(?:户|房|室)$")


def doors_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of doors in a folded text. "320户" counts households and is none."""
    for match in _DOOR.finditer(text):
        if not (_COUNTED.match(match[0]) and match[0][-1] in "户房"):
            yield match.start(), match.end()
    for match in _ENGLISH.finditer(text):
        yield match.start(), match.end()
