"""Who should look at what: matters on site shared among those on duty; a worker's order of them.

A worker counts as standing in the middle of the own cells: where somebody is at the moment is not
asked for this. What comes out is a proposal with its reasons; a supervisor decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from cityloop.business.cases.field import FieldCase, field_cases
from cityloop.city.accounts.domain import SUPERVISORS, Role, Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.queries import grids_of_worker, on_duty_workers, shapes, tree
from cityloop.engines.dispatching import Assignment, Task, Unit, assign, explain
from cityloop.kernel.geo import LocalPlane

SHARES = frozenset({*SUPERVISORS, Role.DISPATCHER})
MOST_CASES = 120
ON_SITE_MIN = {"checking": 10.0, "verifying": 15.0}
PRIORITY = {"emergency": 1, "urgent": 2}
Place = tuple[float, float]


def sharing(viewer: Viewer, *, area_id: int | None, now: datetime) -> dict[str, Any]:
    """Matters to check and verify in an area, shared among the grid workers on duty there.

    Returns: `units` on duty, `tasks` with the proposed worker, minutes, reasons and the next best,
        `unplaced`: numbers without a position, which nobody can walk to.
    Raises: NotAllowed.
    """
    need_role(viewer, *sorted(SHARES))
    areas = tree()
    cases = [
        case
        for case in field_cases(viewer, limit=MOST_CASES)
        if area_id is None or (case.cell_id and area_id in areas.path(case.cell_id).ids())
    ]
    placed = [case for case in cases if case.lon is not None and case.lat is not None]
    plane = _plane(placed)
    workers = on_duty_workers(area_id, now=now, viewer=viewer)
    names = {str(w.user_id): w.name for w in workers}
    units = []
    for worker in workers:
        place = _middle_of_cells(c for grid in grids_of_worker(worker.user_id) for c in grid.cells)
        if place is not None:
            left = (worker.ends_at - now).total_seconds() / 60
            units.append(Unit(str(worker.user_id), *_at(plane, place), shift_left=left, most=12))
    tasks = [_task(case, plane, now) for case in placed]
    found = assign(tasks, units)
    return {
        "units": [{"user_id": int(u.key), "name": names[u.key]} for u in units],
        "tasks": _told(found, tasks, units, placed, names),
        "unplaced": [case.number for case in cases if case not in placed],
    }


def own_order(
    cells: Iterable[int],
    cases: Sequence[FieldCase],
    *,
    now: datetime,
    shift_ends: datetime | None,
) -> list[dict[str, Any]]:
    """The own matters in the order that keeps most deadlines and walks least, with minutes.

    Args:
        cells: ids of the worker's cells.
    """
    placed = [c for c in cases if c.mine and c.lon is not None and c.lat is not None]
    place = _middle_of_cells(cells) if placed else None
    if place is None:
        return []
    plane = _plane(placed)
    left = (shift_ends - now).total_seconds() / 60 if shift_ends else 480.0
    unit = Unit("me", *_at(plane, place), shift_left=max(left, 0.0), most=len(placed))
    found = assign([_task(case, plane, now) for case in placed], [unit])
    return [{"number": key, "minutes": round(found.reached[key])} for key in found.routes["me"]]


def _told(
    found: Assignment,
    tasks: Sequence[Task],
    units: Sequence[Unit],
    cases: Sequence[FieldCase],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    told = []
    for case, choice in zip(cases, explain(found, tasks, units), strict=True):
        told.append({
            "number": case.number, "title": case.title, "state": case.state, "due_at": case.due_at,
            "user_id": int(choice.unit) if choice.unit else None,
            "name": names.get(choice.unit or "", ""),
            "minutes": found.reached.get(case.number),
            "reasons": [{"code": r.code, "zh": r.zh, "en": r.en} for r in choice.reasons],
            "others": [{"name": names[key], "more": more} for key, more in choice.others],
        })  # fmt: skip
    return told


def _task(case: FieldCase, plane: LocalPlane, now: datetime) -> Task:
    assert case.lon is not None
    assert case.lat is not None
    due = (case.due_at - now).total_seconds() / 60 if case.due_at else None
    return Task(
        case.number, *_at(plane, (case.lon, case.lat)), due=due,
        minutes=ON_SITE_MIN.get(case.state, 15.0), priority=PRIORITY.get(case.urgency, 3),
    )  # fmt: skip


def _middle_of_cells(cells: Iterable[int]) -> Place | None:
    drawn = shapes()
    found = [drawn.find(cell) for cell in cells]
    points = [shape.representative_point() for shape in found if shape is not None]
    if not points:
        return None
    return float(np.mean([p.x for p in points])), float(np.mean([p.y for p in points]))


def _plane(cases: Sequence[FieldCase]) -> LocalPlane:
    """A flat map around the middle of what has a place."""
    lon = [c.lon for c in cases if c.lon is not None]
    lat = [c.lat for c in cases if c.lat is not None]
    return LocalPlane(float(np.mean(lon)), float(np.mean(lat))) if lon else LocalPlane(0.0, 0.0)


def _at(plane: LocalPlane, place: Place) -> Place:
    x, y = plane.to_xy(*place)
    return float(x), float(y)
