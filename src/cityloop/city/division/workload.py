"""The cells of a community shared out among grid workers: what work each makes, who gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.accounts.domain import Viewer
from cityloop.city.division import ground
from cityloop.city.division.weights import DAYS, case_points
from cityloop.city.elements.queries import arrays
from cityloop.city.places.domain import AreaInfo
from cityloop.city.places.queries import rota, shapes, tree
from cityloop.city.places.rules import need_duty_keeper
from cityloop.engines.partition import Work, share_out
from cityloop.engines.partition.features import metres
from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loads:
    """The cells of a community and what each makes of work; all arrays of shape (cells,).

    cases: a day. minutes: a day, of which `walking` on foot.
    """

    cells: tuple[AreaInfo, ...]
    shapes: NDArray[np.object_]
    households: Floats
    cases: Floats
    walking: Floats
    minutes: Floats


def loads_of(community: str, work: Work, now: datetime) -> Loads:
    """Raises: NotFound("division.no_community"), DomainError("division.no_boundary" |
    "division.no_cells")."""
    area, plane = ground.community_of(community), ground.plane_of(community)
    outlined = [(one, shapes().find(one.id)) for one in tree().children(area.id)]
    bare = [one.code for one, shape in outlined if shape is None]
    if bare or not outlined:
        raise DomainError(
            "division.no_cells",
            f"Community {community} has no cells with a boundary ({', '.join(bare[:3]) or 'none'})"
            ". Divide it first.",
            f"社区 {community} 没有带边界的网格（{'、'.join(bare[:3]) or '无'}），请先划分网格。",
            where="community",
        )
    held = np.array([shape for _, shape in outlined], dtype=object)
    flat = np.array([metres(shape, plane) for shape in held], dtype=object)
    rows = arrays("building", community)
    homes = shapely.point_on_surface(np.array(rows.shapes, dtype=object))
    stops = _counted(held, homes, np.ones(len(homes)))
    households = _counted(held, homes, np.asarray(rows.households, np.float64))
    cases = _cases(area.id, held, now)
    none = np.zeros(len(held))
    walking = work.minutes(none, none, stops, shapely.area(flat))
    cells = tuple(one for one, _ in outlined)
    return Loads(
        cells, flat, households, cases, walking,
        work.minutes(households, cases, stops, shapely.area(flat)),
    )  # fmt: skip


def _cases(community_id: int, cells: NDArray[np.object_], now: datetime) -> Floats:
    """A day in each cell as the cells are now: a cell that began yesterday has its past too."""
    points = case_points(community_id, now)
    return _counted(cells, shapely.points(points), np.ones(len(points))) / DAYS


def _counted(cells: NDArray[np.object_], points: NDArray[np.object_], amount: Floats) -> Floats:
    """The amounts at points by cell; a point on a border counts in one of them."""
    if not len(points):
        return np.zeros(len(cells))
    hit, at = shapely.STRtree(cells).query(points, predicate="intersects")
    once = np.unique(hit, return_index=True)[1]
    return np.asarray(np.bincount(at[once], amount[hit[once]], minlength=len(cells)), np.float64)


def proposal(
    community: str, workers: int, *, work: Work, viewer: Viewer, now: datetime
) -> dict[str, Any]:
    """Duty grids for so many workers, beside those of today. Nothing is written.

    A duty grid keeps its code, name and workers where most of its cells stay together.
    Raises: NotAllowed, as `loads_of`, DomainError("partition.workers").
    """
    area = ground.community_of(community)
    need_duty_keeper(viewer, tree().path(area.id).ids())
    loads = loads_of(community, work, now)
    present = rota.duty_grids(viewer=viewer, area_id=area.id, limit=rota.MOST)
    held = _held(loads.cells, present)
    shares = share_out(
        list(loads.shapes), loads.minutes.tolist(), workers,
        existing=held.tolist() if len(present) == workers else None,
    )  # fmt: skip
    group = np.array(shares.group)
    mean = float(loads.minutes.sum()) / workers
    names = _names(area, group, held, present, workers)
    return {
        "community": community,
        "area_id": area.id,
        "name_zh": area.name_zh,
        "name_en": area.name_en,
        "days": DAYS,
        "cases": round(float(loads.cases.sum()) * DAYS),
        "minutes": mean,
        "spread": shares.spread,
        "now": _standing(loads, held, len(present)),
        "groups": [_group(loads, group == g, names[g], mean) for g in range(workers)],
        "removed": [g["code"] for g in present if g["code"] not in {n["code"] for n in names}],
        "findings": [{"zh": f.zh, "en": f.en} for f in shares.findings if f.kind == "group.apart"],
    }


def _held(cells: Sequence[AreaInfo], present: Sequence[Mapping[str, Any]]) -> NDArray[np.int64]:
    """The present duty grid of each cell, by its place in the list; -1 = none."""
    of = {cell["code"]: n for n, grid in enumerate(present) for cell in grid["cells"]}
    return np.array([of.get(cell.code, -1) for cell in cells], np.int64)


def _standing(loads: Loads, held: NDArray[np.int64], grids: int) -> dict[str, Any]:
    """How today's duty grids carry the same work."""
    sums = np.bincount(held[held >= 0], loads.minutes[held >= 0], minlength=grids)
    even = bool(grids) and sums.sum() > 0
    return {
        "grids": grids,
        "bare": int((held < 0).sum()),
        "spread": float(sums.max() / sums.mean()) if even else None,
    }


def _names(
    area: AreaInfo, group: NDArray[np.int64], held: NDArray[np.int64],
    present: Sequence[Mapping[str, Any]], workers: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Code, name and workers of each group: those of the present grid it shares most cells with,
    each given once, else new ones."""
    common = np.zeros((workers, len(present)), np.int64)
    np.add.at(common, (group[held >= 0], held[held >= 0]), 1)
    found: dict[int, dict[str, Any]] = {}
    used = set()
    for place in np.argsort(-common, axis=None, kind="stable").tolist():
        g, n = divmod(place, max(len(present), 1))
        if common[g, n] and g not in found and n not in used:
            found[g] = {**{k: present[n][k] for k in ("code", "name", "workers")}, "kept": True}
            used.add(n)
    taken = {grid["code"] for grid in present}
    free = (n for n in range(1, 10_000) if f"{area.code}-{n:02d}" not in taken)
    for g in range(workers):
        if g not in found:
            number = f"{next(free):02d}"
            found[g] = {"code": f"{area.code}-{number}", "name": f"{area.name_zh}责任网格{number}",
                        "workers": [], "kept": False}  # fmt: skip
    return [found[g] for g in range(workers)]


def _group(
    loads: Loads, own: NDArray[np.bool_], name: Mapping[str, Any], mean: float
) -> dict[str, Any]:
    minutes = float(loads.minutes[own].sum())
    return {
        **name,
        "cells": [cell.code for cell, is_own in zip(loads.cells, own, strict=True) if is_own],
        "households": int(loads.households[own].sum()),
        "cases": float(loads.cases[own].sum()) * DAYS,
        "walking": float(loads.walking[own].sum()),
        "minutes": minutes,
        "share": minutes / mean if mean else 1.0,
    }
