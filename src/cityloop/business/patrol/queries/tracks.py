"""Walks and tracks. A track is its worker's own; anybody else opens it by a command, on record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.patrol.domain import length_m, seal_context
from cityloop.business.patrol.models import Patrol, TrackPart
from cityloop.business.patrol.rules import SEES_PATROLS, need_worker
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import names_of
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotFound


def own_track(client_id: str, *, viewer: Viewer) -> dict[str, Any]:
    """The worker's own walk with its points. Raises: NotFound("patrol.unknown")."""
    user_id = need_worker(viewer)
    row = Patrol.objects.filter(user_id=user_id, client_id=client_id).first()
    if row is None:
        raise NotFound("patrol.unknown", "There is no such patrol of yours.", "没有该次巡查记录。")
    return walk(row)


def walk(row: Patrol) -> dict[str, Any]:
    """A walk in the clear: points [lon, lat, unix seconds, accuracy m] and its length."""
    points: list[list[float]] = []
    for part in TrackPart.objects.filter(patrol=row).order_by("first_at", "pk"):
        text = key_ring().unseal(part.points, context=seal_context(row.pk, part.first_at))
        points += json.loads(text)
    points.sort(key=lambda p: p[2])
    return {
        "client_id": row.client_id,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "points": points,
        "length_m": round(length_m([(p[0], p[1]) for p in points])),
    }


@dataclass(frozen=True, slots=True)
class PatrolRow:
    """A walk as a supervisor sees it: who, when, how many cells; no path."""

    id: int
    worker: str
    started_at: datetime
    ended_at: datetime | None
    cells: int
    has_track: bool


def patrols(
    area_id: int | None, *, viewer: Viewer, now: datetime, days: int = 7, after: int = 0
) -> list[PatrolRow]:
    """Walks in the viewer's areas, the latest first, at most 100; `after` = the last id before."""
    need_role(viewer, *sorted(SEES_PATROLS))
    since = now - timedelta(days=max(1, min(days, 92)))
    rows = Patrol.objects.filter(started_at__gte=since).filter(seen_by(viewer)).order_by("-pk")
    if area_id is not None:
        rows = rows.filter(area_id__in=tree().subtree(area_id))
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.annotate(cells=Count("visits", distinct=True))[:100])
    parts = TrackPart.objects.filter(patrol__in=found)
    tracked = set(parts.values_list("patrol_id", flat=True).distinct())
    names = names_of(row.user_id for row in found)
    return [
        PatrolRow(
            id=row.pk,
            worker=names.get(row.user_id, ""),
            started_at=row.started_at,
            ended_at=row.ended_at,
            cells=row.cells,
            has_track=row.pk in tracked,
        )
        for row in found
    ]


def seen_by(viewer: Viewer) -> Q:
    """Filter for the walks of a viewer's areas."""
    held = [h.area_id for h in viewer.holdings if h.role in SEES_PATROLS]
    if viewer.is_system or None in held:
        return Q()
    areas = tree()
    return Q(area_id__in={i for area in held if area is not None for i in areas.subtree(area)})
