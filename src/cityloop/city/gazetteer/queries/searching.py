"""What people type, best first: names, addresses, beginnings, sounds, mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest
from itertools import pairwise
from math import hypot

from cityloop.city.gazetteer.queries.crossings import STREET, crossings
from cityloop.city.gazetteer.queries.found import (
    NOWHERE,
    Found,
    HouseRow,
    Row,
    Where,
    houses_with,
    known_names,
    rows_by_hash,
    rows_with,
    wheres,
)
from cityloop.city.places import queries as places
from cityloop.city.places.domain import AreaTree
from cityloop.engines.addresses import (
    Asked,
    Evidence,
    KnownNames,
    Number,
    apart,
    asked_name,
    asked_terms,
    confidence,
    has_mistakes,
    is_hanzi,
    likeness,
    name_hash,
    parse,
    plain,
    sound_of,
)
from cityloop.engines.locating.words import tokens_of

MOST = 20
LONGEST = 200  # characters of a search
AREAS = frozenset({"district", "subdistrict", "community"})
CONTEXT = AREAS | {"street"}
JUNCTION = "junction"
_ENOUGH, _FAIR = 8, 0.6
_READ = 160  # names read in each step
_COMPARED = 48  # of these so many are compared closely
_WELL, _BEGUN = 0.9, 0.7  # likeness with which no further step is needed: whole, beginning
_WEIGHED = 48  # candidates weighed together
_NAMES = 4  # names read of one search
_NUMBERED = 24  # candidates whose house numbers are looked up
_SAME_PLACE_DEG = 0.003  # two entries of one name so near are one place
_NUMBER_BONUS, _NUMBER_MISSING = 0.06, 0.12
_AGREES, _AGAINST = 0.05, 0.15


@dataclass(slots=True)
class Piece:
    """One name of a search, with the number said of it."""

    text: str
    number: Number | None
    whole_of: int = 0  # it is these many pieces before it, taken together
    crosses: int | None = None  # the piece before it that is a road which this one crosses
    rows: dict[int, tuple[Row, float]] = field(default_factory=dict)

    def best(self) -> float:
        return max((like for _, like in self.rows.values()), default=0.0)


@dataclass(slots=True)
class Candidate:
    """A place that may be meant, and why."""

    row: Row
    like: float
    piece: int
    where: Where | None = None
    number: str = ""
    has_number: bool | None = None
    lon: float | None = None
    lat: float | None = None
    name_zh: str = ""
    name_en: str = ""
    agrees: int = 0
    against: int = 0
    text: str = ""
    kind: str = ""  # where it is another than that of its name

    @property
    def score(self) -> float:
        bonus = {None: 0.0, True: _NUMBER_BONUS, False: -_NUMBER_MISSING}[self.has_number]
        return self.like + bonus + _AGREES * min(self.agrees, 2) - _AGAINST * min(self.against, 2)


def search(q: str, *, most: int = 10, public: bool = False) -> list[Found]:
    """Places that a search may mean, the likeliest first.

    Args:
        q: an address, a name or its beginning, in Chinese, English, pinyin or initials; of more
            than 200 characters the rest is not read.
        most: at most so many, 1 to 20.
        public: only what everybody may find.
    """
    found = candidates(q[:LONGEST], public=public)
    return [_found(one, found) for one in found[: min(most, MOST)]]


def candidates(q: str, *, public: bool) -> list[Candidate]:
    """Candidates by score, best first; the same place only once."""
    tree = places.tree()
    known = known_names()
    pieces = _pieces(q, known)
    _gather(pieces, known, public=public)
    for n, piece in enumerate(pieces):
        parts = pieces[n - piece.whole_of : n]
        if not parts or any(part.best() < _WELL for part in parts):
            _gather_alike(piece, public=public)
    made = _candidates(pieces)
    if len(pieces) > 1:
        _locate(made, tree)
        _weigh_together(made, pieces)
    _with_numbers(made, pieces)
    corners = _with_crossings(pieces)
    for one in made if corners else ():
        one.against += one.row.kind == STREET  # each road alone is only said for the corner
    made += corners
    _locate([c for c in made if c.where is None or c.number or c.kind], tree)
    made.sort(key=lambda c: (-c.score, c.row.kind in AREAS, len(c.row.name_zh), c.row.id))
    return _once(made)


def _pieces(q: str, known: KnownNames) -> list[Piece]:
    """The names of a search: as divided by its writer, and where known names stand in it."""
    parts = parse(q)
    pieces: list[Piece] = []
    for place, said in enumerate(parts.names[:_NAMES]):
        number = parts.number_of(place)
        second, joint = parts.crossing or (None, "")
        name = _whole_name(joint, said, known) if place == second else said
        own = _divided(name, known)
        before = max((n for n, p in enumerate(pieces) if not p.whole_of), default=None)
        for text in own:
            pieces.append(Piece(text, number if text == own[-1] else None))
            if place == second and text == own[0]:
                pieces[-1].crosses = before
        if len(own) > 1:  # it may still be one name that holds others
            pieces.append(Piece(name, number, len(own)))
    if not pieces and parts.numbers:  # only a number, a name of digits: 798
        pieces.append(Piece(plain(q), None))
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
    # One character more is another name: 柳安峰小学 is not 安峰小学.
    return runs if all(len(run) > 1 for run in runs) else [name]


def _gather(pieces: Sequence[Piece], known: KnownNames, *, public: bool) -> None:
    """Names spelt so."""
    of_piece = [name_hash(tokens_of(piece.text)) for piece in pieces]
    spelt = rows_by_hash(value for value in of_piece if value in known)
    for piece, value in zip(pieces, of_piece, strict=True):
        _take(piece, spelt.get(value, []), asked_name(piece.text), public=public)


def _gather_alike(piece: Piece, *, public: bool) -> None:
    """Step by step to what is less and less alike, until something fits well."""
    if piece.best() >= _WELL and len(piece.rows) >= _ENOUGH:
        return
    asked = asked_name(piece.text)
    for step, groups in enumerate(asked_terms(piece.text, sound_of(piece.text))):
        _take(piece, rows_with(groups, _READ), asked, public=public)
        # Who has typed the beginning of a name has not mistyped another one.
        if piece.best() >= (_BEGUN if step else _WELL):
            return


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


def _candidates(pieces: Sequence[Piece]) -> list[Candidate]:
    best: dict[int, tuple[Row, float, int]] = {}
    for place, piece in enumerate(pieces):
        for row, like in piece.rows.values():
            if row.id not in best or like > best[row.id][1]:
                best[row.id] = (row, like, place)
    chosen = sorted(best.values(), key=lambda b: (-b[1], b[0].id))[:_WEIGHED]
    return [
        Candidate(
            row,
            like,
            place,
            lon=row.lon,
            lat=row.lat,
            name_zh=row.name_zh,
            name_en=row.name_en,
            text=pieces[place].text,
        )
        for row, like, place in chosen
    ]


def _locate(made: Sequence[Candidate], tree: AreaTree) -> None:
    """Where each lies: its house if it has one, else the name."""
    points = [(c.lon, c.lat, None if c.number or c.kind else c.row.area) for c in made]
    for one, where in zip(made, wheres(points, tree), strict=True):
        one.where = where


def _weigh_together(made: list[Candidate], pieces: Sequence[Piece]) -> None:
    """Names said together lie together: an area that holds the place, a street nearby."""
    for place in range(len(pieces)):
        said = [c for c in made if c.piece == place and c.like >= _WELL]
        if not said:
            continue
        for one in made:
            if one.piece == place or pieces[one.piece].text == pieces[place].text:
                continue
            if pieces[place].text in pieces[one.piece].text:
                continue  # the whole, of which that name is a part
            if any(_together(one, other) for other in said):
                one.agrees += 1
            else:
                one.against += 1
    exact = [c for c in made if c.row.kind not in CONTEXT and c.like >= _WELL and c.agrees]
    unknown = sum(not piece.whole_of and piece.best() < _FAIR for piece in pieces)
    for one in made:  # what is said besides and means nothing here speaks against all
        one.against += unknown if pieces[one.piece].best() >= _FAIR else 0
    for one in made:  # beside a more exact name a street or an area is its context
        numbered = one.row.kind == "street" and pieces[one.piece].number is not None
        beside = [c for c in exact if c.piece != one.piece and _together(c, one)]
        if numbered:
            beside = [c for c in beside if pieces[c.piece].number is not None]
        if one.row.kind in CONTEXT and beside:
            one.against += 1


def _together(one: Candidate, other: Candidate) -> bool:
    here, there = one.where or NOWHERE, other.where or NOWHERE
    if other.row.kind in AREAS and there.id is not None:
        return there.id in here.line
    if one.row.kind in AREAS and here.id is not None:
        return here.id in there.line
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return False
    return hypot(one.lon - other.lon, one.lat - other.lat) < 0.02


def _with_numbers(made: list[Candidate], pieces: Sequence[Piece]) -> None:
    wanted = [
        c
        for c in sorted(made, key=lambda c: (-c.score, c.row.id))
        if pieces[c.piece].number is not None and c.row.kind not in AREAS
    ][:_NUMBERED]
    if not wanted:
        return
    numbers = [n.value for p in pieces if (n := p.number) is not None]
    houses: dict[tuple[int, str], list[HouseRow]] = {}
    for house in houses_with([c.row.stem for c in wanted], numbers):
        houses.setdefault((house.stem, house.number), []).append(house)
    for one in wanted:
        number = pieces[one.piece].number
        assert number is not None
        near = _nearest(one, houses.get((one.row.stem, number.value), []), number)
        one.has_number = near is not None
        if near is not None:
            _put(one, near)
    for (stem, _), some in houses.items():
        _add_elsewhere(made, [c for c in wanted if c.row.stem == stem and c.has_number], some)


def _with_crossings(pieces: Sequence[Piece]) -> list[Candidate]:
    """Where two roads that were said to cross really do."""
    made = []
    for place, piece in enumerate(pieces):
        if piece.crosses is None:
            continue
        said = pieces[piece.crosses]
        for one in crossings(list(said.rows.values()), list(piece.rows.values()))[:MOST]:
            zh = f"{one.one.name_zh}与{one.other.name_zh}路口"
            first, second = (r.name_en or r.name_zh for r in (one.one, one.other))
            worse, text = (one.one, said.text) if one.like <= one.likewise else (
                one.other, piece.text)  # fmt: skip
            made.append(Candidate(
                worse, (one.like + one.likewise) / 2, place, lon=one.lon, lat=one.lat, name_zh=zh,
                name_en=f"{first} and {second}", agrees=2, text=text, kind=JUNCTION,
            ))  # fmt: skip
    return made


def _put(one: Candidate, house: HouseRow) -> None:
    one.number, one.lon, one.lat = house.number, house.lon, house.lat
    one.name_zh, one.name_en = house.name_zh, house.name_en


def _add_elsewhere(
    made: list[Candidate], placed: list[Candidate], houses: Sequence[HouseRow]
) -> None:
    """The same number under the same name at another place is another answer."""
    for house in houses[:MOST]:
        same = [c for c in placed if c.number == house.number]
        if same and not any(_is_at(c, house) for c in same):
            other = replace(same[0])
            _put(other, house)
            placed.append(other)
            made.append(other)


def _is_at(one: Candidate, house: HouseRow) -> bool:
    if one.lon is None or one.lat is None:
        return True
    return max(abs(one.lon - house.lon), abs(one.lat - house.lat)) < _SAME_PLACE_DEG


def _nearest(one: Candidate, houses: Sequence[HouseRow], number: Number) -> HouseRow | None:
    if not houses:
        return None
    same = [h for h in houses if h.unit == number.unit] or list(houses)
    lon, lat = one.row.lon, one.row.lat
    if lon is None or lat is None:
        return same[0]
    return min(same, key=lambda h: hypot(h.lon - lon, h.lat - lat))


def _once(made: list[Candidate]) -> list[Candidate]:
    """One place that is registered several times (a street in many parts) is shown once."""
    kept: list[Candidate] = []
    for one in made:
        if not any(_same(one, other) for other in kept):
            kept.append(one)
        if len(kept) == MOST:
            break
    return kept


def _same(one: Candidate, other: Candidate) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind and one.name_zh != other.name_zh:
        return False
    if one.row.name_zh != other.row.name_zh and one.row.stem != other.row.stem:
        return False
    if one.row.kind == other.row.kind == "street" and not one.number and not other.number:
        return (one.where or NOWHERE).zh == (other.where or NOWHERE).zh
    if one.lon is None or other.lon is None or one.lat is None or other.lat is None:
        return one.row.area == other.row.area
    return abs(one.lon - other.lon) < _SAME_PLACE_DEG and abs(one.lat - other.lat) < _SAME_PLACE_DEG


def evidence(one: Candidate, among: Sequence[Candidate]) -> Evidence:
    """What speaks for a candidate among all."""
    others = [c.score for c in among if c is not one]
    rivals = sum(score >= one.score - 0.02 for score in others)
    ahead = one.score - max(others, default=0.0)
    asked = asked_name(one.text)
    length = len(asked.hanzi) or len(asked.letters) // 2
    return Evidence(
        one.like, ahead, rivals, one.has_number, one.agrees, one.against,
        has_mistakes(asked, one.row.name()), length,
    )  # fmt: skip


def _found(one: Candidate, among: Sequence[Candidate]) -> Found:
    where = one.where or NOWHERE
    return Found(
        one.kind or ("building" if one.number else one.row.kind),
        one.name_zh,
        one.name_en or one.name_zh,
        one.number,
        one.lon,
        one.lat,
        round(confidence(evidence(one, among)), 3),
        where.id,
        where.zh,
        where.en,
        one.row.public,
    )
