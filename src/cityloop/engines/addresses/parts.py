"""An address or a search, taken apart: names, the numbers said of them, how the place lies there.

Shaped by how people write: 丽发新城2期17栋3单元, 洪山路188号, 15#, 梓园花苑1栋B座, 米兰春天G2栋320,
五栋四单元206号房, 保利花园三期对面的工地, No. 12 Heping Road, Building 3. The 三 of 三里屯 and the
一 of 五一路 are no numbers: only what stands before a unit is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.addresses.relations import (
    Relation,
    find_relation,
    relation_after,
    relations_before,
)
from cityloop.engines.addresses.roads import (
    CROSS,
    ROAD_WORDS,
    stretch,
    two_roads,
    without_corner,
)
from cityloop.engines.locating.words import CORNERS, tokens_of

HOUSE, BUILDING, INSIDE = "house", "building", "inside"
_UNITS = {
    "号楼": BUILDING, "#楼": BUILDING, "号栋": BUILDING, "栋": BUILDING, "幢": BUILDING,
    "座": BUILDING, "#": BUILDING, "号院": HOUSE, "号": HOUSE, "弄": HOUSE,
    "单元": INSIDE, "室": INSIDE, "层": INSIDE, "楼": INSIDE, "号房": INSIDE, "房": INSIDE,
    "号门": INSIDE,
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH = re.compile(
    r"(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?|(?<![a-z])[a-z]\d{0,3}(?=栋|座|幢|号楼|#)"
    r"|[〇零一二两三四五六七八九十百]{1,4})\s?"
    r"(?P<unit>号楼|#楼|号院|号栋|号房|号门|栋|幢|座|#|号(?!线|出口|站台)|弄|单元|室|层|楼|房(?![屋产子地东租价顶间]))"
)
_EN_AFTER = re.compile(
    r"\b(?P<word>building|bldg|block|tower|no|number|unit|room|flat|apt)\b\.?\s*#?\s*"
    r"(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?)\b"
)
_EN_BLOCK = re.compile(r"\b\d{1,5} block (?:of )?(?=\w)")  # a hundred houses: of the street
_EN_BEFORE = re.compile(  # 500 e 35th st, 12 heping rd; 133 avenue is a name
    r"(?:^|(?<=[,\s\x02]))(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?)\s+"
    rf"(?=(?!(?:{'|'.join(ROAD_WORDS)})\b\s*(?:$|[,&/@]|and\b|at\b))[a-z]{{2}}|[nsew]\s+\w|\d+(?:st|nd|rd|th)?\s+[a-z]{{2}})"
)
_EN_UNITS = {
    "building": BUILDING, "bldg": BUILDING, "block": BUILDING, "tower": BUILDING,
    "no": HOUSE, "number": HOUSE, "unit": INSIDE, "room": INSIDE, "flat": INSIDE, "apt": INSIDE,
}  # fmt: skip
_ZIP = re.compile(r"\b\d{5}(?:-\d{4})?$")
_STATE = re.compile(r"[a-z]{2}")
_TRAILING = re.compile(r"(?<=\D)\s(?P<value>\d{1,5}(?:-\d{1,4})?)$")
_BETWEEN = re.compile(r"[,，、;；。:：()（）/]+|\s(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s")
_MARK = re.compile(r"([\x00\x02]\d+[\x00\x02])")
_PHASE = re.compile(r"(?:第)?([一二三四五六七八九十])期")
_WITHIN = re.compile(
    r"^\s?(?:[一二三四五六七八九十负]{1,3}[楼层]|顶[楼层]|底[楼层]|地下室|楼道|楼梯间?)(?:的)?"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an address. `unit`: house, building or inside; `name`: place of its name."""

    value: str
    unit: str
    name: int


