"""Address and place search. Mounted at /places; nobody needs to log in for what is public."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from cityloop.city.accounts.domain import PUBLIC, Role, Viewer
from cityloop.city.accounts.entry import source_of
from cityloop.city.accounts.rules import need_scope
from cityloop.city.gazetteer import queries, schemas
from cityloop.city.limits.commands import count_visit
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level
from cityloop.engines.addresses import SURE_ENOUGH
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import check_lonlat, distance_m, to_wgs84

router = Router(tags=["places 区域与网格"])
Degrees = Annotated[float, Query(ge=-180, le=180)]


@router.get("/search", response=schemas.FoundPlacesOut, summary="Find a place 查地址")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 8,
    near: Annotated[str, Query(max_length=60, description="lon,lat (WGS84): tells how far")] = "",
) -> dict[str, Any]:
    """Addresses and names as they are typed: beginnings, pinyin, initials, mistakes."""
    public = _is_public(request, "places")
    here = _point(near) if near else None
    found = queries.search(q, most=limit, public=public)
    sure = bool(found) and found[0].confidence >= SURE_ENOUGH
    return {"sure": sure, "items": [_shown(one, here) for one in found]}


@router.get("/reverse", response=schemas.ReversedPlaceOut, summary="Point to address 坐标查地址")
def reverse(
    request: HttpRequest, lon: Degrees, lat: Degrees, crs: Annotated[str, Query()] = "wgs84"
) -> dict[str, Any]:
    """Cell, community, nearest address, place and street of a point, with distances."""
    public = _is_public(request, "places")
    check_lonlat(lon, lat, bounds=places.bounds(), where="lon,lat")
    x, y = to_wgs84(lon, lat, crs)
    found = queries.reverse(x, y, public=public)
    tree = places.tree()
    cell = tree.find(found.cell_id)
    community = tree.find(found.path.community_id) if found.path else None
    return {
        "lon": found.lon,
        "lat": found.lat,
        "cell_code": cell.code if cell and not public else None,
        "community_zh": community.name_zh if community else None,
        "community_en": community.name("en") if community else None,
        "address_zh": found.address_zh,
        "address_en": found.address_en,
        "house": asdict(found.house) if found.house else None,
        "place": asdict(found.place) if found.place else None,
        "street": asdict(found.street) if found.street else None,
    }


def _is_public(request: HttpRequest, door: str) -> bool:
    """Whether only what is public may be found; strangers are counted."""
    viewer: Viewer = getattr(request, "viewer", PUBLIC)
    if viewer.kind == "public":
        count_visit(door, source_of(request), now=timezone.now())
        return True
    need_scope(viewer, "places:read")
    return viewer.kind == "person" and {h.role for h in viewer.holdings} <= {Role.CITIZEN}


def _shown(one: queries.Found, here: tuple[float, float] | None) -> dict[str, Any]:
    area = places.tree().find(one.area_id)
    while area is not None and area.level is Level.CELL:  # a community is what people know
        area = places.tree().find(area.parent_id)
    metres = None
    if here is not None and one.lon is not None and one.lat is not None:
        metres = round(distance_m(*here, one.lon, one.lat))
    return {**asdict(one), "area_code": area.code if area else None, "metres": metres}


def _point(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise DomainError(
            "place.bad_point",
            f"near {text!r:.60} is not lon,lat in degrees.",
            f"near {text!r:.60} 应为 经度,纬度（度）。",
            where="near",
        ) from None
    check_lonlat(lon, lat, where="near")
    return lon, lat
