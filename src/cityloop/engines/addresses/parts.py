"""An address or a search, taken apart: names, and the numbers that follow or precede them.

Shaped by how people write: 丽发新城2期17栋3单元, 洪山路188号, 15#, 梓园花苑1栋B座, 五栋四单元,
No. 12 Heping Road, Building 3. The 三 of 三里屯 and the 一 of 五一路 are no numbers: only what
stands before a unit is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.locating.words import tokens_of

HOUSE, BUILDING, INSIDE = "house", "building", "inside"
_UNITS = {
    "号楼": BUILDING, "#楼": BUILDING, "栋": BUILDING, "幢": BUILDING, "座": BUILDING,
    "#": BUILDING, "号院": HOUSE, "号": HOUSE, "弄": HOUSE,
    "单元": INSIDE, "室": INSIDE, "层": INSIDE, "楼": INSIDE,
}  # fmt: skip
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ZH = re.compile(
    r"(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?|(?<![a-z])[a-z]\d{0,3}(?=栋|座|幢|号楼|#)"
    r"|[〇零一二两三四五六七八九十百]{1,4})"
    r"\s?(?P<unit>号楼|#楼|号院|栋|幢|座|#|号(?!线)|弄|单元|室|层|楼)"
)
_EN_AFTER = re.compile(
    r"\b(?P<word>building|bldg|block|tower|no|number|unit|room|flat|apt)\b\.?\s*#?\s*"
    r"(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?)\b"
)
_EN_BEFORE = re.compile(r"(?:^|[,\s])(?P<value>\d{1,5}(?:-\d{1,4})?[a-z]?)\s+(?=[a-z]{2})")
_EN_UNITS = {
    "building": BUILDING, "bldg": BUILDING, "block": BUILDING, "tower": BUILDING,
    "no": HOUSE, "number": HOUSE, "unit": INSIDE, "room": INSIDE, "flat": INSIDE, "apt": INSIDE,
}  # fmt: skip
_TRAILING = re.compile(r"(?<=\D)\s(?P<value>\d{1,5}(?:-\d{1,4})?)$")
_CORNERS = (
    "交叉路口", "十字路口", "丁字路口", "交叉口", "交汇处", "交界处", "相交处", "交口", "拐角",
    "路口",
)  # fmt: skip
_BESIDE = (
    *_CORNERS, "斜对面", "附近", "旁边", "门口", "对面", "楼下", "周边", "里面", "东北角", "东南角",
    "西北角", "西南角", "东侧", "西侧", "南侧", "北侧", "旁", "前", "后", "内",
)  # fmt: skip
_ROAD = r"(?:路|街|道|巷|弄|胡同|环)"
_AFTER_ROAD = rf"(?:$|[^\u3400-\u9fff]|的|口|{'|'.join((*_CORNERS, *_BESIDE))}|[往向以])"
_JOINT = re.compile(  # of two roads: a word between them, or that a corner follows
    r"(?<=[路街道巷弄环同])(?<!街道)(?!道)(?:"
    rf"(?P<joint>与|和|跟|同|及|&|/|、)(?=[\u3400-\u9fff\d]{{1,9}}?{_ROAD}{_AFTER_ROAD})"
    rf"|(?=(?:(?![与跟及])[\u3400-\u9fff]){{2,9}}?{_ROAD}(?:的)?(?:{'|'.join(_CORNERS)})))"
)
_AT_CORNER = re.compile(r"(?<=[路街道巷弄环])路?口")  # 和平路口 is at 和平路, 建设街路口 at 建设街
_FROM_THERE = re.compile(
    r"(?:往|向|以)?[东南西北]{1,2}(?:侧|面|边|方向)?约?\d+(?:米|m)(?:处|左右)?$"
)
_EN_JOINT = re.compile(
    r"(?:\b(?:corner|intersection|junction|crossing) of )?"
    r"(?P<a>\w[\w' ]*?(?:road|rd|street|st|avenue|ave|lane|boulevard|blvd)\.?)"
    r"\s*(?:&|/|\band\b|\bat\b)\s*"
    r"(?P<b>\w[\w' ]*?(?:road|rd|street|st|avenue|ave|lane|boulevard|blvd)\b\.?)"
)
_BETWEEN = re.compile(r"[,，、;；。:：()（）/]+|\s(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s")
_CROSS = "\x01"  # marks a name as the second of two roads; plain texts hold no such character
_PHASE = re.compile(r"(?:第)?([一二三四五六七八九十])期")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of an address. `unit`: house, building or inside; `name`: place of its name."""

    value: str
    unit: str
    name: int