@dataclass(frozen=True, slots=True)
class Parts:
    """Names in their order, and what is said of them.

    `crossing`: two roads are said to cross: the place of the second name and the word between
    them, which may be its beginning (建设路和平路 is 建设路, 和平路). `relations`: by place of the
    name, how what is meant lies there. `aside`: names of what lies there (对面的工地), which need
    not be registered. `is_stretch`: from here to there, which is no point.
    """

    names: tuple[str, ...]
    numbers: tuple[Number, ...]
    crossing: tuple[int, str] | None = None
    relations: dict[int, Relation] = field(default_factory=dict)
    aside: frozenset[int] = frozenset()
    is_stretch: bool = False

    def number_of(self, name: int) -> Number | None:
        """The number of a name that finds a house or a building."""
        found = [n for n in self.numbers if n.name == name and n.unit != INSIDE]
        same = {n.value for n in found if n.unit == found[-1].unit}
        return found[-1] if len(same) == 1 else None  # 14栋和9栋 is neither


def parse(text: str) -> Parts:
    """Names and numbers of an address, and what is said besides them.

    Example: >>> parse("和平路12号永安里小区三号楼门口").names
        ('和平路', '永安里小区')
    """
    whole = _PHASE.sub(lambda m: f"{_DIGITS.get(m[1], 10)}期", plain(text))
    latin = not any(is_hanzi(c) for c in whole)
    reader = _Reader()
    if latin:
        whole = reader.english(_EN_BLOCK.sub("", _without_city(whole)))
    whole, reader.is_stretch = stretch(whole)
    if not reader.is_stretch:
        whole, reader.joint = two_roads(whole, latin=latin)
    marked, reader.found = _numbers(whole, latin=latin)
    for piece in _BETWEEN.split(marked):
        reader.piece(piece)
    return reader.parts()


