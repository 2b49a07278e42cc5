"""Elements find their cell anew when cells have changed.

The cell of a current row follows the present cells; former versions keep the cell they had.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import connection

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.commands.taking import touch
from cityloop.city.elements.commands.writing import communities_of
from cityloop.city.elements.models import Element, LocatedVersion
from cityloop.city.places import queries as places

_CHUNK = 20_000


def relocate(*, now: datetime) -> int:
    """Locate every current element again where the areas have changed since; how many moved.

    Harmless at any time: where nothing changed it asks two numbers.
    """
    version = places.version()
    done = LocatedVersion.objects.filter(pk=1).values_list("number", flat=True).first()
    if done == version:
        return 0
    moved, outside, kinds, last = 0, 0, set[int](), 0
    while rows := _after(last):
        last = rows[-1][0]
        counts = _locate_again(rows, kinds)
        moved, outside = moved + counts[0], outside + counts[1]
    with write():
        LocatedVersion.objects.update_or_create(pk=1, defaults={"number": version})
        for kind_id in kinds:
            touch(kind_id)
        if moved:
            data = {"places_version": version, "moved": moved, "outside": outside}
            record(Draft("elements.located", "elements", 1, data), actor=SYSTEM, now=now)
    return moved


def _after(last: int) -> list[tuple[int, ...]]:
    rows = Element.objects.filter(valid_to__isnull=True, pk__gt=last).order_by("pk")
    return list(rows.values_list("id", "kind_id", "lon", "lat", "cell_id", "community_id")[:_CHUNK])


def _locate_again(rows: list[tuple[int, ...]], kinds: set[int]) -> tuple[int, int]:
    """(moved, of those now outside)."""
    ids, kind, lon, lat, cell, community = zip(*rows, strict=True)
    found, _ = places.locate(np.array(lon, np.float64), np.array(lat, np.float64))
    above = communities_of(found)
    before = np.array([-1 if c is None else c for c in cell], np.int64)
    before_above = np.array([-1 if c is None else c for c in community], np.int64)
    moved = np.flatnonzero((found != before) | (above != before_above))
    if not len(moved):
        return 0, 0
    table = connection.ops.quote_name(Element._meta.db_table)
    statement = f"UPDATE {table} SET cell_id = %s, community_id = %s WHERE id = %s"  # noqa: S608
    values = [(_id(found[k]), _id(above[k]), ids[k]) for k in moved]
    with write(), connection.cursor() as cursor:
        cursor.executemany(statement, values)
    kinds.update(kind[k] for k in moved)
    return len(moved), int(np.count_nonzero(found[moved] < 0))


def _id(value: np.int64) -> int | None:
    return None if value < 0 else int(value)