@dataclass(frozen=True, slots=True)
class Parts:
    """Names in their order, and the numbers said of them.

    `crossing`: two roads are said to cross: the place of the second name and the word between
    them, which may be its beginning (建设路和平路 is 建设路, 和平路).
    """

    names: tuple[str, ...]
    numbers: tuple[Number, ...]
    crossing: tuple[int, str] | None = None

    def number_of(self, name: int) -> Number | None:
        """The number of a name that finds a house or a building."""
        found = [n for n in self.numbers if n.name == name and n.unit != INSIDE]
        return found[-1] if found else None


def parse(text: str) -> Parts:
    """Names and numbers of an address; what is only "near" or "opposite" is left out.

    Example: >>> parse("和平路12号永安里小区三号楼门口").names
        ('和平路', '永安里小区')
    """
    whole = _PHASE.sub(lambda m: f"{_DIGITS.get(m[1], 10)}期", plain(text))
    whole, joint = _two_roads(whole)
    marked, found = _numbers(whole)
    names: list[str] = []
    numbers: list[Number] = []
    waiting: list[tuple[str, str]] = []
    crossing: tuple[int, str] | None = None
    for piece in _BETWEEN.split(marked):
        for part in re.split(r"(\x00\d+\x00)", piece):
            if part.startswith("\x00"):
                value, unit, leads = found[int(part.strip("\x00"))]
                if leads or not names:
                    waiting.append((value, unit))
                else:
                    numbers.append(Number(value, unit, len(names) - 1))
                continue
            name = _name(part.removeprefix(_CROSS))
            if name:
                if part.startswith(_CROSS) and names:
                    crossing = (len(names), joint)
                names.append(name)
                numbers += [Number(v, u, len(names) - 1) for v, u in waiting]
                waiting = []
    numbers += [Number(v, u, max(len(names) - 1, 0)) for v, u in waiting]
    return Parts(tuple(names), tuple(numbers), crossing)


def _two_roads(text: str) -> tuple[str, str]:
    """The text with a mark between two roads that cross, and the word that stood there."""
    text = _AT_CORNER.sub("交叉口", _FROM_THERE.sub("", text))
    found = _JOINT.search(text)
    if found:
        return f"{text[: found.start()]},{_CROSS}{text[found.end() :]}", found["joint"] or ""
    latin = _EN_JOINT.search(text) if _only_latin(text) else None
    if latin:
        before, after = text[: latin.start()], text[latin.end() :]
        return f"{before}{latin['a']},{_CROSS}{latin['b']}{after}", ""
    return text, ""


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


def _numbers(text: str) -> tuple[str, list[tuple[str, str, bool]]]:
    """The text with marks in place of numbers; each number: value, unit, stands before a name."""
    found: list[tuple[str, str, bool]] = []

    def mark(value: str, unit: str, leads: bool) -> str:
        found.append((house_number(value), unit, leads))
        return f"\x00{len(found) - 1}\x00"

    def zh(match: re.Match[str]) -> str:
        if text[match.start() - 1 : match.start()] in ("月", "第"):
            return match[0]  # 5月10号 is a day
        if match["unit"] == "楼" and not match["value"][0].isdigit():
            return match[0]  # 二楼 is a floor, and 三楼 is in names
        return mark(match["value"], _UNITS[match["unit"]], False)

    marked = _ZH.sub(zh, text)
    leads = _only_latin(text)
    marked = _EN_AFTER.sub(lambda m: mark(m["value"], _EN_UNITS[m["word"]], leads), marked)
    if leads:
        marked = _EN_BEFORE.sub(lambda m: " " + mark(m["value"], HOUSE, True), marked)
    marked = _TRAILING.sub(lambda m: " " + mark(m["value"], BUILDING, False), marked)
    return marked, found


def _only_latin(text: str) -> bool:
    return not any(is_hanzi(c) for c in text)


def _name(part: str) -> str:
    name = part.strip(" .·-'\"“”的在位于")
    if name in _BESIDE:
        return ""
    for _ in range(2):  # 路口东北角
        for ending in _BESIDE:
            if name.endswith(ending) and len(name) > len(ending) + 1:
                name = name[: -len(ending)].strip(" 的")
                break
    return name if any(c.isalnum() for c in name) else ""
