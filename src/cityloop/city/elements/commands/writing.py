"""Rows of the table from prepared ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cityloop.city.bulk import blank
from cityloop.city.elements.domain.preparing import Prepared
from cityloop.city.elements.models import Element
from cityloop.city.places import queries as places


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


def element_rows(
    ready: Prepared,
    cells: np.ndarray,
    chosen: Sequence[int],
    ids: Sequence[int],
    *,
    kind_id: int,
    source: str,
) -> list[Element]:
    """Unsaved rows with their ids, all but version and times."""
    at = np.array(chosen, np.int64)
    places_of = (cells[at], communities_of(cells[at]))
    cell, community = ([None if v < 0 else v for v in c.tolist()] for c in places_of)
    boxes, mesh = ready.boxes[at].tolist(), ready.mesh[at].tolist()
    lon, lat = ready.lon[at].tolist(), ready.lat[at].tolist()
    made = []
    for k, (pk, place) in enumerate(zip(ids, chosen, strict=True)):
        given, row = ready.rows[place], blank(Element)
        west, south, east, north = boxes[k]
        row.__dict__.update(
            id=pk, kind_id=kind_id, code=given.code, name=given.name, name_en=given.name_en,
            address=given.address, lon=lon[k], lat=lat[k], geometry=ready.wkb[place],
            west=west, south=south, east=east, north=north, mesh=mesh[k],
            cell_id=cell[k], community_id=community[k], households=given.households,
            properties=given.properties, source=source, source_key=given.source_key,
            fingerprint=ready.fingerprints[place],
        )  # fmt: skip
        made.append(row)
    return made
