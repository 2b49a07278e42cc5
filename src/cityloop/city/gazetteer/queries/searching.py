"""What people type, best first: names, addresses, beginnings, sounds, mistakes."""

from __future__ import annotations

from collections.abc import Sequence

from cityloop.city.gazetteer.queries.found import NOWHERE, Found, known_names
from cityloop.city.gazetteer.queries.pieces import gather, pieces_of
from cityloop.city.gazetteer.queries.related import spot_of
from cityloop.city.gazetteer.queries.weighing import MOST, Candidate, evidence, weighed
from cityloop.city.places import queries as places
from cityloop.engines.addresses import SURE_ENOUGH, confidence, parse

LONGEST = 200  # characters of a search
_UNSURE = SURE_ENOUGH - 0.08
"""As sure as an answer may be that is no point of its own: a person looks at it."""


def search(q: str, *, most: int = 10, public: bool = False) -> list[Found]:
    """Places that a search may mean, the likeliest first.

    Args:
        q: an address, a name or its beginning, in Chinese, English, pinyin or initials; of more
            than 200 characters the rest is not read.
        most: at most so many, 1 to 20.
        public: only what everybody may find.
    """
    found = candidates(q[:LONGEST], public=public)
    is_stretch = bool(found) and parse(q[:LONGEST]).is_stretch
    return [_found(one, found, is_stretch=is_stretch) for one in found[: min(most, MOST)]]


def candidates(q: str, *, public: bool) -> list[Candidate]:
    """Candidates by score, best first; the same place only once."""
    tree, known = places.tree(), known_names()
    pieces = pieces_of(q, parse(q), known)
    gather(pieces, known, public=public)
    return weighed(pieces, tree)


def _found(one: Candidate, among: Sequence[Candidate], *, is_stretch: bool) -> Found:
    sure = confidence(evidence(one, among))
    spot = spot_of(one, sure=sure, is_stretch=is_stretch)
    where = spot.where or one.where or NOWHERE
    return Found(
        one.shown,
        one.name_zh,
        one.name_en or one.name_zh,
        one.number,
        spot.lon,
        spot.lat,
        round(min(sure, _UNSURE) if spot.is_open else sure, 3),
        where.id,
        where.zh,
        where.en,
        one.row.public,
        spot.radius_m,
        spot.note_zh,
        spot.note_en,
    )
