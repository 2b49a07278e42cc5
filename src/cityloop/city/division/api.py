"""Dividing a community on the map. Mounted at /places/division."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router

from cityloop.city.accounts.domain import Viewer
from cityloop.city.division import commands, queries
from cityloop.city.division import schemas as s
from cityloop.engines.partition import Window

router = Router(tags=["division 网格划分"])
PathId = Annotated[int, Path(ge=0, le=2**62)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/drafts", response=list[s.DivisionRow], summary="划分草案 Drafts")
def drafts(request: HttpRequest) -> Any:
    return queries.drafts(_viewer(request))


@router.post("/drafts", response=s.DivisionOut, summary="新建草案 Begin a draft")
def begin(request: HttpRequest, given: s.BeginIn) -> Any:
    draft, edited = commands.begin(
        given.community, window=Window(given.lo, given.hi), afresh=given.afresh, keep=given.keep,
        seed=given.seed, actor=_viewer(request), now=timezone.now(),
    )  # fmt: skip
    return queries.shown(draft, edited)


@router.get("/drafts/{draft_id}", response=s.DivisionOut, summary="草案 A draft")
def read(request: HttpRequest, draft_id: PathId) -> Any:
    return queries.shown(queries.get_draft(draft_id, _viewer(request)))


@router.get(
    "/drafts/{draft_id}/buildings", response=list[s.DivisionBuilding], summary="建筑 Its buildings"
)
def buildings(request: HttpRequest, draft_id: PathId) -> Any:
    return queries.buildings(queries.get_draft(draft_id, _viewer(request)))


@router.post("/drafts/{draft_id}/edit", response=s.DivisionOut, summary="调整 A step")
def edit(request: HttpRequest, draft_id: PathId, given: s.EditIn) -> Any:
    draft, edited = commands.edit(
        draft_id, given.act, given.dict(), actor=_viewer(request), now=timezone.now()
    )
    return queries.shown(draft, edited)


@router.post("/drafts/{draft_id}/publish", response=s.DivisionPublished, summary="发布 Publish")
def publish(request: HttpRequest, draft_id: PathId) -> Any:
    return commands.publish(draft_id, actor=_viewer(request), now=timezone.now())
