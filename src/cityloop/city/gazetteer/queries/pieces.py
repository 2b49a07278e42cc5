"""The names of a search, and the registered names that may be meant by each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import pairwise

from cityloop.city.gazetteer.queries.found import Row, rows_by_hash, rows_with
from cityloop.engines.addresses import (
    Asked,
    KnownNames,
    Number,
    Parts,
    Relation,
    apart,
    asked_name,
    asked_terms,
    has_mistakes,
    is_hanzi,
    likeness,
    name_hash,
    plain,
    sound_of,
)
from cityloop.engines.locating.words import tokens_of

WELL = 0.9  # likeness with which no further step is needed: of a whole name
_HEARD = 0.8  # of one that sounds alike
_BEGUN = 0.7  # of its beginning
_ENOUGH = 8
_READ = 160  # names read in each step
_COMPARED = 48  # of these so many are compared closely
_NAMES = 4  # names read of one search
_JOINTS = frozenset("与和跟同及的在")


@dataclass(slots=True)
class Piece:
    """One name of a search, with the number said of it."""

    text: str
    number: Number | None = None
    whole_of: int = 0  # it is these many pieces before it, taken together
    relation: Relation | None = None  # how what is meant lies to it
    aside: bool = False  # it is what lies there, and need not be registered
    crosses: int | None = None  # the piece before it that is a road which this one crosses
    rows: dict[int, tuple[Row, float]] = field(default_factory=dict)

    def best(self) -> float:
        return max((like for _, like in self.rows.values()), default=0.0)


def pieces_of(q: str, parts: Parts, known: KnownNames) -> list[Piece]:
    """The names of a search: as divided by its writer, and where known names stand in it."""
    pieces: list[Piece] = []
    for place, said in enumerate(parts.names[:_NAMES]):
        number, relation = parts.number_of(place), parts.relations.get(place)
        second, joint = parts.crossing or (None, "")
        name = _whole_name(joint, said, known) if place == second else said
        if relation and number is None and _is_known(f"{name}{relation.words}", known):
            name, relation = f"{name}{relation.words}", None  # 前门, a gate that is registered
        own = _divided(name, known)
        before = max((n for n, p in enumerate(pieces) if not p.whole_of), default=None)
        for text in own:
            pieces.append(Piece(text))
            if place == second and text == own[0]:
                pieces[-1].crosses = before
        ends = [pieces[-1]]
        if len(own) > 1:  # it may still be one name that holds others
            pieces.append(Piece(name, whole_of=len(own)))
            ends.append(pieces[-1])
        for piece in ends:
            piece.number, piece.relation = number, relation
            piece.aside = place in parts.aside
    if not pieces and parts.numbers:  # only a number, a name of digits: 798
        pieces.append(Piece(plain(q)))
    return pieces[: 2 * _NAMES]


def _whole_name(joint: str, name: str, known: KnownNames) -> str:
    """建设路和平路: the word that joins is the beginning of the second name, if that is known."""
    whole = joint + name
    if not joint or _is_known(name, known):
        return name
    return whole if any(_is_known(run, known) for run in _divided(whole, known)) else name


def _is_known(name: str, known: KnownNames) -> bool:
    return name_hash(tokens_of(name)) in known


def _divided(name: str, known: KnownNames) -> list[str]:
    """春华街道永安里小区 → 春华街道, 永安里小区, by the names that are known."""
    tokens = tokens_of(name)
    if not tokens or len(tokens) > 60 or not any(map(is_hanzi, tokens[0])):
        return [name]
    spans = [s for s in apart(known.spans(tokens)) if s[1] - s[0] > 2]
    cuts = sorted({0, len(tokens), *(s[0] for s in spans), *(s[1] for s in spans)})
    runs = ["".join(tokens[a:b]) for a, b in pairwise(cuts)]
    runs = [run for n, run in enumerate(runs) if not n or run not in _JOINTS]
    # One character more is another name: 柳安峰小学 is not 安峰小学.
    return runs if all(len(run) > 1 for run in runs) else [name]


def gather(pieces: Sequence[Piece], known: KnownNames, *, public: bool) -> None:
    """Fill in the registered names each may mean."""
    _gather_spelt(pieces, known, public=public)
    for n, piece in enumerate(pieces):
        parts = pieces[n - piece.whole_of : n]
        if not parts or any(part.best() < WELL for part in parts):
            _gather_alike(piece, public=public)


def _gather_spelt(pieces: Sequence[Piece], known: KnownNames, *, public: bool) -> None:
    """Names spelt so."""
    of_piece = [name_hash(tokens_of(piece.text)) for piece in pieces]
    spelt = rows_by_hash(value for value in of_piece if value in known)
    for piece, value in zip(pieces, of_piece, strict=True):
        _take(piece, spelt.get(value, []), asked_name(piece.text), public=public)


def _gather_alike(piece: Piece, *, public: bool) -> None:
    """Step by step to what is less and less alike, until something fits well."""
    if piece.best() >= WELL and len(piece.rows) >= _ENOUGH:
        return
    asked = asked_name(piece.text)
    for step, groups in enumerate(asked_terms(piece.text, sound_of(piece.text))):
        _take(piece, rows_with(groups, _READ), asked, public=public)
        if piece.best() >= (_HEARD if step else WELL) or (step and _is_begun(piece, asked)):
            return


def _is_begun(piece: Piece, asked: Asked) -> bool:
    """Who has typed the beginning of a name has not mistyped another one."""
    return any(
        like >= _BEGUN and not has_mistakes(asked, row.name()) for row, like in piece.rows.values()
    )


def _take(piece: Piece, rows: Sequence[Row], asked: Asked, *, public: bool) -> None:
    fresh = [r for r in rows if r.id not in piece.rows and (r.public or not public)]
    for row in _promising(fresh, asked):
        like = likeness(asked, row.name())
        if like > 0.3:
            piece.rows[row.id] = (row, like)


def _promising(rows: list[Row], asked: Asked) -> list[Row]:
    """Of many names those that have most in common with the search, and little besides."""
    if len(rows) <= _COMPARED:
        return rows
    wanted = set(asked.hanzi or pairwise(asked.letters)) | set(asked.sound)

    def promise(row: Row) -> tuple[float, int]:
        has: set[str | tuple[str, str]] = set(row.sound.split())
        has |= set(row.name_zh) if asked.hanzi else set(pairwise(row.sound.replace(" ", "")))
        return len(wanted & has) - 0.3 * len(has), -row.id

    return nlargest(_COMPARED, rows, key=promise)
