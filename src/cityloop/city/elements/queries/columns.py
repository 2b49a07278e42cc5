"""A register as arrays, for engines: partition, tiles, search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from numpy.typing import NDArray

from cityloop.city.db import is_sqlite
from cityloop.city.elements.domain import Box, mesh_ranges
from cityloop.city.elements.models import Element
from cityloop.city.elements.queries.areas import conditions
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.places import queries as places
from cityloop.kernel.errors import DomainError

_FIELDS = (
    "id", "code", "name", "name_en", "address", "lon", "lat", "geometry", "west", "south", "east",
    "north", "cell_id", "community_id", "households", "properties",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Columns:
    """Current elements of one kind, arrays side by side, ordered by where they lie.

    ids, cells, communities, households: int64, -1 = none. lon, lat: WGS84 degrees.
    boxes: west, south, east, north, shape (n, 4). code, name, name_en, address: object (str).
    wkb: object (bytes, None for plain points). properties: object (dict).
    """

    ids: NDArray[np.int64]
    code: NDArray[np.object_]
    name: NDArray[np.object_]
    name_en: NDArray[np.object_]
    address: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    wkb: NDArray[np.object_]
    boxes: NDArray[np.float64]
    cells: NDArray[np.int64]
    communities: NDArray[np.int64]
    households: NDArray[np.int64]
    properties: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """shapely geometries; points where there is no other shape."""
        found = np.array(shapely.points(self.lon, self.lat), dtype=object).reshape(-1)
        own = np.array([w is not None for w in self.wkb], bool)
        found[own] = shapely.from_wkb(self.wkb[own])
        return found

    def take(self, chosen: NDArray[Any]) -> Columns:
        """Those chosen by a mask or by positions."""
        return Columns(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


def arrays(
    kind: str,
    area_code: str | None = None,
    *,
    bbox: tuple[float, float, float, float] | None = None,
    touching: bool = False,
    properties: bool = False,
) -> Columns:
    """The current elements of a kind as columns.

    Args:
        area_code: only those of this area, a cell or anything above; None = everywhere.
        bbox: only those whose box touches this one (west, south, east, north, degrees).
        touching: with `area_code`: those that touch the boundary or the inside of the area (a
            street along it), not only those whose point lies in it.
        properties: read the own fields too; else they are None.
    Raises: NotFound element.no_kind, place.unknown_code; DomainError("element.no_boundary").
    """
    row, boundary = kind_row(kind), None
    inside = Q()
    if area_code is not None and touching:
        boundary = _boundary(area_code)
        bbox = bbox or tuple(boundary.bounds)
    elif area_code is not None:
        inside = conditions(area_code)
    found = list(_read(row.pk, inside, Box(*bbox) if bbox else None, properties=properties))
    columns = _columns(found, properties=properties)
    if boundary is not None:
        shapely.prepare(boundary)
        columns = columns.take(shapely.intersects(boundary, columns.shapes))
    return columns


def _boundary(area_code: str) -> Any:
    area = places.tree().by_code(area_code)
    shape = places.shapes().find(area.id)
    if shape is None:
        raise DomainError(
            "element.no_boundary",
            f"{area_code} has no boundary, so nothing can touch it. Import its boundary first.",
            f"{area_code} 没有边界，无法判断相邻要素，请先导入其边界。",
            where="area_code",
        )
    return shape


def _read(
    kind_id: int, inside: Q, box: Box | None, *, properties: bool
) -> Iterator[tuple[Any, ...]]:
    fields = _FIELDS if properties else _FIELDS[:-1]
    chosen = Element.objects.filter(inside, kind_id=kind_id, valid_to__isnull=True)
    rows = chosen.order_by("mesh", "id").values_list(*fields)
    if box is None:
        yield from rows.iterator(chunk_size=5000)
        return
    touching = rows.filter(
        west__lte=box.east, east__gte=box.west, south__lte=box.north, north__gte=box.south
    )
    for low, high in mesh_ranges(box):
        yield from touching.filter(mesh__gte=low, mesh__lte=high)


def _columns(rows: list[tuple[Any, ...]], *, properties: bool) -> Columns:
    if not rows:
        rows_t: list[Any] = [()] * len(_FIELDS)
    else:
        rows_t = list(zip(*rows, strict=True))
    if not properties:
        rows_t = [*rows_t[:15], [None] * len(rows)]
    ids, code, name, name_en, address, lon, lat, wkb, w, s, e, n, cell, community, homes, own = (
        rows_t
    )
    if not is_sqlite():  # PostgreSQL's driver gives views
        wkb = [None if g is None else bytes(g) for g in wkb]
    return Columns(
        ids=np.array(ids, np.int64),
        code=_objects(code),
        name=_objects(name),
        name_en=_objects(name_en),
        address=_objects(address),
        lon=np.array(lon, np.float64),
        lat=np.array(lat, np.float64),
        wkb=_objects(wkb),
        boxes=np.array([w, s, e, n], np.float64).T.reshape(-1, 4),
        cells=_ids(cell),
        communities=_ids(community),
        households=_ids(homes),
        properties=_objects(own),
    )


def _objects(values: Any) -> NDArray[np.object_]:
    made = np.empty(len(values), object)
    made[:] = values
    return made


def _ids(values: Any) -> NDArray[np.int64]:
    return np.array([-1 if v is None else v for v in values], np.int64)
