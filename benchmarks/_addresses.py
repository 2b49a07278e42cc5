"""An invented city of addresses, and the ways people get them wrong. Seeded; nothing real."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from cityloop.city.gazetteer.domain import Entry

WEST, SOUTH, WIDE, HIGH = 116.40, 39.80, 0.26, 0.22
STREETS, COMPOUNDS, PLACES = 3_000, 9_000, 38_000
HOUSES, BUILDINGS = 40, 14  # most of a street, of a compound
_A = "和安永春清云柳荷槐桂松竹兰丰泰康福瑞景明德文嘉宜金玉翠碧望映沁朗晴晓静澄霁禾棠长东西南北新"
_B = "安宁和泉岭溪汀洲桥苑庭屏川河渚荫榆杉枫杏桐槿坪墅源润顺昌裕平舒悦澜湾畔塘山林峰江湖"
_ROADS = ["路", "街", "大街", "巷", "胡同", "东路", "西路", "南街", "北路", "中路", "大道"]
_ROADS_EN = {"路": "Road", "街": "Street", "大街": "Avenue", "巷": "Lane", "胡同": "Hutong",
             "东路": "East Road", "西路": "West Road", "南街": "South Street",
             "北路": "North Road", "中路": "Middle Road", "大道": "Boulevard"}  # fmt: skip
_HOMES = ["小区", "花园", "家园", "苑", "里小区", "新村", "华庭", "府", "公寓", "名苑"]
_SHOPS = ["超市", "小学", "幼儿园", "诊所", "药店", "饭店", "银行", "菜市场", "公园", "中学",
          "卫生服务中心", "派出所", "理发店", "便利店", "大厦", "宾馆", "停车场"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A place that is searched for."""

    name: str  # of the street, the compound, the place
    en: str
    number: str
    unit: str
    lon: float
    lat: float
    community: str
    beside: str = ""  # the street of a compound


@dataclass(frozen=True, slots=True)
class Asked:
    """A search, and what it means; None = nothing that is registered."""

    kind: str
    text: str
    target: Target | None


