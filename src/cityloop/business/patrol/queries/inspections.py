"""Components of the own cells that are to be looked at, with what to look for on each kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cityloop.business.patrol.rules import need_worker
from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.queries import Due, due
from cityloop.city.places.queries import grids_of_worker, tree
from cityloop.city.profile import load_profile

AHEAD = timedelta(days=7)  # what is due soon may be done on the way
MOST = 300


def own_inspections(viewer: Viewer, *, now: datetime) -> dict[str, Any]:
    """What the worker's cells want looked at until a week from now, the longest overdue first.

    Returns: {"now", "cells", "total", "kinds", "items"}; at most 300 items, `total` says how many
    there are. Without own cells there is nothing.
    """
    user_id = need_worker(viewer)
    cells = {cell for grid in grids_of_worker(user_id) for cell in grid.cells}
    found = due(viewer, until=now + AHEAD, cells=cells, limit=MOST)
    return {
        "now": now,
        "cells": len(cells),
        "total": found.total,
        "kinds": _kinds(found.items),
        "items": [_item(one) for one in found.items],
    }


def _item(one: Due) -> dict[str, Any]:
    element = one.element
    cell = tree().find(element.cell_id)
    return {
        "element_id": element.pk,
        "kind": element.kind.code,
        "code": element.code,
        "name": element.name,
        "address": element.address,
        "lon": element.lon,
        "lat": element.lat,
        "cell": cell.code if cell else "",
        "due_at": one.due_at,
        "inspected_at": element.inspected_at,
    }


def _kinds(items: Iterable[Due]) -> list[dict[str, Any]]:
    kinds = {one.element.kind.code: one.element.kind for one in items}
    lists = checklists()
    return [
        {
            "code": code,
            "zh": kind.name_zh,
            "en": kind.name_en,
            "checks": lists.get(code, lists[""]),
        }
        for code, kind in sorted(kinds.items())
    ]


@lru_cache(maxsize=1)
def checklists() -> dict[str, list[dict[str, str]]]:
    """Kind → what to look for, from the profile; "" for kinds that stand in no list."""
    given = load_profile().toml("inspections.toml")["list"]
    return {
        kind: checks["checks"]
        for n, checks in enumerate(given)
        for kind in (checks["kinds"] if n else ["", *checks["kinds"]])
    }
