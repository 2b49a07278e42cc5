"""The page of one case: what may be done, why it is where it is, what lies near, the proofs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from cityloop.business.cases.api import page_schemas as p
from cityloop.business.cases.api.schemas import Problem
from cityloop.business.cases.api.shaping import case_out
from cityloop.business.cases.commands.correcting import correct
from cityloop.business.cases.destination import destination
from cityloop.business.cases.explaining import check_staff, reasons_of, step_out
from cityloop.business.cases.hinting import hints_of
from cityloop.business.cases.page import page_of
from cityloop.business.cases.queries import case_file, get_case_by_number
from cityloop.business.cases.related import near_cases
from cityloop.business.cases.reviewing import requests_of
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.proofs import proofs_of

router = Router(tags=["cases 案卷"])
Errors = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
ConditionId = Annotated[int, Query(ge=1, le=2**62)]
After = Annotated[int, Query(ge=0, le=2**62)]


def _page(viewer: Viewer, number: str) -> dict[str, Any]:
    file = case_file(viewer, get_case_by_number(viewer, number))
    return {"case": case_out(viewer, file), **page_of(viewer, file, now=timezone.now())}


@router.get("/{number}/page", response={200: p.CasePageOut, **Errors}, summary="案卷页 Page")
def read_page(request: HttpRequest, number: str) -> Any:
    """The case, the moves you may make with their forms, its stages, and the names in it."""
    return _page(request.viewer, number)  # type: ignore[attr-defined]


@router.get("/{number}/why", response={200: p.CaseReasons, **Errors}, summary="判定依据 Why")
def read_reasons(request: HttpRequest, number: str) -> Any:
    """Why it has its class and its department."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return reasons_of(viewer, get_case_by_number(viewer, number))


@router.get("/{number}/hints", response={200: p.CaseHints, **Errors}, summary="提示 Hints")
def read_hints(request: HttpRequest, number: str) -> Any:
    """Words of danger, several matters, a co-handler: suggestions that change nothing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return hints_of(viewer, get_case_by_number(viewer, number), now=timezone.now())


@router.get(
    "/{number}/destination",
    response={200: p.CaseDestination, **Errors},
    summary="应派部门 Where to",
)
def read_destination(request: HttpRequest, number: str, condition_id: ConditionId) -> Any:
    """Where the case would go under this condition."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    check_staff(viewer)
    case = get_case_by_number(viewer, number)
    found = destination(case, now=timezone.now(), condition_id=condition_id)
    steps = [step_out(step) for step in found.steps]
    return {"lead": found.lead, "co": found.co, "by": found.by, "version": found.version} | {
        "steps": steps
    }


@router.post(
    "/{number}/correction", response={200: p.CorrectedOut, **Errors}, summary="更正 Correct"
)
def correct_case(request: HttpRequest, number: str, given: p.CorrectionIn) -> Any:
    """The right class, the right department: the case goes there, the model learns it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = get_case_by_number(viewer, number)
    done = correct(case.pk, **given.dict(), actor=viewer, now=timezone.now())
    return {"move": done.move, "lead": done.lead, "by": done.by, "page": _page(viewer, number)}


@router.get("/{number}/near", response={200: list[p.CaseNear], **Errors}, summary="附近 Near")
def read_near(request: HttpRequest, number: str) -> Any:
    """Other cases within 300 m, those of the same class first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return near_cases(viewer, get_case_by_number(viewer, number), now=timezone.now())


@router.get("/{number}/proofs", response={200: p.TraceProofs, **Errors}, summary="留痕证明 Proofs")
def read_proofs(request: HttpRequest, number: str, after: After = 0) -> Any:
    """Entries and Merkle paths of the trace; check them yourself against the checkpoint."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    check_staff(viewer)
    return proofs_of("case", get_case_by_number(viewer, number).pk, after=after)


@router.get(
    "/{number}/approvals", response={200: list[p.ApprovalFile], **Errors}, summary="审批 Requests"
)
def read_approvals(request: HttpRequest, number: str) -> Any:
    """Requests for more time, suspension and appeal of the case."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    check_staff(viewer)
    return requests_of(viewer, get_case_by_number(viewer, number), now=timezone.now())
