"""The live state of the centre's map: every open case as columns, small enough to send at once.

The map draws outlines from tiles; this puts life on them by id. One answer holds the open cases
of an area (20,000 in under 300 kB compressed); after it the live stream says what changes, from
`position` on, without a gap. The map counts load and overdue for cells, communities, subdistricts
by walking from each case's place upwards, so its numbers and its dots are of one set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityloop.business.cases.domain import State
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.followers import head_size
from cityloop.city.places.domain import AreaTree, Level
from cityloop.city.places.queries import on_duty_workers, tree, who_answers
from cityloop.city.places.rules import need_duty_reader
from cityloop.hub.overview.centre import WORKING, check_may_centre, fresh, sight_of
from cityloop.hub.overview.counting import rows

STATES = tuple(s.value for s in State)
CLOCKS = ("", "near", "late")
STEPS = 100_000  # coordinates are sent as whole hundred-thousandths of a degree, about a metre
MOST_ASKED = 500
DUTY_FRESH_S = 15.0
_COLUMNS = (
    "id", "number", "lon", "lat", "state", "alert",
    "cell_id", "community_id", "subdistrict_id", "district_id", "city_id",
)  # fmt: skip
_STATE_AT = {state: n for n, state in enumerate(STATES)}
_CLOCK_AT = {clock: n for n, clock in enumerate(CLOCKS)}


@dataclass(frozen=True, slots=True)
class Places:
    """Areas that cases lie in, each with the place in this list of the area above (-1: none).
    Cells have no name here: there are too many."""

    id: list[int] = field(default_factory=list)
    level: list[str] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    zh: list[str] = field(default_factory=list)
    en: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """Cases side by side: `id` as difference to the one before, `lon` and `lat` in steps from the
    origin (None: not located), `state`, `clock` and `place` as places in their lists."""

    id: list[int] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    lon: list[int | None] = field(default_factory=list)
    lat: list[int | None] = field(default_factory=list)
    state: list[int] = field(default_factory=list)
    clock: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LiveMap:
    """The open cases of an area at a position of the live stream."""

    area_id: int
    as_of: datetime
    position: int
    origin: tuple[float, float]
    places: Places
    cases: CaseColumns
    states: tuple[str, ...] = STATES
    clocks: tuple[str, ...] = CLOCKS
    steps: int = STEPS


@dataclass(frozen=True, slots=True)
class Duty:
    """Which cells are answered for now: `how` is on_duty, next_rank, community or nobody.

    Who it is and where they walk is not said here; positions are not kept for this.
    """

    as_of: datetime
    workers: int
    how: list[str]
    cell: list[int]
    answered: list[int]


def live_map(viewer: Viewer, *, now: datetime, area_id: int | None = None) -> LiveMap:
    """Open cases of the area that the viewer may know of.

    Raises: NotAllowed("overview.not_yours").
    """
    shown = check_may_centre(viewer, area_id)
    key = ("map", shown, sight_of(viewer))
    return fresh(key, 5.0, lambda: _live_map(viewer, shown, now))


def cases_at(viewer: Viewer, ids: Sequence[int], *, now: datetime) -> LiveMap:
    """These cases as they are now, open or not: for a map that heard of one it does not know.

    Raises: NotAllowed("overview.not_yours").
    """
    shown = check_may_centre(viewer, None)
    found = rows(viewer, {}).filter(pk__in=list(ids)[:MOST_ASKED]).order_by("id")
    return _columns(shown, now, head_size(), found.values_list(*_COLUMNS))


def duty(viewer: Viewer, *, now: datetime, area_id: int | None = None) -> Duty:
    """How the cells of the area are answered for, and how many workers are on duty.

    Raises: NotAllowed("overview.not_yours"), and as `need_duty_reader`.
    """
    shown = check_may_centre(viewer, area_id)
    need_duty_reader(viewer)
    return fresh(("duty", shown), DUTY_FRESH_S, lambda: _duty(viewer, shown, now), live=False)


def _live_map(viewer: Viewer, area_id: int, now: datetime) -> LiveMap:
    # The position first: what happens while the cases are read is told again by the stream.
    position = head_size()
    found = rows(viewer, {"area": area_id, "state": WORKING}).order_by("id")
    return _columns(area_id, now, position, found.values_list(*_COLUMNS))


def _columns(
    area_id: int, now: datetime, position: int, found: Iterable[tuple[Any, ...]]
) -> LiveMap:
    listed = list(found)
    west = min((r[2] for r in listed if r[2] is not None), default=0.0)
    south = min((r[3] for r in listed if r[3] is not None), default=0.0)
    origin = (round(west - 0.00001, 5), round(south - 0.00001, 5))
    places, columns, known, areas = Places(), CaseColumns(), dict[int, int](), tree()
    last = 0
    for case_id, number, lon, lat, state, alert, *path in listed:
        columns.id.append(case_id - last)
        columns.number.append(number)
        columns.lon.append(_steps(lon, origin[0]))
        columns.lat.append(_steps(lat, origin[1]))
        columns.state.append(_STATE_AT[state])
        columns.clock.append(_CLOCK_AT[alert])
        columns.place.append(_place(path, places, known, areas))
        last = case_id
    return LiveMap(area_id, now, position, origin, places, columns)


def _steps(degrees: float | None, origin: float) -> int | None:
    return None if degrees is None else round((degrees - origin) * STEPS)


_LEVELS = ("cell", "community", "subdistrict", "district", "city")


def _place(path: list[int | None], places: Places, known: dict[int, int], areas: AreaTree) -> int:
    """The place of the finest known area in the list; those above it are listed first."""
    finest = next((a for a in path if a is not None), None)
    if finest is None:
        return -1
    if finest not in known:
        above = -1
        for level, area in zip(reversed(_LEVELS), reversed(path), strict=True):
            if area is None:
                continue
            if area not in known:
                known[area] = len(places.id)
                places.id.append(area)
                places.level.append(level)
                places.above.append(above)
                info = areas.find(area) if level != "cell" else None
                places.zh.append(info.name_zh if info else "")
                places.en.append(info.name("en") if info else "")
            above = known[area]
    return known[finest]


def _duty(viewer: Viewer, area_id: int, now: datetime) -> Duty:
    cells = [cell.id for cell in tree().below(area_id, Level.CELL)]
    found = who_answers(cells, now)
    ways = ["on_duty", "next_rank", "community", "nobody"]
    return Duty(
        as_of=now,
        workers=len(on_duty_workers(area_id, now=now, viewer=viewer)),
        how=ways,
        cell=cells,
        answered=[ways.index(found[c].how) for c in cells],
    )
