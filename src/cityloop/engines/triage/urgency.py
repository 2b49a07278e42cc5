"""How urgent a report is by its words: a suggestion with its reasons, never below its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityloop.engines.triage.text import normalised

LEVELS = ("normal", "urgent", "emergency")
_NOT = (
    "没有",
    "没",
    "无",
    "未",
    "不会",
    "不是",
    "并非",
    "避免",
    "防止",
    "预防",
    "以免",
    "以防",
    "防",
)
_NOT_EN = ("no ", "not ", "without ", "avoid ", "prevent ", "never ")
_REACH, _REACH_EN = 4, 12


@dataclass(frozen=True, slots=True)
class Urgency:
    """level: one of LEVELS; words: those of the text that raised it, () where the class did."""

    level: str
    words: tuple[str, ...] = ()


def urgency_of(
    title: str, text: str, words: Mapping[str, Sequence[str]], *, floor: str = "normal"
) -> Urgency:
    """The highest level that a word of the text names; `floor` (the level of the class) otherwise.

    A word shortly after a negation ("没有人受伤", "no injuries", "防止起火") does not count. Words
    within Latin text count as whole words.

    Args:
        words: words or short phrases of "urgent" and of "emergency".
    Example: >>> urgency_of("", "楼道着火了", {"emergency": ["着火"]})
    Urgency(level='emergency', words=('着火',))
    """
    said = f"{normalised(title)}\n{normalised(text)}"
    for level in reversed(LEVELS[1:]):
        found = tuple(dict.fromkeys(w for w in words.get(level, ()) if _holds(said, w.lower())))
        if found:
            return Urgency(floor if LEVELS.index(floor) > LEVELS.index(level) else level, found)
    return Urgency(floor)


def _holds(said: str, word: str) -> bool:
    """Whether the word stands somewhere without a negation just before it."""
    start = said.find(word)
    while start >= 0:
        end = start + len(word)
        if _is_whole(said, start, end) and not _is_denied(said, start, word):
            return True
        start = said.find(word, end)
    return False


def _is_whole(said: str, start: int, end: int) -> bool:
    before, after = said[start - 1 : start], said[end : end + 1]
    cut = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    return not (cut and said[start:end].isascii())


def _is_denied(said: str, start: int, word: str) -> bool:
    if word.isascii():
        return any(each in said[max(0, start - _REACH_EN) : start] for each in _NOT_EN)
    before = said[max(0, start - _REACH) : start]
    clause = max(before.rfind(mark) for mark in "，。；！？,;!?\n")
    return any(each in before[clause + 1 :] for each in _NOT)
