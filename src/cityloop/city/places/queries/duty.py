"""Who answers for a cell now, who is on duty, which cells have nobody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import holders
from cityloop.city.places.domain import (
    NOBODY,
    Answerer,
    AreaInfo,
    Level,
    Rank,
    answerer,
)
from cityloop.city.places.models import DutyGrid, DutyWorker, Shift
from cityloop.city.places.queries.snapshot import tree
from cityloop.city.places.rules import need_duty_reader

_MOST_IN_A_QUERY = 500  # more ids than this: read all rows, one query either way


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A grid worker on duty: until when, and in which duty grids."""

    user_id: int
    name: str
    ends_at: datetime
    duty_grids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """How the cells of an area are answered for: cells by `how`, and those with nobody."""

    counts: dict[str, int]
    uncovered: list[int]


def who_answers(cell_ids: Iterable[int], now: datetime) -> dict[int, Answerer]:
    """The answerer of every cell now; what is no current cell has nobody.

    The number of queries does not depend on the number of cells.
    """
    areas = tree()
    asked = list(dict.fromkeys(int(c) for c in cell_ids))
    community = {c: up for c in asked if (up := _community(areas.find(c))) is not None}
    communities = set(community.values())
    ranks, grids = _ranks(communities), _grids_of(list(community))
    above = holders(Role.SUPERVISOR_COMMUNITY, communities)
    duty = _on_duty_ids(now)
    found = dict.fromkeys(asked, NOBODY)
    for cell, up in community.items():
        own = [rank for grid in grids[cell] for rank in ranks[up][grid]]
        near = [rank for grid in ranks[up].values() for rank in grid]
        found[cell] = answerer(own, near, above.get(up, ()), duty)
    return found


def on_duty_workers(area_id: int | None, *, now: datetime, viewer: Viewer) -> list[OnDuty]:
    """Grid workers on duty now whose duty grids lie in the area (None = whole city), by name."""
    need_duty_reader(viewer)
    rows = (
        Shift.objects.filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)
        .order_by("ends_at")
        .values_list("user_id", "user__display_name", "user__username", "ends_at")
    )
    known = {u: (name or username, ends) for u, name, username, ends in rows}
    grids = defaultdict(list)
    for user_id, code, community_id in DutyWorker.objects.order_by("duty_grid__code").values_list(
        "user_id", "duty_grid__code", "duty_grid__community_id"
    ):
        if area_id is None or area_id in tree().path(community_id).ids():
            grids[user_id].append(code)
    found = [
        OnDuty(user_id, *known[user_id], tuple(codes))
        for user_id, codes in grids.items()
        if user_id in known
    ]
    return sorted(found, key=lambda w: (w.name, w.user_id))


def uncovered_cells(now: datetime, area_id: int | None = None) -> list[int]:
    """Cells nobody answers for now, by code."""
    return cover(now, area_id).uncovered


def cover(now: datetime, area_id: int | None = None) -> Cover:
    """How all cells at or below an area are answered for now."""
    cells = [cell.id for cell in tree().below(area_id, Level.CELL)]
    found = who_answers(cells, now)
    counts = Counter(a.how for a in found.values())
    ways = ("on_duty", "next_rank", "community", "nobody")
    return Cover(
        {how: counts.get(how, 0) for how in ways},
        [cell for cell in cells if found[cell].how == "nobody"],
    )


def _community(area: AreaInfo | None) -> int | None:
    return area.parent_id if area and area.current and area.level is Level.CELL else None


def _on_duty_ids(now: datetime) -> set[int]:
    rows = Shift.objects.filter(starts_at__lte=now, ends_at__gt=now, user__is_active=True)
    return set(rows.values_list("user_id", flat=True))


def _ranks(communities: set[int]) -> dict[int, dict[int, list[Rank]]]:
    """Workers by community, then by duty grid."""
    rows = DutyWorker.objects.all()
    if len(communities) <= _MOST_IN_A_QUERY:
        rows = rows.filter(duty_grid__community_id__in=communities)
    found: dict[int, dict[int, list[Rank]]] = defaultdict(lambda: defaultdict(list))
    for grid, community, rank, assigned, user_id in rows.values_list(
        "duty_grid_id", "duty_grid__community_id", "rank", "pk", "user_id"
    ):
        found[community][grid].append(Rank(rank, assigned, user_id))
    return found


def _grids_of(cells: Sequence[int]) -> dict[int, list[int]]:
    rows = DutyGrid.cells.through.objects.all()
    if len(cells) <= _MOST_IN_A_QUERY:
        rows = rows.filter(area_id__in=cells)
    found: dict[int, list[int]] = defaultdict(list)
    for cell, grid in rows.values_list("area_id", "dutygrid_id"):
        found[cell].append(grid)
    return found
