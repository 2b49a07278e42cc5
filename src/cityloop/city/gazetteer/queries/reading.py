"""The place a text speaks of: names found anywhere in it, weighed against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from cityloop.city.gazetteer.queries.crossings import crossings
from cityloop.city.gazetteer.queries.found import Found, Row, houses_with, known_names, rows_by_hash
from cityloop.city.gazetteer.queries.related import Spot, spot
from cityloop.city.gazetteer.queries.searching import search
from cityloop.city.gazetteer.queries.streets import STREET
from cityloop.city.gazetteer.queries.weighing import JUNCTION
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level
from cityloop.engines.addresses import (
    SURE_ENOUGH,
    Relation,
    apart,
    house_number,
    parse,
    plain,
    relation_after,
    relations_before,
)
from cityloop.engines.locating import Match, Reading
from cityloop.engines.locating.address import Entry, is_corner
from cityloop.engines.locating.words import CORNERS, MAX_CHARS, Tokens, tokens_of

_LONG = 40  # characters up to which a text is an address somebody typed, mistakes and all
_ROWS = 200
_OWN = ("element", "implied")
_AROUND = 16  # tokens beside a name in which the text says how the place lies to it
_CORNERS = 3  # pairs of streets whose crossing is looked for in one text
_WRITTEN_OUT = {"n": "north", "s": "south", "e": "east", "w": "west", "st": "street", "rd": "road"}


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """The place of a text, or why there is none. lon, lat: WGS84 degrees, None = only its area.

    `sure`: it may be taken; otherwise the candidates are for a person to choose from.
    `radius_m`: of the circle in which the place is expected; None = no point.
    """

    sure: bool
    area_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    confidence: float = 0.0
    name: str = ""
    kind: str = ""
    explanation: str = ""
    explanation_zh: str = ""
    candidates: tuple[Found, ...] = ()
    radius_m: float | None = None


def read_place(*texts: str, candidates: int = 0) -> PlaceReading:
    """The place that the first of these texts to name one speaks of.

    Args:
        texts: the most exact first: the address field, then title and text. Only in the first one
            mistakes are allowed for, and taken only where the search is sure of it.
        candidates: how many to offer where no place is sure, 0 to 20.
    """
    given = [text for text in texts if text and text.strip()]
    last: PlaceReading | None = None
    crossing = _crossing(texts[0]) if texts else None
    if crossing is not None:
        return _typed(crossing)
    for text in given:
        read = _read(text)
        if read.sure:
            return read
        last = last or read
        if text is texts[0] and len(text.strip()) <= _LONG:
            found = search(text, most=1)
            if found and found[0].confidence >= SURE_ENOUGH and _is_point(found[0]):
                return _typed(found[0])
    offered = [f for text in given[:2] for f in search(plain(text)[:_LONG], most=candidates)]
    offered.sort(key=lambda f: -f.confidence)
    last = last or PlaceReading(False, explanation="No words.", explanation_zh="没有文字。")
    return replace(last, candidates=tuple(offered[:candidates]))


def _crossing(text: str) -> Found | None:
    """Two roads that an address says cross: a point, where each road alone is a long line."""
    if len(text.strip()) > _LONG or parse(text).crossing is None:
        return None
    found = search(text, most=1)
    sure = found and found[0].kind == JUNCTION and found[0].confidence >= SURE_ENOUGH
    return found[0] if sure and found[0].area_id is not None else None


def _is_point(found: Found) -> bool:
    """A street alone is no place: on which part of it? Neither is a subdistrict."""
    return found.area_id is not None and found.radius_m is not None


def _read(text: str) -> PlaceReading:
    """What a text says about its place, by the names of areas, places and elements."""
    entries, tokens = _entries(text[:MAX_CHARS]), tokens_of(text)
    reading = places.read_names(text, entries)
    left = _without_context(reading, tokens)
    if left != tokens:
        tokens, reading = left, places.read_names(" ".join(left), entries)
    match = reading.match
    en, zh = reading.explanation, reading.explanation_zh
    if match is None:
        return PlaceReading(False, explanation=en, explanation_zh=zh)
    if _is_stretch(reading, tokens):
        en, zh = f"{en}; a stretch, not a point", f"{zh}；说的是一段路，不是一个点"
        return PlaceReading(False, explanation=en, explanation_zh=zh)
    communities = {c.name for c in reading.candidates if c.kind == Level.COMMUNITY.value}
    if match.kind == STREET and communities.isdisjoint(match.words):
        en, zh = f"{en}; a street alone is no place", f"{zh}；只说了道路，不知在哪一段"
        return PlaceReading(False, explanation=en, explanation_zh=zh)
    return _placed(match, _relation(tokens, match.span)[0])


def _without_context(reading: Reading, tokens: Tokens) -> Tokens:
    """永安里旁边的东山医院 means the hospital: without the name that it lies beside."""
    begins = {other.span[0] for other in reading.candidates}
    for one in reading.candidates:
        relation, end = _relation(tokens, one.span)
        if relation is not None and end > one.span[1]:
            end += tokens[end : end + 1] == ("的",)
            if end in begins:
                return tokens[: one.span[0]] + tokens[end:]
    return tokens


def _is_stretch(reading: Reading, tokens: Tokens) -> bool:
    """从永安里到东山医院, 永安里与清和花园之间: no place of its own."""
    spans = {c.span for c in reading.candidates}
    for start, end in spans:
        after = "".join(tokens[end : end + 2])
        if after[:1] in ("至", "到") and any(s == end + 1 for s, _ in spans):
            return True
        if after in ("之间", "中间") and any(start - e in (0, 1) for _, e in spans):
            return True
    return False


def _relation(tokens: Tokens, span: tuple[int, int]) -> tuple[Relation | None, int]:
    """How a place lies to a name of the text, and the token at which that has been said."""
    start, end = span
    before = " ".join(_WRITTEN_OUT.get(t, t) for t in tokens[max(start - _AROUND, 0) : start])
    for _, until, said in relations_before(f"{before} x"):
        if until == len(before) + 1:
            return said, end
    corner = "".join(tokens[end : end + 5])
    end += max((len(c) for c in ("口", *CORNERS) if corner.startswith(c)), default=0)
    said_after = relation_after("".join(tokens[end : end + _AROUND]))
    if said_after is None:
        return None, end
    left = len(said_after.words) + (tokens[end] == "的")
    while left > 0:
        left -= len(tokens[end])
        end += 1
    return said_after, end


def _entries(text: str) -> list[Entry]:
    """The registered names that stand in a text, their houses whose numbers do, and crossings."""
    tokens = tokens_of(plain(text))
    spans = known_names().spans(tokens)
    if not spans:
        return []
    found = rows_by_hash(s[2] for s in spans)
    rows = [r for some in found.values() for r in some][:_ROWS]
    # What stands in the list of place names is read from there; twice it would be its own rival.
    listed = {r.name_zh for r in rows if r.source == "name"}
    named = [r for r in rows if r.source in _OWN and r.name_zh not in listed]
    numbers = {house_number(n.value) for n in parse(text).numbers}
    entries = [_entry(r.name_zh, r) for r in named]
    entries += [_entry(r.name_en, r) for r in named if r.name_en]
    entries += _house_entries(rows, numbers)
    entries += _corner_entries(tokens, apart(spans), found)
    return [e for e in entries if e is not None and tokens_of(e.name)]


def _corner_entries(
    tokens: Tokens, spans: list[tuple[int, int, int]], rows: dict[int, list[Row]]
) -> Iterator[Entry]:
    """Where two streets cross of which the text says so."""
    streets = [(s, e, h) for s, e, h in spans if any(r.kind == STREET for r in rows.get(h, ()))]
    corners = [p for p in pairwise(streets) if is_corner(tokens, p[0][:2], p[1][:2])]
    for (*_, one), (*_, other) in corners[:_CORNERS]:
        for found in crossings([(r, 1.0) for r in rows[one]], [(r, 1.0) for r in rows[other]]):
            area = _area(found.lon, found.lat, None)
            for a, b in ((found.one.name_zh, found.other.name_zh),
                         (found.one.name_en, found.other.name_en)):  # fmt: skip
                if area is not None and a and b:
                    yield Entry(f"{a}/{b}", JUNCTION, area, found.lon, found.lat)


def _house_entries(rows: list[Row], numbers: set[str]) -> list[Entry | None]:
    stems = {r.stem: r for r in rows if r.source != "area"}
    houses = houses_with(stems, numbers) if numbers and stems else []
    listed = {h.name_zh for h in houses if h.source == "name"}
    found: list[Entry | None] = []
    for house in houses:
        area = _area(house.lon, house.lat, None)
        if area is None or house.source == "name" or house.name_zh in listed:
            continue
        unit = "号楼" if house.unit == "building" else "号"
        whole = f"{stems[house.stem].name_zh}{house.number}{unit}"
        for name in dict.fromkeys((house.name_zh, whole)):
            found.append(Entry(name, "building", area, house.lon, house.lat))
    return found


def _entry(name: str, row: Row) -> Entry | None:
    area = _area(row.lon, row.lat, row.area)
    if area is None or row.lon is None or row.lat is None:
        return None
    return Entry(name, row.kind, area, row.lon, row.lat)


def _area(lon: float | None, lat: float | None, area: int | None) -> int | None:
    if area is not None or lon is None:
        return area
    cell = int(places.locate([lon], [lat])[0][0])
    return cell if cell >= 0 else None


def _placed(match: Match, relation: Relation | None) -> PlaceReading:
    area, (lon, lat) = match.area_id, places.point_of_match(match)
    en, zh = match.explanation, match.explanation_zh
    if match.kind == STREET:  # the part that is meant lies somewhere in the community
        area, lon, lat = _community(area), None, None
        here = Spot(None, None)
    else:
        here = spot(lon, lat, match.kind, relation)
    if here.is_open:
        return PlaceReading(False, explanation=f"{en}; {here.note_en}",
                            explanation_zh=f"{zh}；{here.note_zh}")  # fmt: skip
    if here.note_en:
        en, zh = f"{en}; {here.note_en}", f"{zh}；{here.note_zh}"
    if here.where is not None and here.where.id is not None:
        area = here.where.id
    return PlaceReading(
        True, area, here.lon, here.lat, match.confidence, match.name, match.kind, en, zh,
        radius_m=here.radius_m,
    )  # fmt: skip


def _community(area_id: int) -> int:
    chain = places.tree().chain(area_id)
    return next((a.id for a in chain if a.level is Level.COMMUNITY), area_id)


def _typed(found: Found) -> PlaceReading:
    shown = f"{found.name_zh} ({found.confidence:.2f})"
    en, zh = (f"; {found.note_en}", f"；{found.note_zh}") if found.note_en else ("", "")
    return PlaceReading(
        True, found.area_id, found.lon, found.lat, found.confidence, found.name_zh, found.kind,
        f"read as {shown}{en}", f"识别为 {shown}{zh}", radius_m=found.radius_m,
    )  # fmt: skip
