"""Reports come in: one, many, or from a citizen without an account."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from cityloop.business.cases import commands
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.follow_schemas import CitizenReportIn
from cityloop.business.cases.api.shaping import new_report, receipt_out
from cityloop.business.cases.domain.values import Receipt
from cityloop.city.accounts.domain import PUBLIC, Role, Viewer
from cityloop.city.accounts.entry import source_of
from cityloop.city.limits.commands import count_visit
from cityloop.kernel.errors import NotAllowed

router = Router(tags=["reports 上报"])
public_router = Router(tags=["reports 上报"])
Errors = {400: s.Problem, 401: s.Problem, 403: s.Problem, 409: s.Problem}
TooOften = {429: s.Problem}
WRITERS = (
    Role.CITIZEN,
    Role.GRID_WORKER,
    Role.HOTLINE_OPERATOR,
    Role.ACCEPTOR,
    Role.SUPERVISOR_COMMUNITY,
    Role.SUPERVISOR_SUBDISTRICT,
    Role.SUPERVISOR_DISTRICT,
    Role.HANDLER,
    Role.DEPARTMENT_LEAD,
)


def _check_writer(viewer: Viewer) -> None:
    if viewer.kind != "token" and not viewer.holds(*WRITERS):
        raise NotAllowed(
            "report.not_yours",
            "Administrators and analysts do not report; use the citizen entry.",
            "管理与分析岗位不办理上报，请使用市民入口。",
        )


def _reporter_id(viewer: Viewer) -> int | None:
    return viewer.user_id if viewer.kind == "person" and viewer.holds(Role.CITIZEN) else None


@router.post("", response={200: s.ReceiptOut, 201: s.ReceiptOut, **Errors}, summary="上报 Report")
def create_report(request: HttpRequest, given: s.ReportIn) -> Any:
    viewer = request.viewer
    _check_writer(viewer)
    given.external_id = given.external_id or uuid.uuid4().hex
    report = new_report(given, user_id=_reporter_id(viewer))
    receipt = commands.receive_together(report, actor=viewer, now=timezone.now())
    return Status(201 if receipt.created else 200, receipt_out(receipt))


@router.post("/batch", response={200: s.BatchOut, **Errors}, summary="批量上报 Many reports")
def create_reports(request: HttpRequest, given: s.BatchIn) -> Any:
    viewer = request.viewer
    _check_writer(viewer)
    for row in given.reports:
        row.external_id = row.external_id or uuid.uuid4().hex
    reports = [new_report(row, user_id=None) for row in given.reports]
    answers = commands.receive_many(reports, actor=viewer, now=timezone.now())
    rows = [
        {"receipt": receipt_out(a)}
        if isinstance(a, Receipt)
        else {"problem": a.as_dict(viewer.language)}
        for a in answers
    ]
    receipts = [a for a in answers if isinstance(a, Receipt)]
    created = sum(r.created for r in receipts)
    return {
        "accepted": created,
        "repeated": len(receipts) - created,
        "refused": len(answers) - len(receipts),
        "rows": rows,
    }


@public_router.post(
    "",
    response={200: s.ReceiptOut, 201: s.ReceiptOut, **Errors, **TooOften},
    summary="随手拍 Citizen's report",
)
def create_public_report(request: HttpRequest, given: CitizenReportIn) -> Any:
    """Without an account. The answer holds the follow-up key, once; who sent an own key has it."""
    count_visit("reports", source_of(request), now=timezone.now())
    given.channel = "citizen"
    given.external_id = given.external_id or uuid.uuid4().hex
    report = new_report(given, user_id=None)
    receipt = commands.receive_together(report, actor=PUBLIC, now=timezone.now())
    return Status(201 if receipt.created else 200, receipt_out(receipt))
