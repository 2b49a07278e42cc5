"""Free text → place: finds the place words of a gazetteer and weighs them.

Never guesses: where the words are missing, contradict each other or name several places, there
is no match and a person decides; the candidates and the reason are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cityloop.engines.locating.variants import (
    COMPLETE_STREET,
    RANK,
    TRUST,
    is_other_thing,
    variants_of,
)
from cityloop.engines.locating.weighing import (
    Hit,
    Match,
    Place,
    Reading,
    Sense,
    weigh,
)
from cityloop.engines.locating.words import CORNERS, MAX_CHARS, Tokens, is_chinese, tokens_of
from cityloop.kernel.errors import DomainError

THRESHOLD = 0.6
_BEFORE_OTHERS = set("东西南北中新老大小上下前后")  # 新永安里 is not 永安里
_JOINTS = {(), ("与",), ("和",), ("跟",), ("同",), ("及",), ("&",), ("and",), ("at",)}
_LATIN_JOINTS = {("&",), ("at",)}  # enough without a word for the corner
_CORNER_OF = {"corner", "intersection", "junction", "crossing"}


class Entry(NamedTuple):
    """One name of one place; a place may have several. A junction is named "street/street"."""

    name: str
    kind: str
    area_id: int
    lon: float
    lat: float


class Gazetteer:
    """The known names of an area.

    Args:
        entries: (name, kind, area_id, lon, lat); kinds are those of `variants.RANK`.
        parents: parent of each area, so that a compound and its community support each other.
        complete_streets: every street is listed in every area it runs through. Only then a street
            name alone is enough; in a partial list the same street may run on elsewhere.
        threshold: matches below this confidence are not given.
    Raises: DomainError("gazetteer.bad_entry") naming the first bad entry.
    """

    def __init__(
        self,
        entries: Iterable[tuple[str, str, int, float, float]],
        parents: Mapping[int, int] | None = None,
        *,
        complete_streets: bool = False,
        threshold: float = THRESHOLD,
    ) -> None:
        self._threshold = threshold
        self._trust = TRUST | ({"street": COMPLETE_STREET} if complete_streets else {})
        self._parents = dict(parents or {})
        self._senses: dict[str, list[Sense]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._junctions: dict[frozenset[str], list[Place]] = {}
        lengths: dict[str, set[int]] = {}
        for number, raw in enumerate(entries):
            entry = Entry(*raw)
            _refuse_bad(entry, number)
            if entry.kind == "junction":
                key = frozenset(" ".join(tokens_of(part)) for part in entry.name.split("/"))
                self._junctions.setdefault(key, []).append(_place(entry, ""))
                continue
            tokens = tokens_of(entry.name)
            place = _place(entry, " ".join(tokens))
            for variant, sure in variants_of(tokens, entry.kind).items():
                self._senses.setdefault(" ".join(variant), []).append(Sense(place, sure))
                lengths.setdefault(variant[0], set()).add(len(variant))
        self._lengths = {first: tuple(sorted(ns, reverse=True)) for first, ns in lengths.items()}

    def __len__(self) -> int:
        return len(self._senses)

    def find(self, text: str) -> Match | None:
        """The place a text speaks of, or None: then a person decides."""
        return self.read(text).match

    def read(self, text: str, beside: Gazetteer | None = None) -> Reading:
        """The match if there is one, the candidates, and why.

        Args:
            beside: more names of the same areas, read together with the own ones.
        """
        tokens = tokens_of(text)
        found = list(self._hits(tokens))
        if beside is not None:
            found = _merged([*found, *beside._hits(tokens)])
        hits = _longest(found)
        crossing = dict(self._junctions)
        for key, places in (beside._junctions if beside else {}).items():
            crossing[key] = [*crossing.get(key, ()), *places]
        hits += list(_junction_hits(hits, tokens, crossing))
        reading = weigh(hits, self._parents, self._threshold, self._trust)
        if len(text) > MAX_CHARS:
            return reading.with_note(
                f"Only the first {MAX_CHARS} characters were read.", f"仅读取前 {MAX_CHARS} 个字。"
            )
        return reading

    def _hits(self, tokens: Tokens) -> Iterator[Hit]:
        """The longest name that starts at each token."""
        for start, first in enumerate(tokens):
            for length in self._lengths.get(first, ()):
                end = start + length
                if end > len(tokens):
                    continue
                senses = self._senses.get(" ".join(tokens[start:end]))
                if senses is None:
                    continue
                kept = [s for s in senses if not _goes_on(tokens, end, s)]
                if kept:
                    yield Hit(start, end, _less_sure_after(tokens, start, kept))
                    break


def _junction_hits(
    hits: list[Hit], tokens: Tokens, junctions: Mapping[frozenset[str], list[Place]]
) -> Iterator[Hit]:
    """Two street names side by side that are known to cross, and are said to."""
    streets = [hit for hit in hits if all(s.place.kind == "street" for s in hit.senses)]
    for one, two in pairwise(streets):
        if not is_corner(tokens, (one.start, one.end), (two.start, two.end)):
            continue
        sure = min(one.senses[0].sure, two.senses[0].sure)
        keys = {frozenset((a.place.key, b.place.key)) for a in one.senses for b in two.senses}
        places = {p for key in keys for p in junctions.get(key, ())}
        if places:
            found = sorted(places, key=lambda p: (p.area_id, p.lon, p.lat))
            yield Hit(one.start, two.end, tuple(Sense(p, sure) for p in found))


def is_corner(tokens: Tokens, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether a text means where two streets cross: not every 和平路和建设街 does.

    Args:
        one, two: where each begins and ends among the tokens.
    """
    joint = tokens[one[1] : two[0]]
    if joint not in _JOINTS:
        return False
    behind = "".join(tokens[two[1] : two[1] + 5]).removeprefix("的")
    if behind.startswith(("口", *CORNERS)):
        return True
    before = set(tokens[max(one[0] - 3, 0) : one[0]])
    return joint in _LATIN_JOINTS or (joint == ("and",) and not before.isdisjoint(_CORNER_OF))


