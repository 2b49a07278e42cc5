"""The operations centre over REST: this moment, the period, the live map, who is on duty."""

from __future__ import annotations

import gzip
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from cityloop.business.cases.domain import STATE_NAMES
from cityloop.hub.overview import centre_schemas as s
from cityloop.hub.overview.centre import centre
from cityloop.hub.overview.live_map import MOST_ASKED, cases_at, duty, live_map
from cityloop.hub.overview.period import period

router = Router(tags=["overview 总览"])
MaybeArea = Annotated[int | None, Query(ge=0, le=2**62)]
Id = Annotated[int, Query(ge=0, le=2**62)]
SMALL = 1_000


@router.get("/centre", response=s.CentreOut, summary="此刻 This moment of an area")
def read_centre(request: HttpRequest, area: MaybeArea = None) -> Any:
    found = centre(request.viewer, now=timezone.now(), area_id=area)
    states = [
        {"state": st.value, "zh": STATE_NAMES[st][0], "en": STATE_NAMES[st][1], "cases": n}
        for st, n in found.states
    ]
    plain = {name: getattr(found, name) for name in found.__slots__}
    box = found.bounds.as_tuple() if found.bounds else None
    return {**plain, "states": states, "bounds": box}


@router.get("/period", response=s.CentrePeriodOut, summary="一段时间 How it went over some days")
def read_period(
    request: HttpRequest, area: MaybeArea = None, days: int = Query(30, ge=1, le=92)
) -> Any:
    return period(request.viewer, now=timezone.now(), area_id=area, days=days)


@router.get("/map", response=s.LiveMapOut, summary="地图实况 Open cases for the map")
def read_map(request: HttpRequest, area: MaybeArea = None) -> Any:
    return _packed(request, live_map(request.viewer, now=timezone.now(), area_id=area))


@router.get("/map/cases", response=s.LiveMapOut, summary="地图案卷 Some cases for the map")
def read_cases(request: HttpRequest, ids: Annotated[list[Id], Query(max_length=MOST_ASKED)]) -> Any:
    return _packed(request, cases_at(request.viewer, ids, now=timezone.now()))


@router.get("/duty", response=s.CellDutyOut, summary="在岗情况 Cells answered for")
def read_duty(request: HttpRequest, area: MaybeArea = None) -> Any:
    return _packed(request, duty(request.viewer, now=timezone.now(), area_id=area))


def _packed(request: HttpRequest, found: Any) -> HttpResponse:
    """Encoded directly: validating 20,000 rows again would cost more than reading them."""
    body = msgspec.json.encode(found)
    answer = HttpResponse(body, content_type="application/json")
    if len(body) > SMALL and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(body, 5, mtime=0)
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding, Cookie"
    answer["Cache-Control"] = "no-store"
    return answer
