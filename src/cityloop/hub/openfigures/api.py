"""Open figures over REST: nobody needs to log in."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.business.cases.api.schemas import Crs, Problem
from cityloop.city.accounts.entry import source_of
from cityloop.city.limits.commands import count_visit
from cityloop.hub.openfigures import queries, schemas
from cityloop.kernel.errors import NotFound

router = Router(tags=["public 公开"])
Errors = {400: Problem, 404: Problem, 429: Problem}
Degrees = Annotated[float, Query(ge=-180, le=180)]


@router.get("/site", response={200: schemas.PublicSiteOut, **Errors}, summary="本市信息 The city")
def site(request: HttpRequest, response: HttpResponse) -> Any:
    """Hotline, promised times, limits of a report."""
    _keep(response, 300)
    return queries.site()


@router.get(
    "/figures", response={200: schemas.PublicFiguresOut, **Errors}, summary="公开数据 Figures"
)
def figures(request: HttpRequest, response: HttpResponse) -> Any:
    """The last 30 whole days; groups below the minimum are merged."""
    _keep(response, 300)
    return queries.figures(now=timezone.now())


@router.get(
    "/outlines", response={200: schemas.PublicOutlinesOut, **Errors}, summary="社区边界 Outlines"
)
def outlines(request: HttpRequest, response: HttpResponse) -> Any:
    _keep(response, 3600)
    return queries.outlines()


@router.get("/near", response={200: schemas.PublicNearOut, **Errors}, summary="身边事 Near me")
def near(
    request: HttpRequest,
    lon: Degrees,
    lat: Degrees,
    crs: Crs = "wgs84",
    radius_m: Annotated[int, Query(ge=100, le=2000)] = 500,
) -> Any:
    """Filed matters of 30 days around a point: class, stage, day, place to 50 m. No person."""
    return queries.nearby(lon, lat, crs=crs, radius_m=radius_m, now=timezone.now())


@router.get(
    "/where", response={200: schemas.PublicWhereOut, **Errors}, summary="所在社区 Where is this"
)
def where(request: HttpRequest, lon: Degrees, lat: Degrees, crs: Crs = "wgs84") -> Any:
    return queries.where(lon, lat, crs=crs)


@router.get(
    "/place", response={200: schemas.PublicNamedPlaceOut, **Errors}, summary="查地点 A place"
)
def place(request: HttpRequest, text: Annotated[str, Query(min_length=1, max_length=300)]) -> Any:
    """The one place that these words name."""
    found = queries.place_named(text)
    if found is None:
        raise NotFound(
            "place.not_named",
            "No place of the city's list is named here. Try a street, an estate or a school "
            "nearby, or choose the place on the map.",
            "没有找到这个地点，请换附近的路名、小区名或学校名，或在地图上选。",
            where="text",
        )
    return found


@router.get(
    "/state/{number}", response={200: schemas.PublicStateOut, **Errors}, summary="查状态 State"
)
def state(request: HttpRequest, number: Annotated[str, Path(max_length=40)]) -> Any:
    """By number alone: the stage, nothing of what was reported. The link shows the whole."""
    count_visit("numbers", source_of(request), now=timezone.now())
    return queries.public_state(number, now=timezone.now())


def _keep(response: HttpResponse, seconds: int) -> None:
    response["Cache-Control"] = f"public, max-age={seconds}"
