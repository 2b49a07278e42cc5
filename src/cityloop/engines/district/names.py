"""Invented names, Chinese and English: no real district was copied."""

from __future__ import annotations

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.plan import Road
from cityloop.engines.district.uses import Use

Name = tuple[str, str]  # Chinese, English

FIRST = """
和He 安An 永Yong 春Chun 清Qing 云Yun 柳Liu 荷He 槐Huai 桂Gui 松Song 竹Zhu 兰Lan 丰Feng 泰Tai 康Kang
福Fu 瑞Rui 景Jing 明Ming 德De 文Wen 嘉Jia 宜Yi 金Jin 玉Yu 翠Cui 碧Bi 望Wang 映Ying 沁Qin 朗Lang
晴Qing 晓Xiao 静Jing 澄Cheng 霁Ji 禾He 棠Tang
"""
SECOND = """
安An 宁Ning 和He 泉Quan 岭Ling 溪Xi 汀Ting 洲Zhou 桥Qiao 苑Yuan 庭Ting 屏Ping 川Chuan 河He 渚Zhu
荫Yin 榆Yu 杉Shan 枫Feng 杏Xing 桐Tong 槿Jin 坪Ping 墅Shu 源Yuan 润Run 顺Shun 昌Chang 裕Yu 平Ping
舒Shu 悦Yue 澜Lan 湾Wan 畔Pan 塘Tang
"""
# pairs that everybody knows as real places, people or common words
TAKEN = """
永安 永和 永宁 云溪 福安 瑞安 德安 文安 泰安 泰和 丰润 永顺 文昌 和平 福和 金川 金湾 德昌
丰宁 兰溪 玉溪 景宁 清河 云和 康平 玉泉 玉屏 清苑 永川 丰源 静安 静宁 福清 福泉 福鼎 松溪
望江 安平 安宁 安溪 安顺 和顺 和舒 泰顺 德清 清平 永昌 永平 福顺 平安 明溪 金溪 金平 建宁
翠屏 春晓 晓和 康和 瑞昌 宜昌 安和 安安 和和 和安 清泉 清源 嘉和 金安 金坪 金源 云安 云川
"""

_COMPOUND = {
    Use.TOWER: (("家园", "Gardens"), ("华庭", "Court"), ("府", "Residence")),
    Use.MIDRISE: (("花园", "Garden"), ("苑", "Court"), ("园", "Park Homes")),
    Use.SLAB: (("里小区", "Li"), ("新村", "New Village"), ("里小区", "Li"), ("小区", "Estate")),
    Use.COURTYARD: (("胡同片区", "Hutong Quarter"), ("旧里", "Old Lane")),
}
_STREET = {
    Road.ARTERIAL: (("大街", "Avenue"), ("大道", "Boulevard")),
    Road.SECONDARY: (("街", "Street"), ("路", "Road")),
    Road.LOCAL: (("巷", "Lane"), ("胡同", "Hutong")),
}


class NameBook:
    """Gives every core of a name away once."""

    def __init__(self, dice: Dice) -> None:
        taken = set(TAKEN.split())
        first, second = FIRST.split(), SECOND.split()
        pairs = [(a, b) for a in first for b in second if a[0] + b[0] not in taken]
        self._pairs = [
            pairs[k] for k in dice.order(len(pairs)) if pairs[k][0][1:] != pairs[k][1][1:]
        ]
        self._used: set[str] = set()
        self._dice = dice

    def core(self) -> Name:
        """Two characters nobody else has, and their reading, whose sound nobody else has either."""
        while True:
            (a, b) = self._pairs.pop()
            apostrophe = "'" if b[1] in "AEO" else ""
            reading = a[1:] + apostrophe + b[1:].lower()
            if reading not in self._used:
                self._used.add(reading)
                return a[0] + b[0], reading

    def compound(self, use: Use) -> Name:
        """A compound, in the manner of its age."""
        zh, en = self.core()
        kinds = _COMPOUND[use]
        suffix = kinds[self._dice.pick(len(kinds))]
        return zh + suffix[0], f"{en} {suffix[1]}"

    def street(self, road: Road, *, runs_north: bool, length_m: float) -> Name:
        """A street: the suffix tells its class and its direction."""
        zh, en = self.core()
        if road is Road.LOCAL and length_m > 420:
            road = Road.SECONDARY
        suffix = _STREET[road][1 if runs_north else 0]
        return zh + suffix[0], f"{en} {suffix[1]}"
