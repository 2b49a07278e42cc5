"""Hot issues over REST. Mounted at /issues."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.business.issues import commands, queries
from cityloop.business.issues import schemas as s
from cityloop.city.accounts.domain import Viewer

router = Router(tags=["issues 热点问题"])
PathId = Annotated[int, Path(ge=0, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=200)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("", response=s.IssueList, summary="热点问题列表 The hottest issues")
def read(
    request: HttpRequest, state: Literal["", "confirmed", "dismissed"] = "", limit: Limit = 100
) -> Any:
    return queries.issues(_viewer(request), state=state, most=limit)


@router.get("/alike/{number}", response=s.AlikeList, summary="疑似重复 Probably the same as")
def alike(request: HttpRequest, number: str) -> Any:
    """Attach with the move "merge" (target: the earlier case)."""
    return queries.alike(_viewer(request), number)


@router.get("/{issue_id}", response=s.IssuePage, summary="热点问题详情 One issue")
def one(request: HttpRequest, issue_id: PathId) -> Any:
    return queries.issue_page(_viewer(request), issue_id)


@router.post("/{issue_id}/{kind}", response=s.IssuePage, summary="人工确认 Decide on an issue")
def decide(
    request: HttpRequest,
    issue_id: PathId,
    kind: Literal["confirm", "dismiss", "remove", "split", "merge"],
    given: s.DecideIn,
) -> Any:
    """Returns the issue to go on with: of a split the new one, of a merge the other one."""
    viewer = _viewer(request)
    found = commands.decide(
        issue_id, kind, actor=viewer, now=timezone.now(),
        report_ids=given.report_ids, into=given.into, note=given.note,
    )  # fmt: skip
    return queries.issue_page(viewer, found.pk)


@router.post("/{issue_id}/cause/open", response=s.SolveOut, summary="未诉先办 Solve once for all")
def solve(request: HttpRequest, issue_id: PathId, given: s.SolveIn) -> Any:
    done = commands.solve_once(issue_id, actor=_viewer(request), now=timezone.now(), **given.dict())
    left = [{"number": n, "zh": zh, "en": en} for n, zh, en in done.left]
    return {"number": done.number, "merged": done.merged, "left": left}
