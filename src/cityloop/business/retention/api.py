"""/retention: how long what is kept, what is due, what went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from ninja.responses import Status

from cityloop.business.retention import commands, queries
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.gate import need_confirmed

router = Router(tags=["留存 retention"])
Key = Annotated[str, Path(max_length=24, pattern=r"^[a-z_]+$")]
Days = Annotated[int, Query(ge=1, le=40_000)]


class RetentionRuleOut(Schema):
    """A kind of data and the days it is kept; least and most are what may be chosen."""

    key: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    days: int
    least: int
    most: int
    active: bool
    changed_at: datetime | None
    changed_by: int | None


class RetentionRuleIn(Schema):
    days: Annotated[int, Query(ge=1, le=40_000)]
    active: bool = True


class RetentionDueOut(Schema):
    """How many would go, and what lies before which moment."""

    due: int
    days: int


class RetentionRunOut(Schema):
    id: int
    key: str
    before: datetime
    erased: int
    at: datetime


@router.get("", response=list[RetentionRuleOut], summary="Times in force 留存规则")
def rules(request: HttpRequest) -> list[dict[str, Any]]:
    return [_shown(kept) for kept in queries.rules(viewer=_viewer(request))]


@router.get("/runs", response=list[RetentionRunOut], summary="Runs 执行记录")
def runs(request: HttpRequest) -> list[Any]:
    return queries.runs(viewer=_viewer(request))


@router.get("/{key}/due", response=RetentionDueOut, summary="What would go 试算")
def due(request: HttpRequest, key: Key, days: Days) -> dict[str, int]:
    """Counted, nothing erased."""
    found = queries.due(key, days, viewer=_viewer(request), now=timezone.now())
    return {"due": found, "days": days}


@router.put("/{key}", response={204: None}, summary="Set a time 设置留存天数")
def set_rule(request: HttpRequest, key: Key, given: RetentionRuleIn) -> Status[None]:
    actor = _viewer(request)
    need_confirmed(request)
    commands.set_rule(key, **given.dict(), actor=actor, now=timezone.now())
    return Status(204, None)


def _shown(kept: queries.Kept) -> dict[str, Any]:
    names = ("key", "zh", "en", "why_zh", "why_en")
    return {name: getattr(kept.kind, name) for name in names} | {
        "days": kept.days,
        "least": kept.bounds.least,
        "most": kept.bounds.most,
        "active": kept.active,
        "changed_at": kept.changed_at,
        "changed_by": kept.changed_by,
    }


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]
