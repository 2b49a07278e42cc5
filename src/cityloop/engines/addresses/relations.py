"""How a place lies to the one that is named: opposite it, at its north gate, 50 m to the west.

What was said is used as far as it goes: a distance with a direction moves the point, a direction
alone moves it half the reach of the thing that is named, 对面 and 附近 leave the point where it is
and widen the circle. Nothing is added: where "opposite" is, only a map of the streets can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, radians, sin

AT, BESIDE, OPPOSITE, NEAR, SIDE, AWAY = "at", "beside", "opposite", "near", "side", "away"
FARTHEST_M = 1000.0
"""Farther from what is named nobody means a point any more."""
REACH_M = {"building": 25.0, "junction": 30.0, "poi": 50.0, "compound": 120.0, "community": 400.0}
"""How far a thing usually reaches from its point; what is not here is no point at all."""
_WIDER_M = {AT: 0.0, SIDE: 0.0, BESIDE: 50.0, OPPOSITE: 60.0, NEAR: 200.0, AWAY: 0.0}
_BEYOND_M = 150.0  # 以北, with no word of how far
_ROUGH = 0.75  # of a distance as people give it: half of it wrong, by half a quarter turn
_WAYS = {"东北": 45, "东南": 135, "西南": 225, "西北": 315, "北": 0, "东": 90, "南": 180, "西": 270}
_WAY = r"(?P<way>东北|东南|西北|西南|[东南西北])"
_END = r"(?=$|的|[^\u3400-\u9fff])"
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_FAR = (
    r"(?:大约|大概|约|不到|近)?(?P<n>\d{1,5}(?:\.\d)?|"
    r"(?:[一二两三四五六七八九]?[十百千]){1,2}[一二三四五六七八九]?)\s?"
    r"(?P<unit>米|m\b|公里|千米|km)"
)
_AFTERWARDS = r"(?:处|左右|远|开外|以外|外|以内|内|范围内|范围)*"
_AFTER = (
    (AWAY, rf"[往向以朝之正]?{_WAY}(?:侧|面|边|方向|方|走|行)*{_FAR}{_AFTERWARDS}"),
    (NEAR, rf"(?:前方|后方|附近|周边|周围|方圆|不远处)?{_FAR}{_AFTERWARDS}"),
    (SIDE, rf"[以之]{_WAY}(?:侧|面|边|方|部)?"),
    (SIDE, rf"正?{_WAY}(?:侧|面|边|方向|角|头)"),
    (SIDE, rf"{_WAY}大?门口?{_END}"),
    (OPPOSITE, r"[正斜]?对(?:面|过)|对门"),
    (BESIDE, r"旁边|隔壁|边上|两旁|前面|后面|(?<![东南西北])门前|楼前|楼后|背后|前方|后方"),
    (BESIDE, rf"[旁前后边]{_END}"),
    (NEAR, r"附近|周边|周围|一带|不远处"),
    (AT, rf"(?:(?<![人师科工理农医厦])大)?(?<![东南西北])门口|[大正后侧]门{_END}"),
    (AT, rf"楼下|楼上|楼顶|里面|[内上下]{_END}"),
)  # fmt: skip
_ZH = tuple((kind, re.compile(rf"\s?(?:的)?(?:{words})")) for kind, words in _AFTER)
_ANY_ZH = re.compile("|".join(re.sub(r"\?P<\w+>", "", f"(?:{words})") for _, words in _AFTER))
_EN_WAYS = {"north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180,
            "southwest": 225, "west": 270, "northwest": 315}  # fmt: skip
_COMPASS = r"(?P<way>(?:north|south)[- ]?(?:east|west)|north|south|east|west)"
_EN_UNITS = {"m": 1.0, "meter": 1.0, "metre": 1.0, "km": 1000.0, "ft": 0.3048, "feet": 0.3048,
             "yard": 0.9144, "yd": 0.9144}  # fmt: skip
_EN_WORDS = {
    OPPOSITE: r"(?:directly )?opposite(?: to| of)?|across (?:the )?(?:street |road )?from",
    BESIDE: r"next (?:door )?to|beside|adjacent to|alongside|behind|in back of|in front of",
    NEAR: r"near(?:by)?(?: to)?|close to|around",
    AT: r"outside(?: of)?|inside(?: of)?",
}
_EN = re.compile(
    rf"\b(?:(?:(?P<n>\d{{1,5}})\s?(?P<unit>m|meter|metre|km|ft|feet|yard|yd)s?\s+{_COMPASS}\s+of|"
    rf"(?:on )?(?:the )?{_COMPASS.replace('way', 'side')}\s+(?:side |corner |end )?of|"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _EN_WORDS.items())
    + r"))\s+(?:the\s+)?(?=\w)"
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Said of a place. `bearing`: degrees from north, clockwise; `metres`: where it was given."""

    kind: str
    words: str
    bearing: float | None = None
    metres: float | None = None

    @property
    def is_too_far(self) -> bool:
        """Farther than anybody means a point."""
        return self.metres is not None and self.metres > FARTHEST_M

    def offset(self, kind: str) -> tuple[float, float, float] | None:
        """Metres east and north from the point of a thing, and the radius of what is meant.

        Args:
            kind: of the thing that is named.
        Returns: None for what is no point: a street, a district.
        """
        reach = REACH_M.get(kind)
        if reach is None:
            return None
        moved, radius = 0.0, reach + _WIDER_M[self.kind]
        if self.kind == AWAY and self.metres is not None:
            moved, radius = self.metres, reach + _ROUGH * self.metres
        elif self.kind == SIDE:
            moved = reach / 2
            radius += _BEYOND_M if self.words.startswith("以") else 0.0
        elif self.kind == NEAR and self.metres is not None:
            radius = reach + self.metres
        turn = radians(self.bearing or 0.0)
        return moved * sin(turn), moved * cos(turn), radius


