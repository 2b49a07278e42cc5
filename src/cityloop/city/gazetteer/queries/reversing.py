"""A point as words: its cell and community, the nearest address or place with the distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityloop.city.gazetteer.domain import meshes_around
from cityloop.city.gazetteer.models import House, Named
from cityloop.city.gazetteer.queries.streets import STREET, street_beside
from cityloop.city.places import queries as places
from cityloop.city.places.domain import AreaPath
from cityloop.kernel.geo import distance_m

REACH_M = 300.0
_AT_M = 30.0  # so near it is "at", beyond it is "near"
_AREAS = ("district", "subdistrict", "community", STREET)
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Near:
    """Something near a point, and how far."""

    kind: str
    name_zh: str
    name_en: str
    metres: float


@dataclass(frozen=True, slots=True)
class Reversed:
    """A point as words."""

    lon: float
    lat: float
    cell_id: int | None
    path: AreaPath | None
    address_zh: str
    address_en: str
    house: Near | None
    place: Near | None
    street: Near | None


def reverse(lon: float, lat: float, *, public: bool = False) -> Reversed:
    """What is here.

    Args:
        lon, lat: WGS84 degrees.
        public: only what everybody may find.
    Returns: names within 300 m; None where nothing is registered so near.
    """
    cell = int(places.locate([lon], [lat])[0][0])
    path = places.tree().path(cell) if cell >= 0 else None
    house = _house(lon, lat, public=public)
    place = _named(lon, lat, public=public)
    street = _street(lon, lat)
    zh, en = _areas(path)
    best = _best(house, place, street)
    if best is not None:
        near_zh, near_en = ("附近", "near ") if best.metres > _AT_M else ("", "")
        zh, en = f"{zh}{best.name_zh}{near_zh}", f"{near_en}{best.name_en or best.name_zh}, {en}"
    return Reversed(
        lon, lat, cell if cell >= 0 else None, path, zh, en.strip(", "), house, place, street
    )


def _best(house: Near | None, place: Near | None, street: Near | None) -> Near | None:
    """An address within 50 m, else the nearest thing that has a name."""
    if house is not None and house.metres <= 50:
        return house
    near = [n for n in (place, house, street) if n is not None]
    return min(near, key=lambda n: n.metres, default=None)


def _areas(path: AreaPath | None) -> tuple[str, str]:
    if path is None:
        return "", ""
    tree = places.tree()
    ids = [i for i in (path.subdistrict_id, path.community_id) if i is not None]
    areas = [tree.get(i) for i in ids]
    return (
        "".join(a.name_zh for a in areas),
        ", ".join(a.name_en or a.name_zh for a in reversed(areas)),
    )


def _house(lon: float, lat: float, *, public: bool) -> Near | None:
    rows = House.objects.filter(mesh__in=meshes_around(lon, lat, rings=2))
    if public:
        rows = rows.filter(public=True)
    found = rows.values_list("name_zh", "name_en", "lon", "lat")[:_MOST]
    return _nearest(lon, lat, [("building", *row) for row in found])


def _named(lon: float, lat: float, *, public: bool) -> Near | None:
    rows = Named.objects.filter(mesh__in=meshes_around(lon, lat, rings=2)).exclude(kind__in=_AREAS)
    rows = rows.exclude(source="implied")
    if public:
        rows = rows.filter(public=True)
    found = rows.values_list("kind", "name_zh", "name_en", "lon", "lat")[:_MOST]
    return _nearest(lon, lat, list(found))


def _nearest(
    lon: float, lat: float, rows: Sequence[tuple[str, str, str, float, float]]
) -> Near | None:
    if not rows:
        return None
    metres = distance_m(lon, lat, [r[3] for r in rows], [r[4] for r in rows])
    first = int(metres.argmin())
    if metres[first] > REACH_M:
        return None
    kind, zh, en, *_ = rows[first]
    return Near(kind, zh, en, round(float(metres[first]), 1))


def _street(lon: float, lat: float) -> Near | None:
    found = street_beside(lon, lat, within_m=REACH_M)
    if found is None:
        return None
    return Near(STREET, found.name_zh, found.name_en, round(found.metres, 1))
