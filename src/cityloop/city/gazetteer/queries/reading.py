"""The place a text speaks of: names found anywhere in it, weighed against each other."""

from __future__ import annotations

from dataclasses import dataclass

from cityloop.city.gazetteer.queries.found import Found, Row, houses_with, known_names, rows_by_hash
from cityloop.city.gazetteer.queries.searching import JUNCTION, search
from cityloop.city.places import queries as places
from cityloop.engines.addresses import SURE_ENOUGH, house_number, parse, plain
from cityloop.engines.locating import Reading
from cityloop.engines.locating.address import Entry
from cityloop.engines.locating.words import MAX_CHARS, tokens_of

_LONG = 40  # characters up to which a text is an address somebody typed, mistakes and all
_ROWS = 200
_OWN = ("element", "implied")


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """The place of a text, or why there is none. lon, lat: WGS84 degrees.

    `sure`: it may be taken; otherwise the candidates are for a person to choose from.
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


def read_place(*texts: str, candidates: int = 0) -> PlaceReading:
    """The place that the first of these texts to name one speaks of.

    Args:
        texts: the most exact first: the address field, then title and text. Only in the first one
            mistakes are allowed for, and taken only where the search is sure of it.
        candidates: how many to offer where no place is sure, 0 to 20.
    """
    given = [text for text in texts if text and text.strip()]
    last: Reading | None = None
    crossing = _crossing(texts[0]) if texts else None
    if crossing is not None:
        return _typed(crossing)
    for text in given:
        reading = read_text(text)
        if reading.match is not None:
            return _sure(reading)
        last = last or reading
        if text is texts[0] and len(text.strip()) <= _LONG:
            found = search(text, most=1)
            if found and found[0].confidence >= SURE_ENOUGH and found[0].area_id is not None:
                return _typed(found[0])
    offered = [f for text in given[:2] for f in search(plain(text)[:_LONG], most=candidates)]
    offered.sort(key=lambda f: -f.confidence)
    en, zh = (last.explanation, last.explanation_zh) if last else ("No words.", "没有文字。")
    return PlaceReading(
        False, explanation=en, explanation_zh=zh, candidates=tuple(offered[:candidates])
    )


def _crossing(text: str) -> Found | None:
    """Two roads that an address says cross: a point, where each road alone is a long line."""
    if len(text.strip()) > _LONG or parse(text).crossing is None:
        return None
    found = search(text, most=1)
    sure = found and found[0].kind == JUNCTION and found[0].confidence >= SURE_ENOUGH
    return found[0] if sure and found[0].area_id is not None else None


def read_text(text: str) -> Reading:
    """What a text says about its place, by the names of areas, places and elements."""
    entries = _entries(text[:MAX_CHARS])
    return places.read_names(text, entries)


def _entries(text: str) -> list[Entry]:
    """The registered names that stand in a text, and their houses whose numbers do."""
    tokens = tokens_of(plain(text))
    hashes = [s[2] for s in known_names().spans(tokens)]
    if not hashes:
        return []
    rows = [r for found in rows_by_hash(hashes).values() for r in found][:_ROWS]
    # What stands in the list of place names is read from there; twice it would be its own rival.
    listed = {r.name_zh for r in rows if r.source == "name"}
    named = [r for r in rows if r.source in _OWN and r.name_zh not in listed]
    numbers = {house_number(n.value) for n in parse(text).numbers}
    entries = [_entry(r.name_zh, r) for r in named]
    entries += [_entry(r.name_en, r) for r in named if r.name_en]
    entries += _house_entries(rows, numbers)
    return [e for e in entries if e is not None and tokens_of(e.name)]


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


def _sure(reading: Reading) -> PlaceReading:
    match = reading.match
    assert match is not None
    lon, lat = places.point_of_match(match)
    return PlaceReading(
        True, match.area_id, lon, lat, match.confidence, match.name, match.kind,
        reading.explanation, reading.explanation_zh,
    )  # fmt: skip


def _typed(found: Found) -> PlaceReading:
    shown = f"{found.name_zh} ({found.confidence:.2f})"
    return PlaceReading(
        True, found.area_id, found.lon, found.lat, found.confidence, found.name_zh, found.kind,
        f"read as {shown}", f"识别为 {shown}",
    )  # fmt: skip