def relation_after(text: str) -> Relation | None:
    """What a text says of the Chinese name that stands before it.

    Example: >>> relation_after("对面的空地").kind, relation_after("以北50米").metres
        ('opposite', 50.0)
    """
    for kind, pattern in _ZH:
        found = pattern.match(text)
        if found:
            said = found.groupdict()
            way = said.get("way")
            bearing = float(_WAYS[way]) if way else None
            metres = _metres(said["n"], said["unit"]) if said.get("n") else None
            return Relation(kind, found[0].strip(" 的"), bearing, metres)
    return None


def find_relation(text: str) -> tuple[int, int, Relation] | None:
    """The first relation in a Chinese address: where it begins and ends, and what it is.

    Only behind something that can be a name: 前门大街 begins with one, 内环路 has none.
    """
    for found in _ANY_ZH.finditer(text, 2):
        said = relation_after(text[found.start() :])
        if said is not None:
            return found.start(), found.start() + len(said.words), said
    return None


def relations_before(text: str) -> list[tuple[int, int, Relation]]:
    """What an English text says of the names that follow: where each begins and ends.

    Example: >>> relations_before("rubbish 50 m north of dongshan hospital")[0][2].bearing
        0.0
    """
    return [(found.start(), found.end(), _before(found)) for found in _EN.finditer(text)]


def _before(found: re.Match[str]) -> Relation:
    way = found["way"] or found["side"]
    bearing = float(_EN_WAYS[re.sub("[- ]", "", way)]) if way else None
    metres = float(found["n"]) * _EN_UNITS[found["unit"]] if found["n"] else None
    kind = AWAY if metres is not None else SIDE if way else next(k for k in _EN_WORDS if found[k])
    return Relation(kind, found[0].strip(), bearing, metres)


def _metres(number: str, unit: str) -> float:
    scale = 1.0 if unit.startswith(("米", "m")) else 1000.0
    if number[0].isdigit():
        return float(number) * scale
    total = digit = 0
    for character in number:
        ten = {"十": 10, "百": 100, "千": 1000}.get(character)
        if ten is None:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * ten, 0
    return (total + digit) * scale
