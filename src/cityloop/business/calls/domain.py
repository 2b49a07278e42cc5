"""How many matters a caller speaks of, and which open cases one may repeat. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cityloop.engines.hot_issues.wording import shared_words

NEAR_M = 300.0
BESIDE_M = 60.0
LEAST, LIKELY = 0.45, 0.7
_ENOUGH = 6  # characters that two texts share: more say nothing more
SHORTEST = 8  # characters of a matter; "also, please hurry" is none
# "And another thing", where a sentence or a numbered point begins.
_ON = re.compile(
    r"(?:^|(?<=[。！？!?；;\n.]))\s*(?="
    r"(?:另外|此外|还有|再有|再就是|再一个|其次|另一[个件]|同时还|顺便)"
    r"|第[一二三四五六七八九][，,、点件个]|[（(]?[一二三四五六七八九1-9][）)、.．](?!\d)"
    r"|(?:Another (?:thing|problem|issue)|Also,|In addition|Besides,|Second(?:ly)?,|Third(?:ly)?,)"
    r")"
)

_LINK = re.compile(
    r"^(?:另外|此外|还有|再有|再就是|其次)[，,]?\s*|^(?:Also|Besides|In addition),?\s*"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """score: 0 .. 1; likely: a person should ask the caller; words: stand in both texts."""

    score: float
    likely: bool
    words: tuple[str, ...]


def likeness(words: str, title: str, *, same_class: bool, metres: float | None) -> Likeness:
    """How probably an open case is what a caller speaks of.

    The place counts most, then class and common words alike. A place alone is not enough: a
    crossing has many lamps, an estate many neighbours.

    Args:
        metres: between the places; None = in one community, but a place is not known exactly.
    """
    shared = tuple(shared_words(words, title, most=3))
    told = min(sum(map(len, shared)) / _ENOUGH, 1.0)
    close = 0.5 if metres is None else max(0.0, 1.0 - max(metres - BESIDE_M, 0.0) / NEAR_M)
    score = round(close * (0.2 + 0.4 * same_class + 0.4 * told), 3)
    return Likeness(score, score >= LIKELY, shared)


def parts_by_words(text: str) -> list[str]:
    """The text cut where the caller says that another matter begins; [] = one matter.

    Example: >>> parts_by_words("门口路灯坏了三天。另外垃圾桶满了没人清运。")
    ['门口路灯坏了三天。', '垃圾桶满了没人清运。']
    """
    cuts = [found.end() for found in _ON.finditer(text) if 0 < found.end() < len(text)]
    parts: list[str] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end].strip()
        if parts and (len(piece) < SHORTEST or len(parts[-1]) < SHORTEST):
            parts[-1] = f"{parts[-1]}{piece}"  # a greeting goes with what follows
        elif piece:
            parts.append(piece)
    return [_LINK.sub("", one) for one in parts] if len(parts) > 1 else []
