"""What happened near somebody, and where somebody is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from cityloop.business.cases.domain import State
from cityloop.business.cases.following import STEP_OF
from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import PUBLIC, SYSTEM
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.queries import find_place, place_points, tree
from cityloop.hub.federation.domain.public_place import is_hidden, rough_place
from cityloop.hub.federation.domain.public_text import public_text
from cityloop.hub.openfigures.domain import stage_of
from cityloop.hub.openfigures.queries.profile import public_profile
from cityloop.kernel.geo import distance_m

DAYS = 30
MOST = 60
MARGIN_DEG = 0.0006  # rough places may lie some 35 m from the true ones
METRES_PER_DEGREE = 111_320.0
FIELDS = ("state", "title", "lon", "lat", "received_at", "case_class__key",
          "case_class__name_zh", "case_class__name_en")  # fmt: skip


def nearby(
    lon: float, lat: float, *, crs: str = "wgs84", radius_m: int = 500, now: datetime
) -> dict[str, Any]:
    """Filed matters of the last thirty days around a point, the nearest first.

    No number, no address, no day's hour, no person; the place to 50 m. Matters about somebody's
    home are left out, and so are confidential ones.
    Raises: DomainError of the point ("place.swapped", "place.out_of_range", "place.outside").
    """
    at = place_points([(lon, lat)], crs, viewer=PUBLIC)[0]
    if at.error is not None:
        raise at.error
    x, y = float(at.lon or 0), float(at.lat or 0)
    profile = public_profile()
    rows = [
        _matter(row, profile.near)
        for row in _filed_around(x, y, radius_m, now)
        if stage_of(STEP_OF[State(row["state"])])
        and not is_hidden(row["case_class__key"] or "", profile.near_hides)
    ]
    if rows:
        metres = distance_m(x, y, [r["lon"] for r in rows], [r["lat"] for r in rows])
        for row, m in zip(rows, np.atleast_1d(metres), strict=True):
            row["distance_m"] = int(round(float(m) / 50) * 50)
    found = sorted(
        (r for r in rows if r["distance_m"] <= radius_m),
        key=lambda r: (r["distance_m"], -r["day"].toordinal()),
    )
    return {
        "place": _place(at.cell_id),
        "lon": x,
        "lat": y,
        "radius_m": radius_m,
        "days": DAYS,
        "matters": found[:MOST],
        "more": len(found) > MOST,
    }


def _filed_around(x: float, y: float, radius_m: int, now: datetime) -> Any:
    dy = radius_m / METRES_PER_DEGREE + MARGIN_DEG
    dx = radius_m / (METRES_PER_DEGREE * float(np.cos(np.radians(y)))) + MARGIN_DEG
    return (
        cases_of(SYSTEM)
        .filter(
            received_at__gte=now - timedelta(days=DAYS),
            filed_at__isnull=False,
            confidential=False,
            lon__range=(x - dx, x + dx),
            lat__range=(y - dy, y + dy),
        )
        .order_by("-received_at")
        .values(*FIELDS)[:2000]
    )


def _matter(row: dict[str, Any], near: str) -> dict[str, Any]:
    lon, lat = rough_place(row["lon"], row["lat"])
    zone = ZoneInfo(settings.TIME_ZONE)
    return {
        "zh": row["case_class__name_zh"],
        "en": row["case_class__name_en"] or row["case_class__name_zh"],
        "words": public_text(row["title"])[:80] if near == "title" else None,
        "stage": stage_of(STEP_OF[State(row["state"])]),
        "day": row["received_at"].astimezone(zone).date(),
        "lon": lon,
        "lat": lat,
    }


def where(lon: float, lat: float, *, crs: str = "wgs84") -> dict[str, Any]:
    """The community a point lies in. Raises: DomainError of the point ("place.outside", ...)."""
    at = place_points([(lon, lat)], crs, viewer=PUBLIC)[0]
    if at.error is not None:
        raise at.error
    return {"lon": at.lon, "lat": at.lat, **_place(at.cell_id)}


def place_named(text: str) -> dict[str, Any] | None:
    """The place that these words name; None where none is known or several may be meant."""
    found = find_place(text)
    if found is None:
        return None
    return {
        "name": found.name,
        "lon": found.lon,
        "lat": found.lat,
        "confidence": round(found.confidence, 2),
        **_place(found.area_id),
    }


def _place(area_id: int | None) -> dict[str, str | None]:
    chain = tree().chain(area_id) if area_id is not None else []
    shown: dict[str, str | None] = {}
    for level in (Level.COMMUNITY, Level.SUBDISTRICT):
        area: AreaInfo | None = next((a for a in chain if a.level is level), None)
        shown[f"{level.value}_zh"] = area.name_zh if area else None
        shown[f"{level.value}_en"] = (area.name_en or area.name_zh) if area else None
    return shown
