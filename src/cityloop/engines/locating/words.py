"""Free text → comparable tokens: one Chinese character, one Latin word or one number each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Tokens = tuple[str, ...]
MAX_CHARS = 20_000  # a place is named early; the rest of a longer text is not read
CORNERS = (
    "交叉路口", "十字路口", "丁字路口", "交叉口", "交汇处", "交会处", "交界处", "相交处", "交口",
    "拐角", "转角", "路口",
)  # fmt: skip

_TOKEN = re.compile(r"[a-z]+|\d+(?:st|nd|rd|th)\b|\d+|[\u3400-\u9fff\U00020000-\U0003ffff]|[&#]")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`ʼ´"))
_SAME = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "lane": "ln",
    "boulevard": "blvd", "drive": "dr", "court": "ct", "place": "pl", "square": "sq",
    "highway": "hwy", "parkway": "pkwy", "terrace": "ter", "circle": "cir",
    "north": "n", "south": "s", "east": "e", "west": "w", "building": "bldg",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HOUSE = "号楼"  # one token for 号楼, 栋, 幢, 座, # and for "Building n"
_HOUSE_WORDS = (
    ("号", "楼"),
    ("号", "栋"),
    ("栋",),
    ("幢",),
    ("座",),
    ("#", "楼"),
    ("号", "#"),
    ("#",),
)


def tokens_of(text: str) -> Tokens:
    """Tokens of a text: full width, case, accents, abbreviations and house numbers made equal."""
    plain = unicodedata.normalize("NFKD", text[:MAX_CHARS]).casefold().translate(_APOSTROPHES)
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = [_SAME.get(word, word) for word in _TOKEN.findall(plain)]
    return tuple(_with_house_numbers(found))


def is_chinese(word: str) -> bool:
    """True for a Chinese character (or a house number word)."""
    return word >= "\u3400"


def _with_house_numbers(found: list[str]) -> Iterator[str]:
    """三号楼, 3栋, 3# and building 3 all become 3, 号楼."""
    at, n = 0, len(found)
    while at < n:
        word = found[at]
        if word == "bldg":
            skip = 2 if at + 2 < n and found[at + 1] in ("no", "#") else 1
            if at + skip < n and found[at + skip].isdigit():
                yield from (str(int(found[at + skip])), _HOUSE)
                at += skip + 1
                continue
        end, number = _number(found, at)
        if number is not None:
            length = _house_word(found, end)
            if length:
                yield from (str(number), _HOUSE)
                at = end + length
                continue
        yield word
        at += 1


def _number(found: list[str], at: int) -> tuple[int, int | None]:
    """A number that starts here: (position after it, its value or None)."""
    word = found[at]
    if word.isdigit() and len(word) < 6:
        return at + 1, int(word)
    if word not in _DIGITS and word != "十":
        return at, None
    end = at
    while end < len(found) and (found[end] in _DIGITS or found[end] == "十"):
        end += 1
    tens, ten, ones = "".join(found[at:end]).partition("十")
    if (ten and len(tens) > 1) or len(ones) > 1 or len(tens) > 3:
        return end, None
    if not ten:
        return end, int("".join(str(_DIGITS[c]) for c in tens))
    return end, (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _house_word(found: list[str], at: int) -> int:
    for form in _HOUSE_WORDS:
        if tuple(found[at : at + len(form)]) == form:
            return len(form)
    return 0
