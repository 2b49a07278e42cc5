"""Invented names for a whole district: areas, streets, compounds, places, Chinese and English.

A community has two characters of its own; its lanes, compounds and schools are named after them,
as they are in real cities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.names import FIRST, SECOND, TAKEN, Name
from cityloop.engines.district.uses import Use
from cityloop.engines.district.wide.sizes import Way

_MORE_FIRST = """
雁Yan 鹤He 苇Wei 莲Lian 岚Lan 霖Lin 曦Xi 煦Xu 澈Che 漪Yi 芷Zhi 蕙Hui 梧Wu 栀Zhi 皓Hao 韶Shao 蓼Liao
槿Jin 榆Yu 枫Feng
"""
_MORE_SECOND = """
浦Pu 堤Di 陌Mo 圃Pu 岸An 滨Bin 涧Jian 岑Cen 篱Li 茵Yin 苔Tai 蔓Man 蒲Pu 崖Ya 栈Zhan 峪Yu
"""
# pairs of the longer tables that are real places, persons or common words
_MORE_TAKEN = """
莲塘 鹤溪 梧桐 韶川 雁塘 梧川 枫桥 榆林 枫泾 枫溪 榆川 云浦 清浦 青浦 永定 嘉峪 福建 明德 安堤 文岸
玉浦 金浦 和浦 望浦 江浦 清涧 云崖 金崖 望崖 丹崖 碧峪 金峪 云峪 景峪 平峪 鹤岗 鹤壁 莲溪 莲洲
枫林 榆次 榆社 榆树 兰陵 兰考 雁荡 岚皋 岚县 蒲城 安浦 泰浦 德浦 康堤 苏堤 白堤
"""
_LIKE_SUFFIXES = "苑庭桥坪墅"  # names of compounds and areas end in these already
_TAILS = (
    ("桥", "qiao"), ("屯", "tun"), ("营", "ying"), ("庄", "zhuang"), ("坊", "fang"),
    ("店", "dian"), ("亭", "ting"), ("台", "tai"), ("井", "jing"), ("渡", "du"), ("园", "yuan"),
    ("里", "li"), ("岗", "gang"), ("口", "kou"),
)  # fmt: skip
_STREET = {
    Way.ARTERIAL: (("大街", "Avenue"), ("大道", "Boulevard")),
    Way.SECONDARY: (("街", "Street"), ("路", "Road")),
    Way.LOCAL: (("街", "Street"), ("巷", "Lane")),
}
_COMPOUND: dict[int, tuple[Name, ...]] = {
    Use.TOWER: (("家园", "Gardens"), ("华庭", "Court"), ("府", "Residence"), ("城", "Town")),
    Use.MIDRISE: (("花园", "Garden"), ("苑", "Yuan"), ("雅居", "Homes"), ("园", "Park Homes")),
    Use.SLAB: (("东里", "Dongli"), ("西里", "Xili"), ("南里", "Nanli"), ("北里", "Beili"),
                  ("中里", "Zhongli"), ("新村", "New Village"), ("小区", "Estate")),
    Use.COURTYARD: (("村", "Village"), ("旧里", "Old Lane"), ("胡同片区", "Hutong Quarter")),
}  # fmt: skip
_DIGITS = "零一二三四五六七八九十"


def numeral(n: int) -> str:
    """A whole number below 100 in Chinese."""
    tens, ones = divmod(n, 10)
    if n <= 10:
        return _DIGITS[n]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


class Pairs:
    """Gives two characters away, each pair and each reading once as long as there are enough."""

    def __init__(self, dice: Dice) -> None:
        taken = set((TAKEN + _MORE_TAKEN).split())
        first, second = (FIRST + _MORE_FIRST).split(), (SECOND + _MORE_SECOND).split()
        second = [s for s in second if s[0] not in _LIKE_SUFFIXES]
        pairs = [
            (a[0] + b[0], a[1:] + ("'" if b[1] in "AEO" else "") + b[1:].lower())
            for a in first for b in second
            if a[0] + b[0] not in taken and a[0] != b[0] and a[1:] != b[1:]
        ]  # fmt: skip
        seen: set[str] = set()
        fresh: list[Name] = []
        again: list[Name] = []
        for k in dice.order(len(pairs)):
            pair = pairs[k]
            (again if pair[1] in seen else fresh).append(pair)
            seen.add(pair[1])
        self._left = [*again[::-1], *fresh[::-1]]

    def take(self) -> Name:
        """A pair nobody else has, and its reading."""
        return self._left.pop()


def area_names(pairs: Sequence[Name], rural: NDArray[np.bool_], dice: Dice) -> list[Name]:
    """Cores of three characters for areas: a pair and a word of the landscape."""
    tails = [_TAILS[int(x * len(_TAILS))] for x in dice.numbers(len(pairs))]
    village = ("庄", "zhuang")
    return [
        (zh + t[0], en + t[1])
        for (zh, en), t in zip(
            pairs, (village if r and k % 2 else t for k, (r, t) in
                    enumerate(zip(rural, tails, strict=True))), strict=True)
    ]  # fmt: skip


def street_name(core: Name, way: int, *, runs_north: bool, number: int = 0) -> Name:
    """A street named by a core; `number` > 0 where several share it."""
    zh, en = _STREET[Way(way)][1 if runs_north else 0]
    if number:
        return f"{core[0]}{numeral(number)}{zh}", f"{core[1]} {ordinal(number)} {en}"
    return core[0] + zh, f"{core[1]} {en}"


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd ..."""
    last = "th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{last}"


def compound_names(cores: Sequence[Name], use: NDArray[np.int64]) -> list[Name]:
    """Names of residential compounds, each once.

    Args:
        cores: the two characters of the community of each.
    """
    count: dict[tuple[str, int], int] = {}
    found = []
    for (zh, en), u in zip(cores, use.tolist(), strict=True):
        kinds = _COMPOUND[u]
        nth = count[zh, u] = count.get((zh, u), -1) + 1
        word, round_ = kinds[nth % len(kinds)], nth // len(kinds)
        part = (f"{numeral(round_ + 1)}区", f" Zone {round_ + 1}") if round_ else ("", "")
        found.append((zh + word[0] + part[0], f"{en} {word[1]}{part[1]}"))
    return found
