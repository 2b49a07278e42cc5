"""Which place does a text name? The gazetteer of names and areas, kept until they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely

from cityloop.city.places.domain import AreaInfo, AreaTree, Level
from cityloop.city.places.models import PlaceName
from cityloop.city.places.queries.locating import locate
from cityloop.city.places.queries.snapshot import Remembered, Shapes, shapes, tree
from cityloop.engines.locating import Gazetteer, Match, Reading
from cityloop.engines.locating.address import Entry

_NAMED = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)
Point = tuple[float, float]
Named = tuple[str, str, int, float, float]
NamedPlace = tuple[int, str, str, int | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """The place a text names. lon, lat: WGS84 degrees, None where only its area is known."""

    area_id: int
    lon: float | None
    lat: float | None
    confidence: float
    words: tuple[str, ...]
    explanation: str
    explanation_zh: str
    kind: str
    name: str


class _Names:
    """The gazetteer, and the areas that have a name but no place on the map."""

    def __init__(self, gazetteer: Gazetteer, unmapped: frozenset[int]) -> None:
        self.gazetteer = gazetteer
        self.unmapped = unmapped


def find_place(*texts: str) -> PlaceMatch | None:
    """The place that the first of these texts to name one speaks of.

    Give the most exact first: the address field, then title and text. None where no words are
    known or several places could be meant: then a person decides.
    """
    names = _names()
    for text in texts:
        match = names.gazetteer.find(text) if text else None
        if match is not None:
            return _placed(match, names.unmapped)
    return None


def read_names(text: str, more: Iterable[Entry] = ()) -> Reading:
    """What a text says about its place: the names of areas and places, and `more` beside them."""
    entries = list(more)
    beside = Gazetteer(entries) if entries else None
    return _names().gazetteer.read(text, beside)


def point_of_match(match: Match) -> tuple[float | None, float | None]:
    """Where a match lies: (None, None) where only its area is known."""
    found = _placed(match, _names().unmapped)
    return found.lon, found.lat


def place_names() -> list[NamedPlace]:
    """Every name of a place, as it was entered."""
    rows = PlaceName.objects.order_by("pk")
    return list(rows.values_list("pk", "name", "kind", "area", "lon", "lat"))


def _placed(match: Match, unmapped: frozenset[int]) -> PlaceMatch:
    nowhere = match.area_id in unmapped and (match.lon, match.lat) == (0.0, 0.0)
    return PlaceMatch(
        match.area_id,
        None if nowhere else match.lon,
        None if nowhere else match.lat,
        match.confidence,
        match.words,
        match.explanation,
        match.explanation_zh,
        match.kind,
        match.name,
    )


def _read_names(_: int) -> _Names:
    outlines, areas = shapes(), tree()
    current = [a for a in areas if a.current]
    points = _points(outlines, areas)
    found = dict.fromkeys(_area_names(current, points))
    found |= dict.fromkeys(_place_names(areas, points))
    parents = {a.id: a.parent_id for a in areas if a.parent_id is not None}
    unmapped = frozenset(a.id for a in current if a.id not in points)
    return _Names(Gazetteer(found, parents), unmapped)


def _points(outlines: Shapes, areas: AreaTree) -> dict[int, Point]:
    """A point of every area that has a boundary, or has one somewhere below it."""
    xy = shapely.get_coordinates(shapely.point_on_surface(outlines.shapes)).tolist()
    found: dict[int, Point] = {int(i): (x, y) for i, (x, y) in zip(outlines.ids, xy, strict=True)}
    for area_id in list(found):
        for above in areas.chain(area_id)[:-1]:
            found.setdefault(above.id, found[area_id])
    return found


def _area_names(current: Iterable[AreaInfo], points: dict[int, Point]) -> Iterator[Named]:
    for area in current:
        if area.level in _NAMED:
            at = points.get(area.id, (0.0, 0.0))
            for name in filter(None, (area.name_zh, area.name_en)):
                yield name, area.level.value, area.id, *at


def _place_names(areas: AreaTree, points: dict[int, Point]) -> Iterator[Named]:
    """Names of places; one whose cell was replaced is located again."""
    rows = list(PlaceName.objects.order_by("pk").values_list("name", "kind", "area", "lon", "lat"))
    moved = [r for r in rows if r[3] is not None and not _is_current(areas, r[2])]
    cells, _ = locate([r[3] for r in moved], [r[4] for r in moved])
    new_cell = dict(zip(moved, cells.tolist(), strict=True))
    for row in rows:
        name, kind, area_id, lon, lat = row
        if new_cell.get(row, -1) >= 0:
            area_id = new_cell[row]
        area = _nearest_current(areas, area_id)
        if area is not None:
            at = (lon, lat) if lon is not None else points.get(area.id, (0.0, 0.0))
            yield name, kind, area.id, *at


def _is_current(areas: AreaTree, area_id: int | None) -> bool:
    area = areas.find(area_id)
    return area is not None and area.current


def _nearest_current(areas: AreaTree, area_id: int | None) -> AreaInfo | None:
    if areas.find(area_id) is None or area_id is None:
        return None
    return next((a for a in reversed(areas.chain(area_id)) if a.current), None)


_names = Remembered(_read_names)
