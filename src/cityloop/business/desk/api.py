"""The desk over REST. Mounted at /desk."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from cityloop.business.cases.api.asked import CaseFilters
from cityloop.business.cases.api.moments import PathId
from cityloop.business.cases.api.schemas import Given, Problem
from cityloop.business.cases.queries import waiting_approvals
from cityloop.business.desk import commands
from cityloop.business.desk.queries import filter_out, filters_of, queues
from cityloop.business.desk.rules import check_may_keep

router = Router(tags=["desk 工作台"])
Errors = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
Order = Literal["due", "received", "oldest", "heat"]
KeepRole = Literal[
    "",
    "grid_worker",
    "hotline_operator",
    "acceptor",
    "dispatcher",
    "handler",
    "department_lead",
    "supervisor_community",
    "supervisor_subdistrict",
    "supervisor_district",
    "analyst",
]


class AskedFilters(CaseFilters):
    """The filters of the list; a name that is none of them is refused."""

    model_config = ConfigDict(extra="forbid")


class FilterIn(Given):
    name: str = Field(..., min_length=1, max_length=40, pattern=r"\S")
    filters: AskedFilters
    order: Order = "due"
    role: KeepRole = ""


class QueueOut(Schema):
    """A queue with its count; `more`: there are more than `n`."""

    key: str
    zh: str
    en: str
    filters: dict[str, Any]
    order: str
    n: int | None = None
    more: bool


class FilterOut(Schema):
    id: int
    name: str
    filters: dict[str, Any]
    order: str
    role: str
    own: bool
    owner: str
    n: int | None = None
    more: bool


class DeskOut(Schema):
    """approvals: requests that wait for the viewer's decision."""

    queues: list[QueueOut]
    filters: list[FilterOut]
    approvals: int


@router.get("", response={200: DeskOut, **Errors}, summary="工作台 Queues and filters with counts")
def read_desk(request: HttpRequest) -> Any:
    viewer = request.viewer
    check_may_keep(viewer)
    saved = [filter_out(viewer, row) for row in filters_of(viewer)]
    waiting = len(waiting_approvals(viewer))
    return {"queues": queues(viewer), "filters": saved, "approvals": waiting}


@router.post("/filters", response={201: FilterOut, **Errors}, summary="保存筛选 Keep a filter")
def keep(request: HttpRequest, given: FilterIn) -> Any:
    return Status(201, _saved(request, given))


@router.put("/filters/{filter_id}", response={200: FilterOut, **Errors}, summary="修改 Change")
def change(request: HttpRequest, filter_id: PathId, given: FilterIn) -> Any:
    return _saved(request, given, filter_id)


@router.delete("/filters/{filter_id}", response={204: None, **Errors}, summary="删除 Drop")
def drop(request: HttpRequest, filter_id: PathId) -> Any:
    commands.drop_filter(filter_id, actor=request.viewer, now=timezone.now())
    return Status(204, None)


def _saved(request: HttpRequest, given: FilterIn, filter_id: int | None = None) -> dict[str, Any]:
    asked = given.filters.model_dump(mode="json", exclude_defaults=True)
    row = commands.save_filter(
        given.name,
        asked,
        actor=request.viewer,
        now=timezone.now(),
        order=given.order,
        role=given.role,
        filter_id=filter_id,
    )
    return filter_out(request.viewer, row)
