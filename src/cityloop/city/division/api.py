"""Dividing a community on the map. Mounted at /places/division."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.city.accounts.domain import Viewer
from cityloop.city.division import assigning, commands, queries, workload
from cityloop.city.division import schemas as s
from cityloop.city.division.readiness import make_ready, wait_until_ready
from cityloop.city.places.schemas import Code
from cityloop.engines.partition import Work

router = Router(tags=["division 网格划分"])
PathId = Annotated[int, Path(ge=0, le=2**62)]
PathCode = Annotated[Code, Path()]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/drafts", response=list[s.DivisionRow], summary="划分草案 Drafts")
def drafts(request: HttpRequest) -> Any:
    found = queries.drafts(_viewer(request))
    make_ready()  # whoever looks at drafts will divide
    return found


@router.get("/choices", response=s.DivisionChoices, summary="专题与规模指标 Themes and weights")
def choices(request: HttpRequest) -> Any:
    return queries.choices(_viewer(request))


@router.post("/drafts", response=s.DivisionOut, summary="新建草案 Begin a draft")
def begin(request: HttpRequest, given: s.BeginIn) -> Any:
    wait_until_ready()
    draft, edited = commands.begin(
        given.community, window=queries.asked_window(given.theme, given.weight, given.lo, given.hi),
        theme=given.theme, afresh=given.afresh, keep=given.keep, seed=given.seed,
        actor=_viewer(request), now=timezone.now(),
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
    wait_until_ready()
    draft, edited = commands.edit(
        draft_id, given.act, given.dict(), actor=_viewer(request), now=timezone.now()
    )
    return queries.shown(draft, edited)


@router.post("/drafts/{draft_id}/publish", response=s.DivisionPublished, summary="发布 Publish")
def publish(request: HttpRequest, draft_id: PathId) -> Any:
    return commands.publish(draft_id, actor=_viewer(request), now=timezone.now())


@router.get(
    "/shares/{community}", response=s.SharesOut, summary="按工作量分网格 Cells shared out by work"
)
def shares(
    request: HttpRequest, community: PathCode, asked: Annotated[s.SharesAsk, Query()]
) -> Any:
    """A proposal; nothing is written. Minutes a day: visits, expected cases, the walk."""
    wait_until_ready()
    work = Work(asked.per_household, asked.per_case, asked.rounds)
    return workload.proposal(
        community, asked.workers, work=work, viewer=_viewer(request), now=timezone.now()
    )


@router.put("/shares/{community}", response=s.SharesDone, summary="启用分工 Put shares in force")
def share_cells(request: HttpRequest, community: PathCode, given: s.SharesIn) -> Any:
    """The duty grids of the community are these and no others."""
    return assigning.share_cells(
        community,
        [assigning.Share(g.code, g.name, tuple(g.cells), g.user_id) for g in given.shares],
        actor=_viewer(request), now=timezone.now(),
    )  # fmt: skip
