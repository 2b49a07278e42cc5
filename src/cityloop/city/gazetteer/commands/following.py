"""What changed among areas, place names and elements is entered; the rest is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import shapely

from cityloop.city.elements import queries as elements
from cityloop.city.gazetteer.commands.writing import Changed, drop_implied, enter, remove
from cityloop.city.gazetteer.domain import Entry, is_public, kind_of
from cityloop.city.gazetteer.models import House, Named, Seen
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level

AREAS = "places"
_NAMED = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)


def follow(*, now: datetime, most: int | None = None) -> Changed:
    """Bring the index in step: areas and place names by their version, elements by kind.

    Args:
        most: elements entered in one call, so that a worker has time for other things; the rest
            is entered by the next calls. None = all.
    """
    done = Changed()
    _follow_places(done)
    for code, spec in sorted(elements.kinds().items()):
        left = None if most is None else most - done.entered
        if spec.searchable and (left is None or left > 0):
            _follow_kind(code, done, left)
    if done.entered or done.removed:
        drop_implied()
    return done


def _follow_places(done: Changed) -> None:
    at = places.version()
    if _seen(AREAS) == at:
        return
    for source, wanted in (("area", list(_areas())), ("name", list(_names()))):
        known = {
            row[0]: row[1:]
            for row in Named.objects.filter(source=source).values_list(
                "source_id", "kind", "name_zh", "name_en", "area", "lon", "lat"
            )
        }
        known |= {  # numbered names are houses, not names
            row[0]: row[1:]
            for row in House.objects.filter(source=source).values_list(
                "source_id", "name_zh", "lon", "lat"
            )
        }
        fresh = [e for e in wanted if not _is_same(e, known.get(e.source_id))]
        ids = {e.source_id for e in wanted}
        gone = [i for i in known if i not in ids]
        changed = [e.source_id for e in fresh if e.source_id in known]
        done.removed += remove(source, gone + changed)
        done.entered += enter(fresh)
    _mark(AREAS, at)


def _is_same(entry: Entry, row: tuple[object, ...] | None) -> bool:
    if row is None:
        return False
    if len(row) == 3:
        return row == (entry.name_zh[:200], entry.lon, entry.lat)
    shown = (entry.kind, entry.name_zh[:200], entry.name_en[:200], entry.area, entry.lon, entry.lat)
    return row == shown


def _areas() -> Iterator[Entry]:
    outlines, tree = places.shapes(), places.tree()
    xy = shapely.get_coordinates(shapely.point_on_surface(outlines.shapes))
    points = {int(i): (float(x), float(y)) for i, (x, y) in zip(outlines.ids, xy, strict=True)}
    for area_id in list(points):
        for above in tree.chain(area_id)[:-1]:
            points.setdefault(above.id, points[area_id])
    for area in tree:
        if area.current and area.level in _NAMED:
            lon, lat = points.get(area.id, (None, None))
            yield Entry(
                "area", area.id, area.level.value, area.name_zh, area.name_en,
                area=area.id, lon=lon, lat=lat,
            )  # fmt: skip


def _names() -> Iterator[Entry]:
    for pk, name, kind, area, lon, lat in places.place_names():
        if kind != "junction":
            yield Entry("name", pk, kind, name, area=area, lon=lon, lat=lat)


def _follow_kind(code: str, done: Changed, most: int | None) -> None:
    at = elements.stamp(code)
    source = f"elements.{code}"
    if _seen(source) == at:
        return
    columns = elements.arrays(code)
    known = set(
        Named.objects.filter(source="element", detail=code).values_list("source_id", flat=True)
    )
    known |= _houses_of_kind(code)
    current = set(columns.ids.tolist())
    done.removed += remove("element", sorted(known - current))
    fresh = np.array([i not in known for i in columns.ids.tolist()], bool)
    fresh &= (columns.name != "") | (columns.address != "")
    chosen = columns.take(np.flatnonzero(fresh)[:most])
    done.entered += enter(
        Entry(
            "element", element_id, kind_of(code), name, name_en, address, code,
            None, lon, lat, is_public(code),
        )
        for element_id, name, name_en, address, lon, lat in zip(
            chosen.ids.tolist(), chosen.name, chosen.name_en, chosen.address,
            chosen.lon.tolist(), chosen.lat.tolist(), strict=True,
        )
    )  # fmt: skip
    if most is None or int(fresh.sum()) <= most:
        _mark(source, at)


def _houses_of_kind(code: str) -> set[int]:
    rows = House.objects.filter(source="element", detail=code)
    return set(rows.values_list("source_id", flat=True))


def _seen(source: str) -> int | None:
    return Seen.objects.filter(source=source).values_list("stamp", flat=True).first()


def _mark(source: str, stamp: int) -> None:
    Seen.objects.update_or_create(source=source, defaults={"stamp": stamp})
