"""A day in the field in one answer: what the app needs to work without network."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import shapely

from cityloop.business.cases.field import field_cases
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.patrol.domain import is_due
from cityloop.business.patrol.models import Consent, Delivery, Patrol, TrackOpening, Visit
from cityloop.business.patrol.queries.coverage import last_days, local_midnight
from cityloop.business.patrol.queries.figures import own_figures
from cityloop.business.patrol.queries.plans import plans_for
from cityloop.business.patrol.queries.sharing import own_order
from cityloop.business.patrol.rules import need_worker
from cityloop.business.patrol.settings import patrol_settings
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import names_of
from cityloop.city.places.queries import OwnGrid, grids_of_worker, shapes, shifts_of, tree
from cityloop.city.profile import load_profile

MOST_WORDS = 24
SIMPLIFY_DEG = 0.00001  # a metre: outlines for a hand-held screen


def today(viewer: Viewer, *, now: datetime) -> dict[str, Any]:
    """Shift, tasks, patrol, cells, classes with their words, consent, own figures."""
    user_id = need_worker(viewer)
    grids = grids_of_worker(user_id)
    cells = list(dict.fromkeys(c for grid in grids for c in grid.cells))
    spans = shifts_of(user_id, now, now + timedelta(days=7))
    current = next((s for s in spans if s.holds(now)), None)
    following = next((s for s in spans if s.starts_at > now), None)
    tasks = field_cases(viewer)
    ends = current.ends_at if current else None
    return {
        "now": now,
        "user_id": user_id,
        "name": viewer.name,
        "shift": current and asdict(current),
        "next_shift": following and asdict(following),
        "grids": [{"code": g.code, "name": g.name, "cells": len(g.cells)} for g in grids],
        "cells": _outlines(grids, cells),
        "tasks": [asdict(case) for case in tasks],
        "order": own_order(cells, tasks, now=now, shift_ends=ends),
        "plans": _plans(cells, now),
        "patrol": _patrol(user_id, now),
        "consent": _consent(user_id),
        "openings": _openings(user_id, now),
        "done": _done_today(user_id, now),
        "figures": _figures(user_id, now),
        "classes": _classes(),
    }


def _figures(user_id: int, now: datetime) -> dict[str, Any]:
    found = own_figures(user_id, now=now)
    return {
        "since": found.since,
        "until": found.until,
        "counts": found.counts,
        "rates": [{**asdict(rate), "value": rate.value} for rate in found.rates],
    }


def _outlines(grids: list[OwnGrid], cells: list[int]) -> list[dict[str, Any]]:
    areas, drawn = tree(), shapes()
    found = []
    for cell in cells:
        area, shape = areas.find(cell), drawn.find(cell)
        if area is None or not area.current:
            continue
        outline = None
        if shape is not None:
            outline = json.loads(shapely.to_geojson(shapely.simplify(shape, SIMPLIFY_DEG)))
        up = areas.find(area.parent_id)
        found.append(
            {
                "id": cell,
                "code": area.code,
                "name_zh": area.name_zh,
                "name_en": area.name_en,
                "community_zh": up.name_zh if up else "",
                "community_en": up.name_en if up else "",
                "grid": next(g.code for g in grids if cell in g.cells),
                "outline": outline,
            }
        )
    return found


def _plans(cells: list[int], now: datetime) -> list[dict[str, Any]]:
    midnight = local_midnight(now)
    found = []
    for plan, ids in plans_for(cells):
        last = last_days(ids, midnight.date())
        found.append(
            {
                "code": plan.code,
                "name_zh": plan.name_zh,
                "name_en": plan.name_en,
                "every_days": plan.every_days,
                "checklist": plan.checklist,
                "cells": [
                    {
                        "cell_id": cell,
                        "last_on": (on := last.get(cell)),
                        "due": is_due(
                            on and datetime.combine(on, midnight.timetz()),
                            plan.every_days,
                            midnight,
                        ),
                    }
                    for cell in ids
                ],
            }
        )
    return found


def _patrol(user_id: int, now: datetime) -> dict[str, Any] | None:
    """The open walk, else the last one of today."""
    rows = Patrol.objects.filter(user_id=user_id).select_related("plan").order_by("-started_at")
    row = rows.filter(ended_at=None, until__gt=now).first()
    row = row or rows.filter(started_at__gte=local_midnight(now)).first()
    if row is None:
        return None
    visits = Visit.objects.filter(patrol=row).order_by("at", "pk")
    return {
        "client_id": row.client_id,
        "plan": row.plan.code if row.plan else "",
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "until": row.until,
        "visits": list(visits.values("cell_id", "by", "at", "answers")),
    }


def _consent(user_id: int) -> dict[str, Any]:
    keep = patrol_settings()
    given = Consent.objects.filter(user_id=user_id, withdrawn_at=None).first()
    holds = given is not None and given.version == keep.consent_version
    return {
        "given": holds,
        "given_at": given.given_at if given and holds else None,
        "version": keep.consent_version,
        "zh": keep.consent_zh,
        "en": keep.consent_en,
        "days": keep.track.days,
    }


def _openings(user_id: int, now: datetime) -> list[dict[str, Any]]:
    rows = list(
        TrackOpening.objects.filter(worker_id=user_id, opened_at__gte=now - timedelta(days=90))
        .order_by("-opened_at")[:20]
        .values("opened_by", "opened_at", "purpose")
    )
    names = names_of(row["opened_by"] for row in rows)
    return [
        {"by": names.get(r["opened_by"], ""), "at": r["opened_at"], "purpose": r["purpose"]}
        for r in rows
    ]


def _done_today(user_id: int, now: datetime) -> dict[str, int]:
    rows = Delivery.objects.filter(user_id=user_id, at__gte=local_midnight(now))
    kinds = list(rows.filter(kind__in=["report", "move"]).values_list("kind", flat=True))
    return {"reports": kinds.count("report"), "moves": kinds.count("move")}


def _classes() -> list[dict[str, Any]]:
    """Classes with the words by which a device without network suggests one."""
    spoken = _spoken()
    found = []
    for cls in catalogue().classes.values():
        usual = next((c for c in cls.conditions if c.is_default), None)
        usual = usual or (cls.conditions[0] if cls.conditions else None)
        words = [cls.name_zh, cls.name_en, *cls.aliases, *spoken.get(cls.key, ())]
        found.append(
            {
                "key": cls.key,
                "kind": cls.kind,
                "group_zh": cls.big_zh,
                "group_en": cls.big_en,
                "name_zh": cls.name_zh,
                "name_en": cls.name_en,
                "words": [w for w in dict.fromkeys(words) if w][:MOST_WORDS],
                "condition_id": usual.id if usual else None,
            }
        )
    return sorted(found, key=lambda row: row["key"])


def _spoken() -> dict[str, list[str]]:
    """Other names of the profile, in both languages."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in load_profile().rows("classes.csv"):
        key = f"{row['kind'][0].upper()}{row['code']}"
        found[key] += [*row["aliases_zh"].split("|"), *row["aliases_en"].split("|")]
    return found
