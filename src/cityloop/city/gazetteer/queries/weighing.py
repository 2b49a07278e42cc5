"""Which of the places that may be meant is meant: names said together lie together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot

from cityloop.city.gazetteer.queries.crossings import crossings
from cityloop.city.gazetteer.queries.found import (
    NOWHERE,
    HouseRow,
    Row,
    Where,
    houses_with,
    wheres,
)
from cityloop.city.gazetteer.queries.pieces import WELL, Piece
from cityloop.city.gazetteer.queries.streets import STREET
from cityloop.city.places.domain import AreaTree
from cityloop.engines.addresses import Evidence, Number, Relation, asked_name, has_mistakes

MOST = 20
AREAS = frozenset({"district", "subdistrict", "community"})
CONTEXT = AREAS | {STREET}
JUNCTION = "junction"
_FAIR = 0.6
_WEIGHED = 48  # candidates weighed together
_NUMBERED = 24  # candidates whose house numbers are looked up
_SAME_PLACE_DEG = 0.003  # two entries of one name so near are one place
_TOGETHER_DEG = 0.02
_NUMBER_BONUS, _NUMBER_MISSING = 0.06, 0.12
_AGREES, _AGAINST = 0.05, 0.15


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
    relation: Relation | None = None  # what is meant lies so to it

    @property
    def shown(self) -> str:
        """The kind of place it is."""
        return self.kind or ("building" if self.number else self.row.kind)

    @property
    def score(self) -> float:
        bonus = {None: 0.0, True: _NUMBER_BONUS, False: -_NUMBER_MISSING}[self.has_number]
        return self.like + bonus + _AGREES * min(self.agrees, 2) - _AGAINST * min(self.against, 2)


def weighed(pieces: Sequence[Piece], tree: AreaTree) -> list[Candidate]:
    """What may be meant, best first; the same place only once."""
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
            relation=pieces[place].relation,
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
        said = [c for c in made if c.piece == place and c.like >= WELL]
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
    exact = [c for c in made if c.row.kind not in CONTEXT and c.like >= WELL and c.agrees]
    unknown = sum(not (piece.whole_of or piece.aside) and piece.best() < _FAIR for piece in pieces)
    for one in made:  # what is said besides and means nothing here speaks against all
        one.against += unknown if pieces[one.piece].best() >= _FAIR else 0
    for one in made:  # beside a more exact name a street or an area is its context
        numbered = one.row.kind == "street" and pieces[one.piece].number is not None
        beside = [c for c in exact if c.piece != one.piece and _together(c, one)]
        if numbered:
            beside = [c for c in beside if pieces[c.piece].number is not None]
        # 东山医院对面的永安里小区: what lies beside another thing is said by its own name.
        by_itself = one.relation is not None and any(c.relation is None for c in beside)
        if (one.row.kind in CONTEXT and beside) or by_itself:
            one.against += 1


def _together(one: Candidate, other: Candidate) -> bool:
    here, there = one.where or NOWHERE, other.where or NOWHERE
    if other.row.kind in AREAS and there.id is not None:
        return there.id in here.line
    if one.row.kind in AREAS and here.id is not None:
        return here.id in there.line
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return False
    return hypot(one.lon - other.lon, one.lat - other.lat) < _TOGETHER_DEG


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
                relation=piece.relation or said.relation,
            ))  # fmt: skip
    return made


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
