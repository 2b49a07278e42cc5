"""Features of a collection, page by page, as GeoJSON in CRS84."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from django.db.models import Q

from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.elements import queries as registers
from cityloop.city.elements.domain import FieldCheck
from cityloop.city.places import queries as places
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.hub.ogc.domain.asked import MOST, Asked
from cityloop.hub.ogc.domain.telling import Collection
from cityloop.hub.ogc.queries.offered import ELEMENT_FIELDS
from cityloop.hub.overview.centre import WORKING
from cityloop.kernel.errors import DomainError, NotFound
from cityloop.kernel.geo import Bounds

_WORLD = (-180.0, -90.0, 180.0, 90.0)
_CASE_FIELDS = (
    "id", "number", "state", "alert", "urgency", "lon", "lat", "received_at", "case_class__key",
    "case_class__name_zh", "case_class__name_en", "community_id", "cell_id",
)  # fmt: skip
_CASE_COLUMNS = {
    "number": "number", "class": "case_class__key", "state": "state", "clock": "alert",
    "urgency": "urgency", "cell": "cell_id", "community": "community_id",
}  # fmt: skip
NO_MORE = f"{2**62}-0"  # a cursor behind all elements


@dataclass(frozen=True, slots=True)
class Found:
    """Some features. after: where the next ones begin; matched: how many there are in all."""

    features: list[dict[str, Any]]
    after: str | None = None
    matched: int | None = None


def features(viewer: Viewer, told: Collection, asked: Asked) -> Found:
    """A page of a collection that the reader may read (see `offered.collection`).

    Raises: DomainError("element.cursor") and ("ogc.parameter") for a cursor that is none.
    """
    if told.kind == "area":
        return _areas(told, asked)
    if told.kind == "element":
        return _elements(viewer, told, asked)
    return _cases(viewer, asked)


def every(viewer: Viewer, told: Collection) -> Iterator[dict[str, Any]]:
    """All features of a collection, a thousand in memory at a time."""
    asked = Asked(limit=MOST)
    while True:
        page = features(viewer, told, asked)
        yield from page.features
        if page.after is None:
            return
        asked = replace(asked, after=page.after)


def one(viewer: Viewer, told: Collection, feature_id: str) -> dict[str, Any]:
    """One feature by its id. Raises: NotFound("ogc.no_feature")."""
    number = int(feature_id) if feature_id.isascii() and feature_id.isdigit() else -1
    found: dict[str, Any] | None = None
    if 0 <= number < 2**62:
        if told.kind == "area":
            found = _area_by_id(told, number)
        elif told.kind == "element":
            found = _element_by_id(viewer, told, number)
        else:
            row = _open_cases(viewer).filter(pk=number).values(*_CASE_FIELDS).first()
            found = None if row is None else _case(row)
    if found is None:
        raise NotFound(
            "ogc.no_feature",
            f"{told.id} has no feature {feature_id[:40]!r}.",
            f"{told.id} 中没有 {feature_id[:40]!r}。",
        )
    return found


def _start(text: str) -> int:
    """The id after which a page begins. Raises: DomainError("ogc.parameter")."""
    if not text:
        return -1
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise DomainError(
        "ogc.parameter",
        f"The parameter after is {text[:40]!r}; take it from a next link.",
        f"参数 after 为 {text[:40]!r}，请取自 next 链接。",
        where="after",
    )


def _areas(told: Collection, asked: Asked) -> Found:
    """By id: what is remembered of the areas answers without the database."""
    known, shapes = places.tree(), places.shapes()
    level_of = np.array([known.get(int(i)).level == told.key for i in shapes.ids], bool)
    chosen = level_of & _meets(shapes.boxes, asked.bbox)
    near = np.flatnonzero(chosen)
    chosen[near] = _touches(shapes.shapes[near], asked.bbox)
    if asked.where:
        near = np.flatnonzero(chosen)
        chosen[near] = [_is(_told(known.get(int(i))), asked.where) for i in shapes.ids[near]]
    matched = int(chosen.sum())
    chosen &= shapes.ids > _start(asked.after)
    at = np.flatnonzero(chosen)[asked.offset :]
    page = at[: asked.limit]
    found = [_area(known.get(int(shapes.ids[k])), shapes.shapes[k]) for k in page]
    more = len(at) > len(page)
    return Found(found, str(int(shapes.ids[page[-1]])) if more else None, matched)


def _is(told: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(str(told[name] or "") == value for name, value in where.items())


def _meets(boxes: np.ndarray, box: Bounds | None) -> np.ndarray:
    if box is None:
        return np.ones(len(boxes), bool)
    west, south, east, north = boxes.T
    return np.asarray(
        (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
    )


def _touches(shapes: np.ndarray, box: Bounds | None) -> np.ndarray:
    """Whether the shapes themselves meet the box, not only their own boxes."""
    if box is None:
        return np.ones(len(shapes), bool)
    return np.asarray(shapely.intersects(shapes, shapely.box(*box.as_tuple())), bool)


def _area_by_id(told: Collection, number: int) -> dict[str, Any] | None:
    area, shape = places.tree().find(number), places.shapes().find(number)
    if area is None or shape is None or not area.current or area.level != told.key:
        return None
    return _area(area, shape)


def _area(area: AreaInfo, shape: shapely.Geometry) -> dict[str, Any]:
    return _feature(area.id, _geojson(shape), _told(area))


def _told(area: AreaInfo) -> dict[str, Any]:
    parent = places.tree().find(area.parent_id)
    return {
        "code": area.code, "name_zh": area.name_zh, "name_en": area.name_en,
        "level": Level(area.level).value, "parent": parent.code if parent else None,
        "households": area.households,
    }  # fmt: skip


def _geojson(shape: shapely.Geometry) -> dict[str, Any]:
    """Outer rings counter-clockwise, as RFC 7946 wants them."""
    found: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(shape))
    return found


def _elements(viewer: Viewer, told: Collection, asked: Asked) -> Found:
    reader = SYSTEM if told.public else viewer
    box = asked.bbox.as_tuple() if asked.bbox else _WORLD
    chosen = _element_filter(told, asked.where)
    after = asked.after
    for step in _steps(asked.offset):
        after = registers.in_box(reader, box, [told.key], step, after, chosen).cursor or NO_MORE
    page = registers.in_box(reader, box, [told.key], asked.limit, after, chosen)
    until = asked.span[1] if asked.span else None
    rows = [r for r in page.rows if until is None or r.valid_from <= until]
    keep = _touches(np.array([_shape(r) for r in rows], dtype=object), asked.bbox)
    return Found([_element(r) for r, k in zip(rows, keep, strict=True) if k], page.cursor)


def _steps(offset: int) -> list[int]:
    """An offset as pages to be stepped over."""
    whole, rest = divmod(offset, registers.MOST_IN_BOX)
    return [registers.MOST_IN_BOX] * whole + ([rest] if rest else [])


def _element_filter(told: Collection, where: Mapping[str, str]) -> Q:
    """Current elements whose fields have these values; own fields as their schema types them."""
    found = Q()
    check = FieldCheck(registers.kinds()[told.key].schema)
    for name, text in where.items():
        if name in ("cell", "community"):
            found &= Q(**{f"{name}_id": _area_id(text)})
        elif name in ELEMENT_FIELDS:
            found &= Q(**{name: text})
        else:
            found &= Q(**{f"properties__{name}__exact": check.typed(name, text)})
    return found


def _area_id(code: str) -> int:
    area = places.tree().find_code(code)
    return -1 if area is None else area.id


def _shape(row: Any) -> shapely.Geometry:
    if row.geometry is None:
        return shapely.Point(row.lon, row.lat)
    return shapely.from_wkb(bytes(row.geometry))


def _element_by_id(viewer: Viewer, told: Collection, number: int) -> dict[str, Any] | None:
    try:
        row = registers.one(SYSTEM if told.public else viewer, number)
    except NotFound:
        return None
    if row.kind.code != told.key or row.valid_to is not None:
        return None
    return _element(row)


def _element(row: Any) -> dict[str, Any]:
    known = places.tree()
    cell, community = known.find(row.cell_id), known.find(row.community_id)
    told = {
        **row.properties,
        "code": row.code, "name": row.name, "name_en": row.name_en, "address": row.address,
        "households": row.households, "cell": cell.code if cell else None,
        "community": community.code if community else None, "version": row.version,
        "valid_from": row.valid_from.isoformat(),
    }  # fmt: skip
    return _feature(row.pk, _geojson(_shape(row)), told)


def _open_cases(viewer: Viewer) -> Any:
    """Located cases at work that the reader may know of; confidential ones are for their file."""
    return cases_of(viewer).filter(state__in=WORKING, confidential=False, lon__isnull=False)


def _cases(viewer: Viewer, asked: Asked) -> Found:
    rows = _open_cases(viewer)
    if asked.bbox is not None:
        box = asked.bbox
        rows = rows.filter(lon__range=(box.west, box.east), lat__range=(box.south, box.north))
    for name, text in asked.where.items():
        value = _area_id(text) if name in ("cell", "community") else text
        rows = rows.filter(**{_CASE_COLUMNS[name]: "" if text == "in_time" else value})
    if asked.span is not None:
        first, last = asked.span
        rows = rows.filter(received_at__gte=first) if first else rows
        rows = rows.filter(received_at__lte=last) if last else rows
    page = list(
        rows.filter(pk__gt=_start(asked.after))
        .order_by("pk")
        .values(*_CASE_FIELDS)[asked.offset : asked.offset + asked.limit + 1]
    )
    shown = page[: asked.limit]
    return Found(
        [_case(r) for r in shown], str(shown[-1]["id"]) if len(page) > len(shown) else None
    )


def _case(row: dict[str, Any]) -> dict[str, Any]:
    """What a case is and where it stands: no title, text, address, channel or person."""
    known = places.tree()
    cell, community = known.find(row["cell_id"]), known.find(row["community_id"])
    told = {
        "number": row["number"], "class": row["case_class__key"],
        "class_zh": row["case_class__name_zh"], "class_en": row["case_class__name_en"],
        "state": row["state"], "clock": row["alert"] or "in_time", "urgency": row["urgency"],
        "received_at": row["received_at"].isoformat(), "cell": cell.code if cell else None,
        "community": community.code if community else None,
    }  # fmt: skip
    return _feature(row["id"], {"type": "Point", "coordinates": [row["lon"], row["lat"]]}, told)


def _feature(number: int, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}
