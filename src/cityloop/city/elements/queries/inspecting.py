"""What is to be inspected, by kind and area, most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest

from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.models import User
from cityloop.city.elements.domain.inspecting import Result, Rhythm, rhythm_by_community
from cityloop.city.elements.models import Element, Inspection, InspectionPlan, Kind
from cityloop.city.elements.queries.areas import communities_below
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_reader
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level

MOST = 500
_CHUNK = 800


@dataclass(frozen=True, slots=True)
class Due:
    """A component and when its look was or is due."""

    element: Element
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueList:
    """The most urgent ones, and how many there are in all."""

    items: list[Due]
    total: int


def due(
    viewer: Viewer,
    *,
    until: datetime,
    kind: str | None = None,
    area_code: str | None = None,
    cells: Collection[int] | None = None,
    limit: int = 100,
) -> DueList:
    """Components whose look is due until then, the longest overdue first.

    A grid worker sees those of the own areas; others all of the area asked for.

    Args:
        cells: only those in one of these cells; None = wherever they stand.

    Raises: NotAllowed; NotFound element.no_kind, place.unknown_code.
    """
    need_reader(viewer)
    area = places.tree().by_code(area_code) if area_code else None
    communities = set(communities_below(area.id if area else None)) & _own(viewer)
    if area and area.level is Level.CELL:
        cells = {area.id} if cells is None else {area.id} & set(cells)
    if cells is not None:
        tree = places.tree()
        communities &= {found.parent_id for c in cells if (found := tree.find(c))}
    rows: list[Due] = []
    total, most = 0, max(1, min(limit, MOST))
    for one in [kind_row(kind)] if kind else inspected_kinds(cells):
        for rhythm, members in _groups(one, communities).items():
            found, count = _due_of(one, rhythm, members, cells, until, most)
            rows, total = rows + found, total + count
    return DueList(
        nsmallest(most, rows, key=lambda d: (d.due_at, d.element.mesh, d.element.code)), total
    )


def inspected_kinds(cells: Collection[int] | None = None) -> list[Kind]:
    """Kinds that have a rhythm, of their own or in some area; with `cells` those standing there."""
    has_plan = Q(plans__isnull=False, plans__ended_at__isnull=True)
    rows = Kind.objects.filter(Q(inspect_every_days__isnull=False) | has_plan)
    if cells is not None:
        there = Element.objects.filter(cell_id__in=cells, valid_to__isnull=True)
        rows = rows.filter(pk__in=there.order_by().values("kind_id").distinct())
    return list(rows.distinct().order_by("code"))


def _own(viewer: Viewer) -> set[int]:
    everywhere = set(communities_below(None))
    roles = {h.role for h in viewer.holdings}
    if viewer.is_system or roles != {Role.GRID_WORKER}:
        return everywhere
    own: set[int] = set()
    for holding in viewer.holdings:
        own |= set(communities_below(holding.area_id)) if holding.area_id else everywhere
    return own


def _groups(kind: Kind, communities: Iterable[int]) -> dict[Rhythm, list[int]]:
    plans, everywhere = rhythms(kind)
    tree = places.tree()
    chains = ((c, [a.id for a in tree.chain(c)]) for c in communities)
    groups: dict[Rhythm, list[int]] = defaultdict(list)
    for community, rhythm in rhythm_by_community(everywhere, plans, chains).items():
        groups[rhythm].append(community)
    return groups


def rhythms(kind: Kind) -> tuple[dict[int, Rhythm], Rhythm | None]:
    """Plans by area id, and what goes for the rest of the city."""
    rows = InspectionPlan.objects.filter(kind=kind, ended_at__isnull=True)
    plans = {p.area_id: Rhythm(p.every_days, p.starts_at) for p in rows}
    own = Rhythm(kind.inspect_every_days) if kind.inspect_every_days else None
    return {a: r for a, r in plans.items() if a is not None}, plans.get(None, own)


def _due_of(
    kind: Kind,
    rhythm: Rhythm,
    communities: list[int],
    cells: Collection[int] | None,
    until: datetime,
    limit: int,
) -> tuple[list[Due], int]:
    start = "registered_at" if rhythm.since is None else Greatest("registered_at", rhythm.since)
    rows, total = [], 0
    for k in range(0, len(communities), _CHUNK):
        chosen = Element.objects.filter(
            kind=kind, valid_to__isnull=True, community_id__in=communities[k : k + _CHUNK]
        ).annotate(looked_at=Coalesce("inspected_at", start))
        if cells is not None:
            chosen = chosen.filter(cell_id__in=cells)
        chosen = chosen.filter(looked_at__lte=rhythm.last_looked_before(until))
        total += chosen.count()
        rows += (
            chosen.select_related("kind")
            .defer("geometry")
            .order_by("looked_at", "mesh", "code")[:limit]
        )
    return [
        Due(row, rhythm.due_at(looked_at=row.inspected_at, registered_at=row.registered_at))
        for row in rows
    ], total


def inspections(viewer: Viewer, element_id: int) -> list[Inspection]:
    """What was found on an element through all its versions, newest first, at most 100."""
    from cityloop.city.elements.queries.one import one

    row = one(viewer, element_id)
    found = Inspection.objects.filter(kind_id=row.kind_id, code=row.code)
    return list(found.select_related("inspector").order_by("-at", "-pk")[:100])


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found, for whoever follows the trace."""

    id: int
    result: Result
    note: str
    at: datetime
    inspector: User | None
    kind_zh: str
    component_code: str
    code: str
    lon: float
    lat: float
    address: str


def finding(inspection_id: int) -> Finding | None:
    """One inspection with what was inspected; None where there is none of this id."""
    rows = Inspection.objects.select_related("element", "kind", "inspector")
    row = rows.filter(pk=inspection_id).first()
    if row is None:
        return None
    element, kind = row.element, row.kind
    return Finding(
        row.pk, Result(row.result), row.note, row.at, row.inspector, kind.name_zh,
        kind.component_code, row.code, element.lon, element.lat, element.address or element.name,
    )  # fmt: skip


def plans(viewer: Viewer) -> list[InspectionPlan]:
    """Plans in force, by kind."""
    need_reader(viewer)
    rows = InspectionPlan.objects.filter(ended_at__isnull=True)
    return list(rows.select_related("kind", "area").order_by("kind__code", "area__code"))
