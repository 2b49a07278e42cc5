"""Cases that belong together, and cases nearby."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from cityloop.business.cases.models import Case
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.business.cases.queries import CaseFile, cases_of
from cityloop.business.cases.rules import in_words
from cityloop.city.accounts.domain import Viewer

NEAR_M, NEAR_DAYS, NEAR_MOST, SCANNED = 300.0, 30, 20, 400
DEGREE_M = 111_320.0  # metres a degree of latitude


def family_of(file: CaseFile) -> list[dict[str, Any]]:
    """Parent, children, siblings-to-be and merged cases, each with its relation."""
    case = file.case
    found = [_row("parent", case.parent)] if case.parent else []
    found += [_row("merged_into", case.merged_into)] if case.merged_into else []
    found += [_row("child", c) for c in file.children]
    return found + [_row("merged", c) for c in file.merged]


def _row(relation: str, case: Case) -> dict[str, Any]:
    names = ("number", "state", "title", "due_at", "alert", "lead_department_id", "received_at")
    return {"relation": relation, **{name: getattr(case, name) for name in names}}


def near_cases(viewer: Viewer, case: Case, *, now: datetime) -> list[dict[str, Any]]:
    """Other cases the viewer may know of within 300 m that are open or came within 30 days.

    Nearest first; those of the same class before all others. A case without a place has none.
    """
    if case.lon is None or case.lat is None:
        return []
    rows = cases_of(viewer).exclude(pk=case.pk).exclude(state="merged")
    rows = rows.filter(**_box(case.lon, case.lat))
    if case.community_id is not None:
        # Across a border there is another community: the parent's index serves both.
        rows = rows.filter(subdistrict_id=case.subdistrict_id)
    fresh = rows.filter(received_at__gte=now - timedelta(days=NEAR_DAYS))
    names = ("number", "state", "title", "lon", "lat", "received_at", "alert", "report_count")
    columns = (*names, "case_class__key", "case_class__name_zh", "case_class__name_en")
    found: dict[str, dict[str, Any]] = {}
    for part in (fresh.order_by("-received_at"), rows.filter(HAS_CLOCK).order_by("due_at")):
        for row in part.values(*columns)[:SCANNED]:
            found[row["number"]] = row
    return [in_words(viewer, row) for row in _nearest(case, found.values())]


def _box(lon: float, lat: float) -> dict[str, float]:
    high = NEAR_M / DEGREE_M
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return {
        "lon__gte": lon - wide,
        "lon__lte": lon + wide,
        "lat__gte": lat - high,
        "lat__lte": lat + high,
    }


def _nearest(case: Case, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    key = case.case_class.key if case.case_class else None
    near = []
    for row in rows:
        metres = _metres(case, row["lon"], row["lat"])
        if metres <= NEAR_M:
            same = key is not None and row["case_class__key"] == key
            near.append({**row, "metres": round(metres), "same_class": same})
    near.sort(key=lambda r: (not r["same_class"], r["metres"], r["number"]))
    return near[:NEAR_MOST]


def _metres(case: Case, lon: float, lat: float) -> float:
    x = (lon - (case.lon or 0.0)) * math.cos(math.radians(lat))
    return math.hypot(x, lat - (case.lat or 0.0)) * DEGREE_M
