"""Which of the named places is meant, and how sure is that?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from cityloop.engines.locating.variants import RANK

Related = Callable[[int, int], bool]  # (area, area): does one lie in the other?

_AGREES = 0.5  # doubt left when another word names the same area
_OTHER_AREA = 0.4  # another word names an area that does not hold the place
_AS_EXACT = 0.6  # an equally or more exact word points elsewhere
_LESS_EXACT = 0.85  # a less exact word (a street, an opposite compound) points elsewhere
_RIVAL = 0.5  # a rival counts when it is at least half as likely


class Place(NamedTuple):
    """A named place; `key` are the tokens of its name."""

    name: str
    kind: str
    area_id: int
    lon: float
    lat: float
    key: str


class Sense(NamedTuple):
    """A place that some words may mean, and how surely these words are its name."""

    place: Place
    sure: float


class Hit(NamedTuple):
    """Words of the text that name one or several places."""

    start: int
    end: int
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A place with the words that led to it.

    `confidence` 0..1 orders answers and is compared with the threshold; it is a weight of
    evidence, not a measured probability.
    """

    area_id: int
    lon: float
    lat: float
    confidence: float
    words: tuple[str, ...]
    explanation: str
    explanation_zh: str
    kind: str
    name: str
    span: tuple[int, int] = (0, 0)  # its tokens in the text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says about its place. Without `match` it waits for a person."""

    match: Match | None
    candidates: tuple[Match, ...]
    explanation: str
    explanation_zh: str

    def with_note(self, en: str, zh: str) -> Reading:
        """The same reading with one more sentence."""
        return replace(
            self,
            explanation=f"{self.explanation} {en}",
            explanation_zh=f"{self.explanation_zh}{zh}",
        )


@dataclass(slots=True)
class _Scored:
    place: Place
    hit: Hit
    score: float
    support: list[str]
    against: list[str]
    rivals: list[str]
    confidence: float


def weigh(
    hits: list[Hit], parents: Mapping[int, int], threshold: float, trust: Mapping[str, float]
) -> Reading:
    """The most exact place that the words agree on, if they agree well enough."""
    if not hits:
        return Reading(None, (), "No known place name in the text.", "文中没有已知地名。")
    lines: dict[int, frozenset[int]] = {}

    def line(area: int) -> frozenset[int]:
        if area not in lines:
            lines[area] = _line(area, parents)
        return lines[area]

    def related(a: int, b: int) -> bool:
        return a in line(b) or b in line(a)

    scored = [
        _score(sense, trust[sense.place.kind], hit, hits, related)
        for hit in hits
        for sense in hit.senses
    ]
    for one in scored:
        _lower_by_rivals(one, scored, related)
    scored.sort(key=lambda s: (RANK[s.place.kind], -s.confidence))
    best = next((s for s in scored if s.confidence >= threshold), None)
    likely = sorted(scored, key=lambda s: (-s.confidence, RANK[s.place.kind]))
    candidates = tuple(_match(s) for s in likely[:5])
    if best is None:
        en, zh = _undecided(likely, threshold)
        return Reading(None, candidates, en, zh)
    match = _match(best)
    return Reading(match, candidates, match.explanation, match.explanation_zh)


def _line(area: int, parents: Mapping[int, int]) -> frozenset[int]:
    """An area and everything above it."""
    seen = {area}
    while (parent := parents.get(area)) is not None and parent not in seen:
        seen.add(parent)
        area = parent
    return frozenset(seen)


def _score(sense: Sense, trust: float, own: Hit, hits: list[Hit], related: Related) -> _Scored:
    place = sense.place
    doubt, kept = 1 - trust * sense.sure, 1.0
    support, against = [], []
    for hit in hits:
        if hit is own or (hit.start < own.end and own.start < hit.end):
            continue
        other = hit.senses[0].place
        if other is own.senses[0].place and place is other:
            continue  # the same name said again is no second witness
        if any(related(place.area_id, s.place.area_id) for s in hit.senses):
            doubt *= _AGREES
            support.append(other.name)
            continue
        kept *= _contradiction(place.kind, other.kind)
        against.append(other.name)
    score = (1 - doubt) * kept
    return _Scored(place, own, score, support, against, [], score)


def _contradiction(kind: str, other: str) -> float:
    if RANK[other] >= RANK["community"] and RANK[kind] != RANK[other]:
        return _OTHER_AREA
    return _AS_EXACT if RANK[other] <= RANK[kind] else _LESS_EXACT


def _lower_by_rivals(one: _Scored, scored: list[_Scored], related: Related) -> None:
    """Equally exact places elsewhere, and all the same words may mean, share the confidence."""
    others: dict[int, _Scored] = {}
    for other in scored:
        if (
            (other.hit is one.hit or RANK[other.place.kind] == RANK[one.place.kind])
            and other.score >= one.score * _RIVAL
            and not related(one.place.area_id, other.place.area_id)
        ):
            strongest = others.setdefault(other.place.area_id, other)
            if other.score > strongest.score:
                others[other.place.area_id] = other
    total = one.score + sum(other.score for other in others.values())
    one.confidence = one.score * one.score / total
    one.rivals = [f"{o.place.name} ({o.place.area_id})" for o in others.values()]


def _match(one: _Scored) -> Match:
    place = one.place
    en, zh = f"{place.kind} {place.name}", f"{place.name}（{place.kind}）"
    for label, label_zh, names in (
        ("agrees with", "相符：", one.support),
        ("contradicted by", "矛盾：", one.against),
        ("could also be", "也可能是：", one.rivals),
    ):
        if names:
            en += f"; {label} {', '.join(names[:3])}"
            zh += f"；{label_zh}{'、'.join(names[:3])}"
    words = (place.name, *one.support)
    confidence = round(one.confidence, 3)
    return Match(place.area_id, place.lon, place.lat, confidence, words, en, zh,
                 place.kind, place.name, (one.hit.start, one.hit.end))  # fmt: skip


def _undecided(likely: list[_Scored], threshold: float) -> tuple[str, str]:
    first = likely[0]
    shown = f"{first.confidence:.2f} < {threshold:.2f}"
    match = _match(first)
    return (
        f"Not sure enough ({shown}), a person decides: {match.explanation}.",
        f"把握不足（{shown}），待人工确认：{match.explanation_zh}。",
    )