class _Reader:
    """What was read so far of an address, piece by piece."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.numbers: list[Number] = []
        self.relations: dict[int, Relation] = {}
        self.aside: set[int] = set()
        self.crossing: tuple[int, str] | None = None
        self.is_stretch, self.joint = False, ""
        self.found: list[tuple[str, str, bool]] = []
        self._waiting: list[tuple[str, str]] = []  # numbers before their name
        self._said: list[Relation] = []  # before their names, in English
        self._due: Relation | None = None  # of the name that comes next

    def english(self, text: str) -> str:
        """The text with marks where it says how a place lies to the name that follows."""
        begun, marked = 0, ""
        for start, end, said in relations_before(text):
            marked += f"{text[begun:start]}\x02{len(self._said)}\x02"
            self._said.append(said)
            begun = end
        return marked + text[begun:]

    def piece(self, text: str) -> None:
        """A part of an address between commas."""
        begun, behind = len(self.names), False
        for part in _MARK.split(text):
            if part.startswith("\x00"):
                self._number(*self.found[int(part.strip("\x00"))])
            elif part.startswith("\x02"):
                self.aside.update(
                    n for n in range(begun, len(self.names)) if n not in self.relations
                )
                self._due = self._said[int(part.strip("\x02"))]
            elif part:
                self._words(part, behind=behind)
            behind = part.startswith("\x00")

    def parts(self) -> Parts:
        """All of it."""
        last = max(len(self.names) - 1, 0)
        self.numbers += [Number(value, unit, last) for value, unit in self._waiting]
        return Parts(
            tuple(self.names), tuple(self.numbers), self.crossing, self.relations,
            frozenset(self.aside), self.is_stretch,
        )  # fmt: skip

    def _number(self, value: str, unit: str, leads: bool) -> None:
        if leads or not self.names:
            self._waiting.append((value, unit))
        else:
            self.numbers.append(Number(value, unit, len(self.names) - 1))

    def _words(self, part: str, *, behind: bool) -> None:
        """A name, or what is said of the one before it; `behind` a number."""
        if behind and self.names:
            part = _WITHIN.sub("", part)
            if part.strip(" -").isdigit():  # G2栋320: a room
                self.numbers.append(Number(part.strip(" -"), INSIDE, len(self.names) - 1))
                return
            said = relation_after(part)
            if said is not None:
                self.relations[len(self.names) - 1] = said
                self._aside(part.partition(said.words)[2])
                return
        if not any(map(is_hanzi, part)):
            self._name(part)
            return
        found = find_relation(part)
        if found is None:
            self._name(part)
            return
        start, end, said = found
        inner = find_relation(part[:start])  # 东门旁边: the gate tells more
        if inner is not None and inner[1] == start:
            start, _, said = inner
        if self._name(part[:start]):
            self.relations[len(self.names) - 1] = said
            self._aside(part[end:])

    def _aside(self, rest: str) -> None:
        said = relation_after(rest)
        if self._name(rest.partition(said.words)[2] if said else rest):
            self.aside.add(len(self.names) - 1)

    def _name(self, part: str) -> bool:
        name = part.removeprefix(CROSS).strip(" .·-'\"“”的在位于")
        said = relation_after(name)
        if name in CORNERS or (said is not None and said.words == name):
            return False
        name = without_corner(name)
        if not any(c.isalnum() for c in name):
            return False
        if part.startswith(CROSS) and self.names:
            self.crossing = (len(self.names), self.joint)
        self.names.append(name)
        place = len(self.names) - 1
        self.numbers += [Number(v, u, place) for v, u in self._waiting]
        self._waiting = []
        if self._due is not None:
            self.relations[place], self._due = self._due, None
        return True


def stem_of(name: str) -> tuple[str, Number | None]:
    """A registered name as the name it is found by and its own number: 永安里小区3号楼."""
    parts = parse(name)
    if len(parts.names) != 1:
        return plain(name), None
    number = parts.number_of(0)
    return (parts.names[0], number) if number else (plain(name), None)


def house_number(value: str) -> str:
    """三, 03 and 3 are one; letters stay.

    Example: >>> house_number("十二"), house_number("012-3")
        ('12', '12-3')
    """
    if value.isascii():
        return "-".join(p.lstrip("0") or "0" for p in value.split("-"))
    hundreds, hundred, rest = value.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    if not hundred and not ten:
        return "".join(str(_DIGITS.get(c, "")) for c in value).lstrip("0") or "0"
    number = (_DIGITS.get(hundreds[-1:], 1) * 100) if hundred else 0
    number += (_DIGITS.get(tens[-1:], 1) * 10) if ten else 0
    return str(number + _DIGITS.get(ones[-1:], 0))


def letters_of(name: str) -> str:
    """A Latin name as one run of letters, its usual abbreviations made equal.

    Example: >>> letters_of("Heping Road")
        'hepingrd'
    """
    return "".join(t for t in tokens_of(name) if t.isascii())


def _without_city(text: str) -> str:
    """12 heping rd for 12 heping rd, baltimore, md, 21216: above the areas that are registered."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    count = len(parts)
    if count > 1 and _ZIP.search(parts[-1]):
        parts[-1:] = [left] if (left := _ZIP.sub("", parts[-1]).strip()) else []
    while len(parts) > 1 and _STATE.fullmatch(parts[-1]):
        parts.pop()
    if 1 < len(parts) < count and parts[-1].replace(" ", "").isalpha():
        parts.pop()
    return ", ".join(parts) if len(parts) < count else text


def _numbers(text: str, *, latin: bool) -> tuple[str, list[tuple[str, str, bool]]]:
    """The text with marks in place of numbers; each number: value, unit, stands before a name."""
    found: list[tuple[str, str, bool]] = []

    def mark(value: str, unit: str, leads: bool) -> str:
        found.append((house_number(value), unit, leads))
        return f"\x00{len(found) - 1}\x00"

    def zh(match: re.Match[str]) -> str:
        if text[match.start() - 1 : match.start()] in ("月", "第", "."):
            return match[0]  # 5月10号 and 5.10号 are days
        if match["unit"] in ("楼", "层") and not match["value"][0].isdigit():
            return match[0]  # 二楼 is a floor, and 三楼 is in names
        return mark(match["value"], _UNITS[match["unit"]], False)

    marked = _ZH.sub(zh, text)
    marked = _EN_AFTER.sub(lambda m: mark(m["value"], _EN_UNITS[m["word"]], latin), marked)
    if latin:
        marked = _EN_BEFORE.sub(lambda m: " " + mark(m["value"], HOUSE, True), marked)
    marked = _TRAILING.sub(lambda m: " " + mark(m["value"], BUILDING, False), marked)
    return marked, found
