"""Usage figures over REST."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from cityloop.hub.usage import queries, schemas
from cityloop.hub.usage.waiting import MOST, unanswered

router = Router(tags=["usage 使用情况"])
Days = Annotated[int, Query(ge=1, le=queries.MOST_DAYS)]


@router.get("", response=schemas.UsageOut, summary="使用情况 Who uses what")
def usage(request: HttpRequest, days: Days = 30) -> Any:
    """Counts of people, never names; groups below the minimum are kept back."""
    return queries.usage(request.viewer, now=timezone.now(), days=days)  # type: ignore[attr-defined]


@router.get("/mine", response=schemas.UsageOwn, summary="我的使用记录 My own history")
def mine(request: HttpRequest) -> Any:
    """What the platform has counted of me; nobody else can ask for it."""
    return queries.own_history(request.viewer, now=timezone.now())  # type: ignore[attr-defined]


@router.get("/unanswered", response=schemas.UnansweredOut, summary="无人答复 Unanswered")
def waiting(
    request: HttpRequest,
    hours: Annotated[float, Query(gt=0, le=24 * 366)] = 24,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Any:
    """Cases that stand in a waiting stage without a move, oldest first."""
    return unanswered(request.viewer, now=timezone.now(), hours=hours, limit=limit)  # type: ignore[attr-defined]