class City:
    """Entries for the index and the targets among them."""

    def __init__(self, seed: int = 7, *, share: float = 1.0) -> None:
        self.dice = random.Random(seed)
        self.entries: list[Entry] = []
        self.targets: list[Target] = []
        self._communities = _communities()
        self._names: set[str] = set()
        self._streets = [self._street() for _ in range(int(STREETS * share))]
        for _ in range(int(COMPOUNDS * share)):
            self._compound()
        for _ in range(int(PLACES * share)):
            self._place()

    def core(self, length: int = 2) -> str:
        """The beginning of a name."""
        return self.dice.choice(_A) + "".join(self.dice.choice(_B) for _ in range(length - 1))

    def fresh(self, endings: list[str], length: int) -> str:
        """A name that nobody has, but for one in fifty, as in any city."""
        while True:
            name = self.core(length) + self.dice.choice(endings)
            if name not in self._names or self.dice.random() < 0.02:
                self._names.add(name)
                return name

    def _at(self) -> tuple[float, float]:
        return WEST + self.dice.random() * WIDE, SOUTH + self.dice.random() * HIGH

    def _add(self, kind: str, name: str, address: str, lon: float, lat: float, detail: str) -> None:
        entry = Entry("element", len(self.entries) + 1, kind, name, address=address, detail=detail,
                      lon=lon, lat=lat)  # fmt: skip
        self.entries.append(entry)

    def _street(self) -> tuple[str, float, float]:
        ending = self.dice.choice(_ROADS)
        name = self.fresh([ending], 2 if self.dice.random() < 0.7 else 3)
        lon, lat = self._at()
        self._add("street", name, "", lon, lat, "street")
        self._target(name, "", "", lon, lat)
        for n in range(self.dice.randint(10, 2 * HOUSES)):
            x, y = lon + n * 1.2e-4, lat + (n % 2) * 1e-4
            self._add("building", "", f"{name}{n + 1}号", x, y, "address")
            if self.dice.random() < 0.1:
                self._target(name, str(n + 1), "house", x, y)
        return name, lon, lat

    def _compound(self) -> None:
        name = self.fresh(_HOMES, 2 if self.dice.random() < 0.4 else 3)
        street, lon, lat = self.dice.choice(self._streets)
        lon, lat = lon + self.dice.random() * 0.004, lat + self.dice.random() * 0.003
        self._add("compound", name, "", lon, lat, "compound")
        self._target(name, "", "", lon, lat, street)
        for n in range(self.dice.randint(3, 2 * BUILDINGS)):
            x, y = lon + (n % 5) * 2e-4, lat + (n // 5) * 3e-4
            self._add("building", f"{name}{n + 1}号楼", "", x, y, "building")
            if self.dice.random() < 0.1:
                self._target(name, str(n + 1), "building", x, y, street)

    def _place(self) -> None:
        name = self.fresh(_SHOPS, self.dice.choice([2, 3, 3, 4]))
        lon, lat = self._at()
        self._add("poi", name, "", lon, lat, "poi.other")
        self._target(name, "", "", lon, lat)

    def _target(
        self, name: str, number: str, unit: str, lon: float, lat: float, beside: str = ""
    ) -> None:
        community = self._communities(lon, lat)
        self.targets.append(Target(name, name, number, unit, lon, lat, community, beside))


@cache
def alike() -> dict[str, list[str]]:
    """Characters that sound the same."""
    from pypinyin import lazy_pinyin

    found: dict[str, list[str]] = {}
    for character in (
        _A + _B + "园原元圆苑院远渊员小晓筱校消路录鹿陆录街阶接节巷向像项道到稻导李理礼力"
    ):
        found.setdefault(lazy_pinyin(character)[0], []).append(character)
    return {c: [d for d in same if d != c] for same in found.values() for c in same}


@cache
def nearly_alike() -> dict[str, list[str]]:
    """Characters that many speakers do not tell apart."""
    from pypinyin import lazy_pinyin

    from cityloop.engines.addresses.sounds import blurred

    heard = {c: lazy_pinyin(c)[0] for c in _A + _B + "园小校路街道里市场公店"}
    return {
        c: [d for d in heard if heard[d] != s and blurred(heard[d]) == blurred(s)]
        for c, s in heard.items()
    }


def _number(target: Target, dice: random.Random) -> str:
    if not target.number:
        return ""
    units = {"house": ["号"], "building": ["号楼", "栋", "幢", "#"]}[target.unit]
    return target.number + dice.choice(units)


def _typed(target: Target, name: str, dice: random.Random) -> str:
    return name + _number(target, dice)


Noise = Callable[[Target, random.Random], str]


def exact(t: Target, dice: random.Random) -> str:
    return _typed(t, t.name, dice)


def beginning(t: Target, dice: random.Random) -> str:
    return t.name[: max(2, len(t.name) - dice.choice([1, 2]))]


def shortened(t: Target, dice: random.Random) -> str:
    for ending in ("小区", "花园", "家园", "公寓"):
        if t.name.endswith(ending) and len(t.name) > len(ending) + 1:
            return _typed(t, t.name[: -len(ending)], dice)
    return _typed(t, t.name, dice)


def same_sound(t: Target, dice: random.Random) -> str:
    places = [i for i, c in enumerate(t.name) if alike().get(c)]
    if not places:
        return exact(t, dice)
    at = dice.choice(places)
    return _typed(t, t.name[:at] + dice.choice(alike()[t.name[at]]) + t.name[at + 1 :], dice)


def missing(t: Target, dice: random.Random) -> str:
    at = dice.randrange(len(t.name))
    return _typed(t, t.name[:at] + t.name[at + 1 :], dice)


def pinyin(t: Target, dice: random.Random) -> str:
    from pypinyin import lazy_pinyin

    joint = dice.choice(["", " "])
    return joint.join(lazy_pinyin(t.name)) + (f" {t.number}" if t.number else "")


def initials(t: Target, dice: random.Random) -> str:
    from pypinyin import lazy_pinyin

    return "".join(s[0] for s in lazy_pinyin(t.name))


def with_area(t: Target, dice: random.Random) -> str:
    return t.community + exact(t, dice)


def full_width(t: Target, dice: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in exact(t, dice))


def exchanged(t: Target, dice: random.Random) -> str:
    at = dice.randrange(len(t.name) - 1)
    return _typed(t, t.name[:at] + t.name[at + 1] + t.name[at] + t.name[at + 2 :], dice)


def doubled(t: Target, dice: random.Random) -> str:
    at = dice.randrange(len(t.name))
    return _typed(t, t.name[:at] + t.name[at] + t.name[at:], dice)


def wrong_letter(t: Target, dice: random.Random) -> str:
    from pypinyin import lazy_pinyin

    letters = "".join(lazy_pinyin(t.name))
    at = dice.randrange(1, len(letters))
    return letters[:at] + dice.choice("aeiounghl") + letters[at + 1 :]


def other_character(t: Target, dice: random.Random) -> str:
    at = dice.randrange(len(t.name))
    return _typed(t, t.name[:at] + dice.choice(_A + _B) + t.name[at + 1 :], dice)


def street_and_compound(t: Target, dice: random.Random) -> str:
    return t.beside + exact(t, dice)


def traditional(t: Target, dice: random.Random) -> str:
    table = str.maketrans(
        "东号楼园兰宁润华庭医药银车场卫务饭馆", "東號樓園蘭寧潤華庭醫藥銀車場衛務飯館"
    )
    return exact(t, dice).translate(table)


def in_words(t: Target, dice: random.Random) -> str:
    return f"{exact(t, dice)}{dice.choice(['门口', '附近', '对面', '楼下', '旁边', '路口'])}"


def added(t: Target, dice: random.Random) -> str:
    at = dice.randrange(len(t.name) + 1)
    return _typed(t, t.name[:at] + dice.choice(_A + _B) + t.name[at:], dice)


def nearly_heard(t: Target, dice: random.Random) -> str:
    places = [i for i, c in enumerate(t.name) if nearly_alike().get(c)]
    if not places:
        return exact(t, dice)
    at = dice.choice(places)
    return _typed(t, t.name[:at] + dice.choice(nearly_alike()[t.name[at]]) + t.name[at + 1 :], dice)


def two_sounds(t: Target, dice: random.Random) -> str:
    return same_sound(t, dice) if dice.random() < 0.5 else _typed(
        t, "".join(dice.choice(alike().get(c) or [c]) for c in t.name), dice
    )  # fmt: skip


def letter_missing(t: Target, dice: random.Random) -> str:
    from pypinyin import lazy_pinyin

    letters = "".join(lazy_pinyin(t.name))
    at = dice.randrange(1, len(letters))
    return letters[:at] + letters[at + 1 :]


def other_ending(t: Target, dice: random.Random) -> str:
    for endings in (_HOMES, _ROADS, _SHOPS):
        for ending in sorted(endings, key=len, reverse=True):
            if t.name.endswith(ending):
                return _typed(t, t.name[: -len(ending)] + dice.choice(endings), dice)
    return exact(t, dice)


def with_room(t: Target, dice: random.Random) -> str:
    return exact(t, dice) + (f"{dice.randint(1, 6)}单元{dice.randint(101, 2204)}室")


FITTED: tuple[Noise, ...] = (
    exact, beginning, shortened, same_sound, missing, pinyin, initials, with_area, full_width,
)  # fmt: skip
HELD_OUT: tuple[Noise, ...] = (
    exchanged, doubled, wrong_letter, other_character, street_and_compound, traditional, in_words,
)  # fmt: skip


PLANTED: tuple[Noise, ...] = (
    *FITTED, added, nearly_heard, two_sounds, letter_missing, other_ending, with_room,
)  # fmt: skip
"""What the confidence is fitted on, in a city of its own; none of the held-out ways."""
WITHOUT_NUMBER = (beginning, initials, wrong_letter, letter_missing)


def asked(city: City, kinds: tuple[Noise, ...], each: int, *, seed: int) -> Iterator[Asked]:
    """Searches of every kind, and as many for what is not registered at all."""
    dice = random.Random(seed)
    strange = City(seed + 1000, share=0.02)
    known = {t.name for t in city.targets}
    for noise in kinds:
        whole = [t for t in city.targets if not t.number or noise not in WITHOUT_NUMBER]
        for target in dice.sample(whole, each):
            if noise is street_and_compound and not target.beside:
                continue
            yield Asked(noise.__name__, noise(target, dice), target)
    for target in dice.sample([t for t in strange.targets if t.name not in known], each):
        yield Asked("not_registered", exact(target, dice), None)


def _communities() -> Callable[[float, float], str]:
    side = 12
    return lambda lon, lat: community_name(
        int((lon - WEST) / WIDE * side), int((lat - SOUTH) / HIGH * side)
    )


def community_name(column: int, row: int) -> str:
    """144 communities, by column and row."""
    first, second = "甲乙丙丁戊己庚辛壬癸子丑", "寅卯辰巳午未申酉戌亥天地"
    return f"{first[min(column, 11)]}{second[min(row, 11)]}社区"
