"""Plans, coverage and walks, for those who plan them. Mounted at /patrol."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.responses import Status

from cityloop.business.patrol import commands
from cityloop.business.patrol.api import schemas as s
from cityloop.business.patrol.queries.coverage import MOST_DAYS, coverage
from cityloop.business.patrol.queries.plans import all_plans
from cityloop.business.patrol.queries.sharing import sharing
from cityloop.business.patrol.queries.tracks import patrols
from cityloop.city.accounts.domain import Viewer
from cityloop.city.refusals import Problem

router = Router(tags=["patrol 巡查"])
Errors = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
AreaId = Annotated[int, Query(ge=0, le=2**62)]
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
PathCode = Annotated[s.Code, Path()]
PathId = Annotated[int, Path(ge=0, le=2**62)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/plans", response={200: list[s.PatrolPlanOut], **Errors}, summary="巡查计划 Plans")
def list_plans(request: HttpRequest) -> Any:
    return all_plans(viewer=_viewer(request))


@router.put("/plans/{code}", response={204: None, **Errors}, summary="维护巡查计划 Set a plan")
def put_plan(request: HttpRequest, code: PathCode, given: s.PatrolPlanIn) -> Status[None]:
    commands.set_plan(code, **given.dict(), actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.delete("/plans/{code}", response={204: None, **Errors}, summary="停用巡查计划 End a plan")
def delete_plan(request: HttpRequest, code: PathCode) -> Status[None]:
    commands.end_plan(code, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.get(
    "/coverage", response={200: s.PatrolCoverage, **Errors}, summary="巡查覆盖 Cells covered"
)
def read_coverage(request: HttpRequest, area: AreaId | None = None, days: Days = 7) -> Any:
    return coverage(area, days=days, viewer=_viewer(request), now=timezone.now())


@router.get(
    "/sharing", response={200: s.SharingOut, **Errors}, summary="现场任务分派建议 Who looks at what"
)
def read_sharing(request: HttpRequest, area: AreaId | None = None) -> Any:
    """A proposal with its reasons; a person decides."""
    return sharing(_viewer(request), area_id=area, now=timezone.now())


@router.get("/walks", response={200: list[s.PatrolWalk], **Errors}, summary="巡查记录 Patrols")
def list_walks(
    request: HttpRequest,
    area: AreaId | None = None,
    days: Days = 7,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Any:
    return patrols(area, viewer=_viewer(request), now=timezone.now(), days=days, after=after)


@router.post(
    "/walks/{patrol_id}/track",
    response={200: s.TrackOut, **Errors},
    summary="查看轨迹（填写用途，留痕） Open a track, on record",
)
def open_track(request: HttpRequest, patrol_id: PathId, given: s.TrackPurposeIn) -> Any:
    return commands.open_track(
        patrol_id, purpose=given.purpose, actor=_viewer(request), now=timezone.now()
    )
