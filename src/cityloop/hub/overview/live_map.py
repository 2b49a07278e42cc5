"""The live state of the centre's map: every open case as columns, small enough to send at once.

The map draws outlines from tiles; this puts life on them by id. One answer holds the open cases
of an area (20,000 in under 300 kB compressed); after it the live stream says what changes, from
`position` on, without a gap. The map counts load and overdue for cells, communities, subdistricts
by walking from each case's place upwards, so its numbers and its dots are of one set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from cityloop.business.cases.domain import State
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.followers import head_size
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import on_duty_workers, tree, who_answers
from cityloop.city.places.rules import need_duty_reader
from cityloop.hub.overview.centre import WORKING, check_may_centre, fresh, sight_of
from cityloop.hub.overview.counting import rows

STATES = tuple(s.value for s in State)
CLOCKS = ("", "near", "late")
STEPS = 100_000  # coordinates are sent as whole hundred-thousandths of a degree, about a metre
MOST_ASKED = 500
DUTY_FRESH_S = 15.0
_COLUMNS = ("id", "number", "lon", "lat", "state", "alert", "place")
# The smallest area that is known of a case; those above it the tree knows.
_PLACE = Coalesce("cell_id", "community_id", "subdistrict_id", "district_id", "city_id")
_STATE_AT = {state: n for n, state in enumerate(STATES)}
_CLOCK_AT = {clock: n for n, clock in enumerate(CLOCKS)}


@dataclass(frozen=True, slots=True)
class Places:
    """Areas that cases lie in and those above, by id: `id` as difference to the one before, `above`
    as place in this list (-1: none). Cells have no name here: there are too many."""

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
    position = head_size()
    found = rows(viewer, {}).filter(pk__in=list(ids)[:MOST_ASKED])
    return _columns(shown, now, position, found)


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
    found = rows(viewer, {"area": area_id, "state": WORKING})
    return _columns(area_id, now, position, found)


def _columns(area_id: int, now: datetime, position: int, found: QuerySet[Any]) -> LiveMap:
    listed = list(found.annotate(place=_PLACE).order_by("id").values_list(*_COLUMNS))
    ids, numbers, lons, lats, states, alerts, areas = (
        zip(*listed, strict=True) if listed else [()] * 7
    )
    places, place_at = _places(set(areas) - {None})
    west, lon = _steps(lons)
    south, lat = _steps(lats)
    columns = CaseColumns(
        id=[b - a for a, b in zip((0, *ids[:-1]), ids, strict=True)] if ids else [],
        number=list(numbers),
        lon=lon,
        lat=lat,
        state=[_STATE_AT[s] for s in states],
        clock=[_CLOCK_AT[a] for a in alerts],
        place=[place_at.get(a, -1) for a in areas],
    )
    return LiveMap(area_id, now, position, (west, south), places, columns)


def _steps(degrees: Sequence[float | None]) -> tuple[float, list[int | None]]:
    """An origin, and each coordinate in whole steps from it."""
    origin = round(min((d for d in degrees if d is not None), default=0.0) - 1 / STEPS, 5)
    return origin, [None if d is None else round((d - origin) * STEPS) for d in degrees]


def _places(areas: set[int]) -> tuple[Places, dict[int, int]]:
    """These areas and all above them, by id, and the place of each in the list."""
    known = tree()
    listed = sorted({up for area in areas for up in known.path(area).ids()})
    at = {area: n for n, area in enumerate(listed)}
    infos = [known.get(area) for area in listed]
    names = [a if a.level is not Level.CELL else None for a in infos]
    found = Places(
        id=[b - a for a, b in zip([0, *listed[:-1]], listed, strict=True)] if listed else [],
        level=[a.level.value for a in infos],
        above=[-1 if a.parent_id is None else at[a.parent_id] for a in infos],
        zh=[a.name("zh") if a else "" for a in names],
        en=[a.name("en") if a else "" for a in names],
    )
    return found, at


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
