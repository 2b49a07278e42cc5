"""Which open cases a caller's matter may repeat. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cityloop.engines.hot_issues.wording import shared_words

NEAR_M = 300.0
BESIDE_M = 60.0
LEAST, LIKELY = 0.45, 0.7
_ENOUGH = 6  # characters that two texts share: more say nothing more


@dataclass(frozen=True, slots=True)
class Likeness:
    """score: 0 .. 1; likely: a person should ask the caller; words: stand in both texts."""

    score: float
    likely: bool
    words: tuple[str, ...]


def likeness(words: str, title: str, *, same_class: bool, metres: float | None) -> Likeness:
    """How probably an open case is what a caller speaks of.

    The place counts most, then the class, then common words. A class alone, or a place alone, is
    not enough: a crossing has many lamps, an estate many neighbours.

    Args:
        metres: between the places; None = in one community, but a place is not known exactly.
    """
    shared = tuple(shared_words(words, title, most=3))
    told = min(sum(map(len, shared)) / _ENOUGH, 1.0)
    close = 0.4 if metres is None else max(0.0, 1.0 - max(metres - BESIDE_M, 0.0) / NEAR_M)
    score = round(close * (0.25 + 0.45 * same_class + 0.3 * told), 3)
    return Likeness(score, score >= LIKELY, shared)
