"""Prepared rows into the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any

import msgspec
import numpy as np
from django.db import connection

from cityloop.city.db import allocate_ids, is_sqlite
from cityloop.city.elements.domain.preparing import Prepared
from cityloop.city.elements.models import Element
from cityloop.city.places import queries as places

_encode = msgspec.json.encode
_COLUMNS = (
    "id", "kind_id", "code", "version", "name", "name_en", "address", "lon", "lat", "geometry",
    "west", "south", "east", "north", "mesh", "cell_id", "community_id", "households",
    "properties", "source", "source_key", "fingerprint", "valid_from", "valid_to", "registered_at",
    "inspected_at",
)  # fmt: skip


def communities_of(cells: np.ndarray) -> np.ndarray:
    """The community of every cell; -1 where there is none.

    Args:
        cells: ids, -1 = in no cell, shape (n,).
    Returns: ids, shape (n,).
    """
    tree = places.tree()
    own, back = np.unique(cells, return_inverse=True)
    parents = [(tree.path(int(c)).community_id or -1) if c >= 0 else -1 for c in own]
    return np.array(parents, np.int64)[back]


def insert(
    ready: Prepared,
    cells: np.ndarray,
    chosen: Sequence[int],
    versions: Sequence[int],
    registered: Sequence[datetime],
    inspected: Sequence[datetime | None],
    *,
    kind_id: int,
    source: str,
    now: datetime,
) -> None:
    """Write the chosen rows as these versions; inside the caller's transaction.

    Straight to the driver, COPY on PostgreSQL: a million rows spend a third of their time in
    model instances that nobody looks at.
    """
    at = np.array(chosen, np.int64)
    cell, community = cells[at], communities_of(cells[at])
    given = [ready.rows[k] for k in chosen]
    table = zip(
        allocate_ids(Element, len(given)), repeat(kind_id), [r.code for r in given], versions,
        [r.name for r in given], [r.name_en for r in given], [r.address for r in given],
        ready.lon[at].tolist(), ready.lat[at].tolist(), [ready.wkb[k] for k in chosen],
        *ready.boxes[at].T.tolist(), ready.mesh[at].tolist(), _or_none(cell), _or_none(community),
        [r.households for r in given], [_json(r.properties) for r in given], repeat(source),
        [r.source_key for r in given], [ready.fingerprints[k] for k in chosen],
        repeat(_moment(now)), repeat(None), map(_moment, registered), map(_moment, inspected),
    )  # fmt: skip
    columns = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    name = connection.ops.quote_name(Element._meta.db_table)
    with connection.cursor() as cursor:
        if is_sqlite():
            marks = ", ".join(["%s"] * len(_COLUMNS))
            statement = f"INSERT INTO {name} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, list(table))
            return
        statement = f"COPY {name} ({columns}) FROM STDIN"
        with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
            for row in table:
                copy.write_row(row)


def _or_none(ids: np.ndarray) -> list[int | None]:
    return [None if i < 0 else i for i in ids.tolist()]


def _json(properties: Mapping[str, Any]) -> str:
    return _encode(properties).decode() if properties else "{}"


@lru_cache(maxsize=4)
def _text(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _moment(value: datetime | None) -> Any:
    """As the driver takes it: SQLite holds UTC without zone, as a text."""
    return value if value is None or not is_sqlite() else _text(value)
