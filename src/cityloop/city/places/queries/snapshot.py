"""What a process remembers of the areas, until they change.

Reading 16,000 cells takes a second, asking whether they changed takes 0.1 ms: every question
looks at PlacesVersion first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.city.places.domain import AreaInfo, AreaTree, Level
from cityloop.city.places.models import Area, PlacesVersion

T = TypeVar("T")
_VERSION = f"SELECT number FROM {PlacesVersion._meta.db_table} ORDER BY id LIMIT 1"  # noqa: S608


def version() -> int:
    """The number of the present state of the areas; 0 before the first import."""
    with connection.cursor() as cursor:  # asked all the time: a fifth of what the ORM takes
        cursor.execute(_VERSION)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


class Remembered(Generic[T]):
    """A value read again when the areas have changed. Several threads read it once."""

    def __init__(self, read: Callable[[int], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: tuple[int, T] | None = None

    def __call__(self) -> T:
        now_at = version()
        kept = self._kept
        if kept is not None and kept[0] == now_at and now_at:
            return kept[1]
        with self._lock:
            kept = self._kept
            if kept is None or kept[0] != now_at or not now_at:
                kept = self._kept = (now_at, self._read(now_at))
            return kept[1]


def _read_tree(number: int) -> AreaTree:
    rows = Area.objects.values_list(
        "id", "level", "code", "name_zh", "name_en", "parent_id", "households",
        "sensitive_place", "valid_until",
    )  # fmt: skip
    return AreaTree(
        (AreaInfo(i, Level(lv), *rest, current=until is None) for i, lv, *rest, until in rows),
        number,
    )


class Shapes:
    """Boundaries of all current areas that have one: arrays side by side, by id."""

    def __init__(self, ids: NDArray[np.int64], shapes: NDArray[np.object_]) -> None:
        self.ids = ids
        self.shapes = shapes
        self.boxes: NDArray[np.float64] = shapely.bounds(shapes).reshape(-1, 4)
        self._place = {int(i): k for k, i in enumerate(ids)}

    def find(self, area_id: int) -> BaseGeometry | None:
        """The boundary of an area, or None."""
        place = self._place.get(area_id)
        return None if place is None else self.shapes[place]


def _read_shapes(number: int) -> Shapes:
    rows = (
        Area.objects.filter(valid_until__isnull=True, boundary__isnull=False)
        .order_by("pk")
        .values_list("pk", "boundary")
    )
    ids, wkb = [], []
    for area_id, boundary in rows.iterator(chunk_size=5000):
        ids.append(area_id)
        wkb.append(bytes(boundary))
    return Shapes(np.array(ids, np.int64), np.array(shapely.from_wkb(wkb), dtype=object))


tree = Remembered(_read_tree)
shapes = Remembered(_read_shapes)
