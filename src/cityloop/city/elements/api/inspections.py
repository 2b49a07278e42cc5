"""What is due, what was found, and the plans."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status

from cityloop.city.elements import commands, queries
from cityloop.city.elements.api import schemas
from cityloop.city.elements.api.registers import ERRORS, PathId, viewer_of
from cityloop.city.elements.api.shown import element_out, inspection_out, plan_out
from cityloop.city.elements.queries.inspecting import MOST

router = Router(tags=["elements 要素登记"])


@router.get("/inspections/due", response={200: schemas.DueListOut, **ERRORS}, summary="待巡检 Due")
def due(
    request: HttpRequest,
    kind: schemas.MaybeKind = "",
    area_code: schemas.AreaCode = "",
    within_days: Annotated[int, Query(ge=0, le=366)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Any:
    """The longest overdue first; a grid worker sees the own areas."""
    viewer = viewer_of(request)
    found = queries.due(
        viewer,
        until=timezone.now() + timedelta(days=within_days),
        kind=kind or None,
        area_code=area_code or None,
        limit=limit,
    )
    items = [
        {"element": element_out(d.element, viewer.language), "due_at": d.due_at}
        for d in found.items
    ]
    return {"items": items, "total": found.total}


@router.get(
    "/one/{element_id}/inspections",
    response={200: list[schemas.InspectionOut], **ERRORS},
    summary="巡检记录 Inspections",
)
def list_inspections(request: HttpRequest, element_id: PathId) -> Any:
    return [inspection_out(r) for r in queries.inspections(viewer_of(request), element_id)]


@router.post(
    "/one/{element_id}/inspections",
    response={201: schemas.InspectionOut, 200: schemas.InspectionOut, **ERRORS},
    summary="记录巡检 Record an inspection",
)
def record_inspection(request: HttpRequest, element_id: PathId, given: schemas.InspectionIn) -> Any:
    """A defect, or a missing component, becomes a report. 200: it was handed in before."""
    row, new = commands.inspect(
        element_id, **given.dict(), actor=viewer_of(request), now=timezone.now()
    )
    return Status(201 if new else 200, inspection_out(row))


@router.get(
    "/inspections/plans",
    response={200: list[schemas.InspectionPlanOut], **ERRORS},
    summary="巡检计划 Plans",
)
def list_plans(request: HttpRequest) -> Any:
    viewer = viewer_of(request)
    return [plan_out(row, viewer.language) for row in queries.plans(viewer)]


@router.put(
    "/inspections/plans",
    response={200: schemas.InspectionPlanOut, **ERRORS},
    summary="设定计划 Set a plan",
)
def set_plan(request: HttpRequest, given: schemas.InspectionPlanIn) -> Any:
    viewer = viewer_of(request)
    plan = commands.set_plan(
        given.kind, area_code=given.area_code, every_days=given.every_days, actor=viewer,
        now=timezone.now(),
    )  # fmt: skip
    return plan_out(plan, viewer.language)


@router.delete(
    "/inspections/plans/{plan_id}", response={204: None, **ERRORS}, summary="终止计划 End a plan"
)
def end_plan(request: HttpRequest, plan_id: PathId) -> Any:
    commands.end_plan(plan_id, actor=viewer_of(request), now=timezone.now())
    return Status(204, None)
