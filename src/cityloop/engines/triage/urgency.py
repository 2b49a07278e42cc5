"""How urgent a report is by its words: a suggestion with its reasons, never below its class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cityloop.engines.triage.text import segments_of, text_of

LEVELS = ("normal", "urgent", "emergency")
HARMLESS = "none"
"""Key of phrases that hold such a word without its danger ("落水管", "跳楼价")."""
_NOT = re.compile("没|无|未|不会|不是|并非|避免|防|以免")
_NOT_EN = re.compile(r"\b(no|not|without|avoid|prevent|never) ")
_REACH, _REACH_EN = 4, 12
# What could happen, or happened before, is not what happens now.
_FEARED = re.compile(
    "一旦|万一|如果|假如|倘若|要是|若|可能|易|随时|担心|怕|恐|会不会|造成|导致|引发|引起|存在|隐患|风险|冒着"
    "|曾|以前|之前|去年|前年|多次|经常|常常|每年|每次|0年|近年"
)
_FEARED_AFTER = re.compile("隐患|风险|危险|可能|不堪设想|怎么办|预案|演练|赔偿|案例|时有发生")
_FEARED_EN = re.compile(
    r"\b(if|could|might|may|would|risk of|danger of|afraid|used to|last year|often|every) "
)
_FEARED_AFTER_EN = re.compile(r"^ (risk|hazard|drill)")
_CLAUSE, _CLAUSE_EN, _TAIL = 16, 40, 8
_STOPS = re.compile("[，。；！？、,;!?\n]")


@dataclass(frozen=True, slots=True)
class Urgency:
    """level: one of LEVELS; words: those of the text that raised it, () where the class did."""

    level: str
    words: tuple[str, ...] = ()


class DangerWords:
    """Words that raise a report, made ready once for many texts."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """words: words or short phrases of "urgent" and of "emergency"; of HARMLESS: phrases that
        are passed over."""
        self._harmless = [phrase.lower() for phrase in words.get(HARMLESS, ())]
        self._ranked = [
            (rank, word.lower())
            for rank, level in enumerate(LEVELS)
            for word in words.get(level, ())
        ]
        either = "|".join(re.escape(word) for _, word in self._ranked)
        self._any = re.compile(either) if either else None

    def levels(self, titles: Sequence[str], texts: Sequence[str]) -> list[Urgency]:
        """The highest level that a word of danger names, "normal" where none does, for each text.

        A word shortly after a negation ("没有人受伤", "no injuries", "防止起火") does not count;
        one that is feared or past in its clause ("一旦起火", "火灾隐患", "曾多次停水") counts one
        level less. How loudly a report speaks (capitals, marks, "紧急", "气死") plays no part: only
        what stands in the list does. Words within Latin text count as whole words.
        Raises: DomainError("triage.lengths", "triage.not_text") as `segments_of`.
        """
        batch = segments_of(titles, texts)
        whole = text_of(batch.codes)
        ends = np.searchsorted(batch.segment, np.arange(2 * len(texts) + 1)).tolist()
        return [
            self._level(f"{whole[ends[k] : ends[k + 1]]}\n{whole[ends[k + 1] : ends[k + 2]]}")
            for k in range(0, 2 * len(texts), 2)
        ]

    def _level(self, said: str) -> Urgency:
        # Of a hundred reports some ninety hold no such word: one look instead of 150.
        if self._any is None or not self._any.search(said):
            return Urgency("normal")
        for phrase in self._harmless:
            said = said.replace(phrase, "□")
        found: dict[int, list[str]] = {}
        for rank, word in self._ranked:
            weight = max(_weights(said, word, rank), default=0)
            if weight:
                found.setdefault(weight, []).append(word)
        if not found:
            return Urgency("normal")
        top = max(found)
        return Urgency(LEVELS[top], tuple(dict.fromkeys(found[top])))


def urgency_of(
    title: str, text: str, words: Mapping[str, Sequence[str]], *, floor: str = "normal"
) -> Urgency:
    """The level of one text (`DangerWords.levels`), at least `floor`, the level of its class.

    Example: >>> urgency_of("", "楼道着火了", {"emergency": ["着火"]})
    Urgency(level='emergency', words=('着火',))
    """
    return at_least(floor, DangerWords(words).levels([title], [text])[0])


def at_least(floor: str, found: Urgency) -> Urgency:
    """What the words say, raised to the level of the class where that is higher."""
    return replace(found, level=LEVELS[max(LEVELS.index(found.level), LEVELS.index(floor))])


def _weights(said: str, word: str, rank: int) -> Iterator[int]:
    """The rank of each place where the word stands: 0 where it is denied, one less where feared."""
    start = said.find(word)
    while start >= 0:
        end = start + len(word)
        if _is_whole(said, start, end) and not _is_denied(said, start, word):
            yield rank - _is_feared(said, start, end)
        start = said.find(word, end)


def _is_whole(said: str, start: int, end: int) -> bool:
    before, after = said[start - 1 : start], said[end : end + 1]
    cut = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    return not (cut and said[start:end].isascii())


def _is_denied(said: str, start: int, word: str) -> bool:
    if word.isascii():
        return bool(_NOT_EN.search(said[max(0, start - _REACH_EN) : start]))
    return bool(_NOT.search(_clause_before(said, start, _REACH)))


def _is_feared(said: str, start: int, end: int) -> bool:
    """Whether its clause speaks of what could be, or of what was."""
    if said[start:end].isascii():
        before, after = _clause_before(said, start, _CLAUSE_EN), said[end : end + _TAIL]
        return bool(_FEARED_EN.search(before) or _FEARED_AFTER_EN.search(after))
    before = _clause_before(said, start, _CLAUSE)
    after = _STOPS.split(said[end : end + _TAIL], maxsplit=1)[0]
    return bool(_FEARED.search(before) or _FEARED_AFTER.search(after))


def _clause_before(said: str, start: int, reach: int) -> str:
    return _STOPS.split(said[max(0, start - reach) : start])[-1]
