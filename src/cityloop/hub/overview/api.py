"""The overview over REST."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from cityloop.hub.overview.centre_api import router as centre
from cityloop.hub.overview.queries import overview_json

router = Router(tags=["overview 总览"])
router.add_router("", centre)


@router.get("", response=dict[str, Any], summary="总览 Overview of an area")
def read(
    request: HttpRequest,
    area: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    days: int = Query(30, ge=1, le=366),
) -> Any:
    body = overview_json(request.viewer, now=timezone.now(), area_id=area, days=days)
    return HttpResponse(body, content_type="application/json; charset=utf-8")
