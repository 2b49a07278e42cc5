"""Two roads said together: where they cross, or the stretch between them."""

from __future__ import annotations

import re

from cityloop.engines.locating.words import CORNERS

CROSS = "\x01"
"""Marks a name as the second of two roads; plain texts hold no such character."""
ROAD_WORDS = (
    "road", "rd", "street", "st", "avenue", "ave", "av", "lane", "ln", "boulevard", "blvd", "drive",
    "dr", "court", "ct", "place", "pl", "parkway", "pkwy", "highway", "hwy", "terrace", "ter",
    "circle", "cir", "square", "sq", "way", "alley", "al",
)  # fmt: skip
_ROAD = r"(?:路|街|道|巷|弄|胡同|环)"
_BEHIND = "斜对面|对面|附近|旁边|周边|[东南西北]{1,2}[侧面边角]"
_AFTER_ROAD = rf"(?:$|[^\u3400-\u9fff]|的|口|{'|'.join(CORNERS)}|{_BEHIND}|[往向以])"
_JOINT = re.compile(  # a word between them, or that a corner follows
    r"(?<=[路街道巷弄环同])(?<!街道)(?!道)(?:"
    rf"(?P<joint>与|和|跟|同|及|&|/|、)(?=[\u3400-\u9fff\d]{{1,9}}?{_ROAD}{_AFTER_ROAD})"
    rf"|(?=(?:(?![与跟及至到])[\u3400-\u9fff]){{2,9}}?{_ROAD}(?:的)?(?:{'|'.join(CORNERS)})))"
)
_DASHED = re.compile(
    rf"(?<=[路街道巷弄环])[-—–]{{1,3}}(?=[\u3400-\u9fff]{{2,9}}?{_ROAD}(?:的)?(?:{'|'.join(CORNERS)}))"
)
_AT_CORNER = re.compile(  # 和平路口 is at 和平路, 建设街路口 at 建设街; 路口镇 is a town
    r"(?<=[\u3400-\u9fff][路街道巷弄环])(?<!字路)路?口(?![镇村乡])"
)
_STRETCH = re.compile(
    r"(?<=[路街道巷弄环桥口同站区])(?:段)?(?:至|到|[-—–~～]{1,3})"
    r"(?=[\u3400-\u9fff]{2,10}?(?:路|街|道|巷|弄|环|桥|口|胡同|站|小区)(?:$|段|口|[^\u3400-\u9fff]))"
)
_BETWEEN_BOTH = re.compile(r"(?:之间|中间)(?:的.*|路段|这段路|地段)?$")
_WORD = rf"(?:{'|'.join(ROAD_WORDS)})\b\.?"
_EN_JOINT = re.compile(
    r"(?:\b(?:corner|intersection|junction|crossing) of )?"
    rf"(?P<a>(?:avenue [a-z]\b|\w[\w' ]*?{_WORD}))\s*(?:&|/|\band\b|\bat\b|@)\s*"
    rf"(?P<b>(?:avenue [a-z]\b|\w[\w' ]*?{_WORD}|(?:i|us|route|rt|hwy)[- ]?\d+(?: [nsew])?\b))"
)


def two_roads(text: str, *, latin: bool) -> tuple[str, str]:
    """The text with a mark between two roads that cross, and the word that stood there.

    The word may be the beginning of the second name: 建设路和平路 is 建设路, 和平路.
    """
    text = _AT_CORNER.sub("交叉口", text)
    found = _JOINT.search(text)
    if found:
        return f"{text[: found.start()]},{CROSS}{text[found.end() :]}", found["joint"] or ""
    cross = _EN_JOINT.search(text) if latin else None
    if cross:
        before, after = text[: cross.start()], text[cross.end() :]
        return f"{before}{cross['a']},{CROSS}{cross['b']}{after}", ""
    return text, ""


def stretch(text: str) -> tuple[str, bool]:
    """The text divided where it says from here to there, and whether it does: that is no point."""
    text = _DASHED.sub("与", text)
    found = _STRETCH.search(text)
    if found:
        begun = text[: found.start()].removeprefix("从")
        return f"{begun},{text[found.end() :]}", True
    between = _BETWEEN_BOTH.search(text)
    return (text[: between.start()], True) if between else (text, False)


def without_corner(name: str) -> str:
    """和平路 for 和平路交叉口."""
    for corner in CORNERS:
        if name.endswith(corner) and len(name) > len(corner) + 1:
            return name[: -len(corner)].rstrip(" 的")
    return name
