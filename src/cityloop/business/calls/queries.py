"""What can be told from a caller's words while they are written down. Nothing is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from cityloop.ai.triage.queries import classify, matters, urgency
from cityloop.business.calls.domain import LEAST, NEAR_M, likeness, parts_by_words
from cityloop.business.calls.rules import need_taker
from cityloop.business.cases.domain import FINAL_STATES, STATE_NAMES, State
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue.queries import ClassInfo, catalogue, get_condition
from cityloop.business.dispatch.queries import CaseFacts, route
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.gazetteer.queries import Found, PlaceReading, read_place
from cityloop.city.places.domain import AreaPath, Level
from cityloop.city.places.queries import place_points, tree
from cityloop.engines.deadlines import format_limit
from cityloop.kernel.geo import distance_m

CLASSES, OFFERED, ALIKE = 3, 3, 4
WORTH_READING, WORTH_ASKING = 0.05, 0.3
DAYS, SCANNED = 60, 300
DEGREE_M = 111_320.0
EXACT_M = 120.0  # a circle that holds a house, a gate, a crossing
_FIELDS = (
    "number", "title", "state", "case_class__key", "case_class__name_zh", "case_class__name_en",
    "lon", "lat", "received_at", "report_count", "lead_department_id", "due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a matter is, as far as it is known. point: lon, lat, where that says more than an area:
    the middle of a community is no place that another matter could be beside."""

    path: AreaPath
    point: tuple[float, float] | None
    shown: dict[str, Any] | None
    offered: list[dict[str, Any]]


def hear(
    viewer: Viewer,
    *,
    text: str,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    crs: str = "wgs84",
    class_key: str = "",
    now: datetime,
) -> dict[str, Any]:
    """Of one matter: its parts, class, urgency, place, who would handle it, what it may repeat.

    Raises: NotAllowed("call.not_yours"), DomainError of the point ("place.swapped", ...).
    """
    need_taker(viewer)
    said = classify([""], [text])[0] if text.strip() else None
    known = catalogue().classes
    top = [(known[key], chance) for key, chance in (said.top if said else ()) if key in known]
    sure = bool(said and said.accepted)
    chosen = known.get(class_key) or (top[0][0] if top and sure else None)
    level = urgency("", text, class_key=chosen.key if chosen else "")
    where = _spot(viewer, text, address, lon, lat, crs)
    likely = chosen or (top[0][0] if top else None)
    return {
        "parts": parts_of(text),
        "classes": _choices(top),
        "sure": sure,
        "urgency": {"level": level.level, "words": list(level.words)},
        "place": where.shown,
        "offered": where.offered,
        "handling": _handling(chosen, where, text, level.level, now) if chosen else None,
        "alike": _alike(viewer, text, likely.key if likely else "", where, now),
    }


def parts_of(text: str) -> list[str]:
    """The text cut into its matters, nothing left out; [] = one matter.

    Where the caller says so ("another thing"), else where the model is sure of two classes.
    """
    if said := parts_by_words(text):
        return said
    found: dict[str, list[str]] = {}
    for part in matters("", text):
        found.setdefault(part.label, []).append(text[part.start : part.end].strip())
    return ["\n".join(parts) for parts in found.values()] if len(found) > 1 else []


def _choices(top: list[tuple[ClassInfo, float]]) -> list[dict[str, Any]]:
    """What a person may choose from; the unlikely would only take time to read."""
    worth = [(one, chance) for one, chance in top if chance >= WORTH_READING]
    return [
        {"key": one.key, "zh": one.name_zh, "en": one.name_en, "probability": round(chance, 4)}
        for one, chance in worth[:CLASSES]
    ]


# --- where ----------------------------------------------------------------------------------------
def _spot(
    viewer: Viewer, text: str, address: str, lon: float | None, lat: float | None, crs: str
) -> _Spot:
    areas = tree()
    if lon is not None and lat is not None:
        at = place_points([(lon, lat)], crs, viewer=viewer)[0]
        if at.error is not None:
            raise at.error
        area = at.cell_id or 0
        point = (float(at.lon or lon), float(at.lat or lat))
        return _Spot(areas.path(area), point, _place("", area, at.lon, at.lat), [])
    read = read_place(address, text[:600], candidates=OFFERED)
    if read.sure and read.area_id is not None:
        shown = _place(read.name, read.area_id, read.lon, read.lat)
        return _Spot(areas.path(read.area_id), _exact(read), shown, [])
    return _Spot(areas.fallback, None, None, _offers(read))