def _place(entry: Entry, key: str) -> Place:
    return Place(entry.name, entry.kind, int(entry.area_id), entry.lon, entry.lat, key)


def _goes_on(tokens: Tokens, end: int, sense: Sense) -> bool:
    return is_other_thing(
        tokens, end, kind=sense.place.kind, is_short=sense.sure < 0.95, last=tokens[end - 1]
    )


def _less_sure_after(tokens: Tokens, start: int, senses: list[Sense]) -> tuple[Sense, ...]:
    before = tokens[start - 1] if start else ""
    if before in _BEFORE_OTHERS and is_chinese(tokens[start]):
        return tuple(Sense(s.place, s.sure * 0.75) for s in senses)
    return tuple(senses)


def _merged(hits: list[Hit]) -> list[Hit]:
    """The same words found in two lists are one hit that may mean the places of both."""
    senses: dict[tuple[int, int], list[Sense]] = {}
    for hit in hits:
        senses.setdefault((hit.start, hit.end), []).extend(hit.senses)
    return [Hit(*span, tuple(dict.fromkeys(found))) for span, found in senses.items()]


def _longest(hits: list[Hit]) -> list[Hit]:
    """Where names overlap, the longer one is meant."""
    chosen: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(hit)
    return sorted(chosen, key=lambda h: h.start)


def _refuse_bad(entry: Entry, number: int) -> None:
    if entry.kind not in RANK:
        wrong, wrong_zh = f"kind {entry.kind!r}", f"类别 {entry.kind!r}"
    elif not tokens_of(entry.name):
        wrong, wrong_zh = f"name {entry.name!r}", f"名称 {entry.name!r}"
    elif not (np.isfinite(entry.lon) and np.isfinite(entry.lat)):
        wrong, wrong_zh = f"point ({entry.lon}, {entry.lat})", f"坐标 ({entry.lon}, {entry.lat})"
    else:
        return
    allowed = ", ".join(RANK)
    raise DomainError(
        "gazetteer.bad_entry",
        f"Gazetteer entry {number}: {wrong} cannot be used. A name needs letters, digits or "
        f"Chinese characters, the point finite degrees, the kind one of: {allowed}.",
        f"地名表第 {number} 条：{wrong_zh} 不可用。名称须含文字或数字，坐标须为有限数字，"
        f"类别须为：{allowed}。",
        where=f"entries[{number}]",
        details={"number": number, "allowed": list(RANK)},
    )
