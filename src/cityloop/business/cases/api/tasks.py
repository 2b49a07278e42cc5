"""The department's own list, and the approver's."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from cityloop.business.cases import commands
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.moments import PathId
from cityloop.business.cases.api.page_schemas import ApprovalFile
from cityloop.business.cases.api.shaping import approval_out, task_out
from cityloop.business.cases.queries import task_page
from cityloop.business.cases.reviewing import taken_part, to_decide

tasks_router = Router(tags=["tasks 任务"])
approvals_router = Router(tags=["approvals 审批"])
Errors = {400: s.Problem, 401: s.Problem, 403: s.Problem, 404: s.Problem, 409: s.Problem}


@tasks_router.get("", response={200: list[s.TaskOut], **Errors}, summary="部门任务 Open tasks")
def list_tasks(request: HttpRequest, limit: int = 50) -> Any:
    return [task_out(t) for t in task_page(request.viewer, limit=max(1, min(limit, 200)))]


@approvals_router.get("", response={200: list[ApprovalFile], **Errors}, summary="审批 Requests")
def list_approvals(request: HttpRequest, which: Literal["waiting", "mine"] = "waiting") -> Any:
    """waiting: for your decision. mine: you asked or decided them. Each with its effect."""
    found = to_decide if which == "waiting" else taken_part
    return found(request.viewer, now=timezone.now())


@approvals_router.post(
    "/{approval_id}", response={200: s.ApprovalOut, **Errors}, summary="审批 Decide"
)
def decide(request: HttpRequest, approval_id: PathId, given: s.DecisionIn) -> Any:
    row = commands.decide(
        approval_id, given.grant, reason=given.reason, actor=request.viewer, now=timezone.now()
    )
    return approval_out(row)