def _exact(read: PlaceReading) -> tuple[float, float] | None:
    if read.lon is None or read.lat is None or (read.radius_m or math.inf) > EXACT_M:
        return None
    return read.lon, read.lat


def _place(name: str, area_id: int, lon: float | None, lat: float | None) -> dict[str, Any]:
    chain = [a for a in tree().chain(area_id) if a.level in {Level.SUBDISTRICT, Level.COMMUNITY}]
    if any(name == a.name_zh for a in chain):  # the area itself was named: said once
        name = ""
    return {
        "sure": True,
        "name_zh": name,
        "name_en": name,
        "area_zh": "".join(a.name_zh for a in chain),
        "area_en": ", ".join(a.name("en") for a in reversed(chain)),
        "lon": lon,
        "lat": lat,
    }


def _offers(read: PlaceReading) -> list[dict[str, Any]]:
    """Places to ask the caller about; a name that only shares a word with many is no question."""
    return [_offer(one) for one in read.candidates if one.confidence >= WORTH_ASKING]


def _offer(one: Found) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in
             ("name_zh", "name_en", "area_zh", "area_en", "lon", "lat")}  # fmt: skip
    return {"sure": False, **shown}


# --- who and by when ------------------------------------------------------------------------------
def _handling(
    chosen: ClassInfo, where: _Spot, text: str, level: str, now: datetime
) -> dict[str, Any] | None:
    condition = chosen.usual_condition
    if condition is None:
        return None
    facts = CaseFacts(
        chosen.key, condition, where.path, "hotline", now, level, "", text
    )  # fmt: skip
    lead = route([facts], now=now)[0].lead_id
    limit = get_condition(condition)[0].limit
    return {
        **department_names(lead),
        "limit_zh": format_limit(limit),
        "limit_en": format_limit(limit, "en"),
    }


def department_names(department_id: int | None) -> dict[str, str]:
    """Both names of a department; "" where nobody is."""
    row = next((d for d in departments_by_key().values() if d.pk == department_id), None)
    return {
        "department_zh": row.name_zh if row else "",
        "department_en": (row.name_en or row.name_zh) if row else "",
    }


# --- what it may repeat ---------------------------------------------------------------------------
def _alike(
    viewer: Viewer, text: str, class_key: str, where: _Spot, now: datetime
) -> list[dict[str, Any]]:
    if where.path.community_id is None or not text.strip():
        return []
    rows = cases_of(viewer).filter(received_at__gte=now - timedelta(days=DAYS))
    rows = rows.exclude(state__in=[s.value for s in FINAL_STATES])
    here = Q(community_id=where.path.community_id)
    if where.point:  # across a border there is another community; and some have no point
        here = Q(subdistrict_id=where.path.subdistrict_id, **_box(*where.point)) | (
            here & Q(lon__isnull=True)
        )
    rows = rows.filter(here)
    found = []
    for row in rows.order_by("-received_at").values(*_FIELDS)[:SCANNED]:
        same = bool(class_key) and row["case_class__key"] == class_key
        metres = _metres(where, row)
        if metres is not None and metres > NEAR_M:
            continue
        like = likeness(text, row["title"], same_class=same, metres=metres)
        if like.score >= LEAST * (0.6 if metres is None else 1.0):
            found.append((like.score, row, metres, like))
    found.sort(key=lambda one: (-one[0], -one[1]["received_at"].timestamp()))
    return [_shown(row, metres, like, now) for _, row, metres, like in found[:ALIKE]]


def _box(lon: float, lat: float) -> dict[str, tuple[float, float]]:
    high = NEAR_M / DEGREE_M
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return {"lon__range": (lon - wide, lon + wide), "lat__range": (lat - high, lat + high)}


def _metres(where: _Spot, row: dict[str, Any]) -> float | None:
    if where.point is None or row["lon"] is None:
        return None
    return float(distance_m(*where.point, row["lon"], row["lat"]))


def _shown(row: dict[str, Any], metres: float | None, like: Any, now: datetime) -> dict[str, Any]:
    zh, en = STATE_NAMES[State(row["state"])]
    return {
        **{name: row[name] for name in ("number", "title", "state", "received_at", "due_at")},
        "state_zh": zh,
        "state_en": en,
        "class_zh": row["case_class__name_zh"] or "",
        "class_en": row["case_class__name_en"] or row["case_class__name_zh"] or "",
        "metres": None if metres is None else round(metres),
        "words": list(like.words),
        "likely": like.likely,
        "reports": row["report_count"],
        **department_names(row["lead_department_id"]),
        "late": row["due_at"] is not None and row["due_at"] < now,
    }
