"""What the operations centre shows of this moment: today so far, and what stands open."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count

from cityloop.business.cases.domain import FINAL_STATES, STATE_NAMES, State
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.audit.followers import head_size
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.queries import tree
from cityloop.city.places.tiles import bounds_of
from cityloop.hub.overview.counting import Counted, Filters, counted, query_of, rows
from cityloop.hub.overview.days import midnight, same_time, zone
from cityloop.hub.overview.rules import check_may_overview
from cityloop.kernel.geo import Bounds

T = TypeVar("T")
WORKING = tuple(s for s in State if s not in FINAL_STATES and s is not State.CLOSED)
# Nobody has taken the matter on yet: the desk, the check before filing, or the department owes it.
UNANSWERED = (State.REPORTED, State.CHECKING, State.FILED, State.DISPATCHED)
LONG_UNANSWERED = timedelta(hours=24)
# name → names of the filters that bound its moment
FLOWS: dict[str, tuple[str, str]] = {
    "reported": ("since", "before"),
    "filed": ("filed_since", "filed_before"),
    "closed": ("closed_since", "closed_before"),
}
FRESH_S, LEAST_S, MOST = 15.0, 0.25, 256
_kept: dict[Hashable, tuple[float, int, Any]] = {}


@dataclass(frozen=True, slots=True)
class Against:
    """A flow of today until now, beside the same span of yesterday and of a week ago."""

    measure: str
    today: Counted
    yesterday: Counted
    yesterday_whole: Counted
    week_ago: Counted


@dataclass(frozen=True, slots=True)
class Child:
    """An area directly below, with what stands open in it."""

    area: AreaInfo
    open: Counted
    near: Counted
    late: Counted


@dataclass(frozen=True, slots=True)
class Centre:
    """This moment of an area."""

    area: AreaInfo
    above: tuple[AreaInfo, ...]
    bounds: Bounds | None
    as_of: datetime
    flows: tuple[Against, ...]
    open: Counted
    near: Counted
    late: Counted
    unanswered: Counted
    long_unanswered: Counted
    states: tuple[tuple[State, Counted], ...]
    children: tuple[Child, ...]


def centre(viewer: Viewer, *, now: datetime, area_id: int | None = None) -> Centre:
    """Today against yesterday and last week, open, near and overdue, unanswered; by state and by
    the areas below.

    Every figure counts cases that the viewer may know of and carries the question that lists them.
    Raises: NotAllowed("overview.not_yours").
    """
    shown = check_may_centre(viewer, area_id)
    key = ("centre", shown, sight_of(viewer))
    return fresh(key, FRESH_S, lambda: _centre(viewer, shown, now))


def check_may_centre(viewer: Viewer, area_id: int | None) -> int:
    """The area to show. Its figures count cases, so a token needs to read those as well.

    Raises: NotAllowed("overview.not_yours", "token.scope").
    """
    need_scope(viewer, "cases:read")
    return check_may_overview(viewer, area_id)


def fresh(key: Hashable, most_s: float, reckon: Callable[[], T], *, live: bool = True) -> T:
    """What many desks ask is reckoned once, and again when it is older than `most_s`; what is live
    also when something happened, four times a second at most. `as_of` says when."""
    kept, at, head = _kept.get(key), time.monotonic(), head_size() if live else 0
    if kept is not None:
        age, unchanged = at - kept[0], head == kept[1]
        if age < LEAST_S or (age < most_s and unchanged):
            return kept[2]  # type: ignore[no-any-return]
    found = reckon()
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (at, head, found)
    return found


def forget() -> None:
    """Drop what is kept, between tests."""
    _kept.clear()


def sight_of(viewer: Viewer) -> Hashable:
    """Viewers of equal sight see equal figures; who reported something sees that besides."""
    return (
        viewer.is_system,
        frozenset((h.role, h.area_id, h.department_id) for h in viewer.holdings),
        viewer.scopes,
        viewer.user_id if viewer.holds(Role.CITIZEN) else None,
    )


def _centre(viewer: Viewer, area_id: int, now: datetime) -> Centre:
    chain = tree().chain(area_id)
    here = {"area": area_id}
    below = _below(area_id)
    groups = _groups(viewer, here, below[0].level.value if below else chain[-1].level.value)
    by_state = {s: sum(n for (_, state, _), n in groups.items() if state == s) for s in WORKING}
    open_n = sum(by_state.values())
    alerts = {a: sum(n for (_, _, at), n in groups.items() if at == a) for a in ("near", "late")}
    waiting = {**here, "state": UNANSWERED}
    return Centre(
        area=chain[-1],
        above=tuple(chain[:-1]),
        bounds=bounds_of(area_id),
        as_of=now,
        flows=tuple(_against(viewer, here, name, now) for name in FLOWS),
        open=Counted(open_n, query_of({**here, "working": True})),
        near=Counted(alerts["near"], query_of({**here, "alert": "near"})),
        late=Counted(alerts["late"], query_of({**here, "alert": "late"})),
        unanswered=Counted(sum(by_state[s] for s in UNANSWERED), query_of(waiting)),
        long_unanswered=counted(viewer, {**waiting, "before": now - LONG_UNANSWERED}),
        states=tuple(
            (s, Counted(by_state[s], query_of({**here, "state": [s]}))) for s in STATE_NAMES
            if s in WORKING
        ),
        children=_children(below, groups),
    )  # fmt: skip


def _below(area_id: int) -> list[AreaInfo]:
    """The areas of the next level that tells anything: one area alone is passed over."""
    children = tree().children(area_id)
    while len(children) == 1 and (below := tree().children(children[0].id)):
        children = below
    return children


def _groups(viewer: Viewer, base: Filters, level: str) -> dict[tuple[int | None, str, str], int]:
    """Cases with a clock by area of a level, state, alert: one pass over the open ones."""
    found = rows(viewer, {**base, "open": True}).values_list(f"{level}_id", "state", "alert")
    return {(area, s, a): n for area, s, a, n in found.annotate(n=Count("pk"))}


def _against(viewer: Viewer, base: Filters, measure: str, now: datetime) -> Against:
    since, before = FLOWS[measure]
    today = now.astimezone(zone()).date()
    yesterday, week_ago = today - timedelta(days=1), today - timedelta(days=7)

    def span(day: date, until: datetime | None) -> Counted:
        return counted(viewer, {**base, since: midnight(day), before: until})

    return Against(
        measure,
        span(today, None),
        span(yesterday, same_time(yesterday, now)),
        span(yesterday, midnight(today)),
        span(week_ago, same_time(week_ago, now)),
    )


def _children(
    below: list[AreaInfo], groups: dict[tuple[int | None, str, str], int]
) -> tuple[Child, ...]:
    """The areas below, those with the most overdue first; cells only where something is open."""
    found: dict[int | None, dict[str, int]] = {}
    for (area_id, state, alert), n in groups.items():
        sums = found.setdefault(area_id, {"open": 0, "near": 0, "late": 0})
        sums["open"] += n if state in WORKING else 0
        if alert:
            sums[alert] += n
    listed = [_child(a, found.get(a.id, {})) for a in below if _is_shown(a, found)]
    return tuple(sorted(listed, key=lambda c: (-c.late.n, -c.open.n, c.area.code)))


def _is_shown(area: AreaInfo, found: dict[int | None, dict[str, int]]) -> bool:
    return area.level is not Level.CELL or area.id in found


def _child(area: AreaInfo, sums: dict[str, int]) -> Child:
    here = {"area": area.id}
    return Child(
        area,
        Counted(sums.get("open", 0), query_of({**here, "working": True})),
        Counted(sums.get("near", 0), query_of({**here, "alert": "near"})),
        Counted(sums.get("late", 0), query_of({**here, "alert": "late"})),
    )
