"""How people shorten the name of a place, and what must not follow a shortened one."""

from __future__ import annotations

from cityloop.engines.locating.words import Tokens, is_chinese

# kind → specificity: 0 is the most exact
RANK = {
    "building": 0,
    "junction": 1,
    "poi": 2,
    "compound": 2,
    "street": 3,
    "community": 4,
    "subdistrict": 5,
    "district": 6,
}
# how surely a full name alone tells the area of the place
TRUST = {
    "building": 0.95,
    "junction": 0.90,
    "poi": 0.88,
    "compound": 0.88,
    "street": 0.55,  # not enough alone: streets run through several areas
    "community": 0.80,
    "subdistrict": 0.50,
    "district": 0.20,
}
COMPLETE_STREET = 0.70  # when the list names every area a street runs through
_ENDINGS = {
    "compound": ("小区", "片区", "社区"),
    "community": ("社区居委会", "居委会", "社区", "村"),
    "subdistrict": ("街道办事处", "街道", "地区", "镇", "乡"),
}
_ADDED = {
    "community": ("社区", "居委会", "村"),
    "subdistrict": ("街道", "街办", "办事处"),
}
_STREETS = (("大街", "街"), ("大道", "道"), ("大道", "路"), ("胡同", "巷"))
_OTHER_THINGS = (
    "路 街 大街 大道 道 巷 胡同 桥 医院 小学 中学 学校 幼儿园 公园 广场 市场 菜市场 商场 大厦 "
    "派出所 村 镇 社区 街道 小区 家园 花园 苑 新村 华庭 卫生 党群 消防 产业园 公司 商贸 酒店 宾馆 "
    "大学 学院 地铁站 车站 火车站"
)
_STARTS = tuple(tuple(word) for word in _OTHER_THINGS.split())
_ROAD_WORDS = {(c,) for c in "灯口边面段牌障基旁上中"}  # 路灯, 路口 ...: no name goes on here
_LATIN_SUFFIX = {"community": ("community",), "subdistrict": ("subdistrict",)}
_LATIN_STREETS = {"st", "ave", "rd", "ln", "blvd", "dr", "ct", "pl", "hwy", "pkwy", "ter", "way"}
_DIRECTIONS = {"n", "s", "e", "w"}


TWO_ALONE = 0.5
"""Sure of a shortened name of two characters: never enough without another word of the place."""


def variants_of(tokens: Tokens, kind: str) -> dict[Tokens, float]:
    """Ways to write a name, each with how sure it still is (1.0 = the full name)."""
    found = {tokens: 1.0}
    if not any(is_chinese(token) for token in tokens[:1]):
        for shorter in _shorter_latin(tokens, kind):
            found.setdefault(shorter, 0.8)
        return found
    if kind == "building":
        return _of_building(tokens)
    for ending in _ENDINGS.get(kind, ()):
        core = tokens[: -len(ending)]
        if tokens[-len(ending) :] == tuple(ending) and len(core) >= 2:
            # Two characters alone occur by chance: 安静舒适 holds 静舒, 平和安全 holds 和安.
            found.setdefault(core, 0.85 if len(core) > 2 else TWO_ALONE)
            for added in _ADDED.get(kind, ()):
                found.setdefault(core + tuple(added), 0.97)
            break
    if kind == "street":
        for one, other in (*_STREETS, *(pair[::-1] for pair in _STREETS)):
            if tokens[-len(one) :] == tuple(one) and len(tokens) > len(one) + 1:
                found.setdefault(tokens[: -len(one)] + tuple(other), 0.9)
    return found


def _of_building(tokens: Tokens) -> dict[Tokens, float]:
    """永安里小区 3 号楼 is also 永安里 3 号楼."""
    found = {tokens: 1.0}
    name, number = tokens[:-2], tokens[-2:]
    if number[-1:] == ("号楼",):
        for core, sure in variants_of(name, "compound").items():
            found.setdefault(core + number, sure)
    return found


def _shorter_latin(tokens: Tokens, kind: str) -> list[Tokens]:
    shorter = []
    if kind == "street" and len(tokens) > 2 and tokens[0] in _DIRECTIONS:
        shorter.append(tokens[1:])
    if tokens[-1:] == _LATIN_SUFFIX.get(kind) and len(tokens) > 1:
        shorter.append(tokens[:-1])
    return shorter


def is_other_thing(text: Tokens, end: int, *, kind: str, is_short: bool, last: str) -> bool:
    """True when what follows makes another name of it: 永安里 + 医院, 和安街 + 道,
    the community Arcadia + Ave.

    `is_short`: the words so far are a shortened name; `last`: its last token.
    """
    if last == "街" and text[end : end + 1] == ("道",):
        return True
    if kind != "street" and text[end : end + 1] and text[end] in _LATIN_STREETS:
        return True
    if not is_short:
        return False
    if text[end : end + 1] == ("路",) and text[end + 1 : end + 2] in _ROAD_WORDS:
        return False
    return any(text[end : end + len(word)] == word for word in _STARTS)
