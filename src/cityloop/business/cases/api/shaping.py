"""From rows to what the API shows."""

from __future__ import annotations

from typing import Any

from cityloop.business.cases.commands.reporters import masked_reporter
from cityloop.business.cases.domain.values import NewReport, NewReporter, Receipt
from cityloop.business.cases.models import Approval, Photo, Report, Task
from cityloop.business.cases.queries import LIST_FIELDS, CaseFile
from cityloop.business.cases.rules import in_words
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import Viewer

CASE_FIELDS = (
    "condition_id",
    "located_by",
    "confidential",
    "stage_started_at",
    "filed_at",
    "dispatched_at",
    "responded_at",
    "handled_at",
    "handle_due_at",
    "closed_at",
    "ended_at",
    "exempt",
    "extensions",
    "returns",
    "reworks",
    "reopens",
    "responded",
    "solved",
    "satisfied",
    "closing_note",
    "auto_dispatched",
    "routed_by",
    "triage",
    "route",
)


def new_report(given: Any, *, user_id: int | None) -> NewReport:
    """A report as the API got it, as the command wants it."""
    who = given.reporter
    return NewReport(
        channel=given.channel,
        external_id=given.external_id,
        title=given.title,
        text=given.text,
        lon=given.lon,
        lat=given.lat,
        crs=given.crs,
        address=given.address,
        area_code=given.area_code,
        class_key=given.class_key,
        condition_seq=given.condition_seq,
        language=given.language,
        happened_at=given.happened_at,
        confidential=given.confidential,
        follow_key=getattr(given, "follow_key", ""),
        reporter=NewReporter(
            name=who.name if who else "",
            phone=who.phone if who else "",
            contact=who.contact if who else "",
            user_id=user_id,
        ),
    )


def receipt_out(receipt: Receipt) -> dict[str, Any]:
    """A receipt for the sender."""
    return {name: getattr(receipt, name) for name in RECEIPT_FIELDS}


RECEIPT_FIELDS = (
    "number",
    "case_id",
    "report_id",
    "created",
    "state",
    "follow_key",
    "located_by",
    "class_key",
    "lead_department_id",
)


def case_out(viewer: Viewer, file: CaseFile) -> dict[str, Any]:
    """A case with everything that belongs to it, as this viewer needs it."""
    case = file.case
    shown: dict[str, Any] = {
        name: getattr(case, name) for name in LIST_FIELDS if not name.startswith("case_class")
    }
    shown |= {name: getattr(case, name) for name in CASE_FIELDS}
    cls = case.case_class
    shown["case_class__key"] = cls.key if cls else None
    shown["case_class__name_zh"] = cls.name_zh if cls else None
    shown["case_class__name_en"] = cls.name_en if cls else None
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is not None:
        shown |= {
            "condition_zh": condition.file_zh,
            "condition_en": condition.file_en,
            "closing_zh": condition.close_zh,
            "closing_en": condition.close_en,
        }
    shown["parent"] = case.parent.number if case.parent else None
    shown["merged_into"] = case.merged_into.number if case.merged_into else None
    shown["children"] = [c.number for c in file.children]
    shown["merged"] = [c.number for c in file.merged]
    shown["reports"] = [in_words(viewer, report_out(r, file)) for r in file.reports]
    shown["tasks"] = [in_words(viewer, task_out(t)) for t in file.tasks]
    shown["photos"] = [photo_out(p, case.number) for p in file.photos]
    shown["approvals"] = [approval_out(a) for a in file.approvals]
    shown["moves"] = file.moves
    return in_words(viewer, shown)


def report_out(row: Report, file: CaseFile) -> dict[str, Any]:
    """A report; its reporter masked."""
    who = file.reporters.get(row.pk)
    return {
        "id": row.pk,
        "channel": row.channel,
        "external_id": row.external_id,
        "title": row.title,
        "text": row.text,
        "address": row.address,
        "happened_at": row.happened_at,
        "received_at": row.received_at,
        "reporter": masked_reporter(who) if who else None,
    }


TASK_FIELDS = (
    "case_id",
    "department_id",
    "part",
    "state",
    "sent_at",
    "respond_due_at",
    "responded_at",
    "feedback_due_at",
    "fed_back_at",
    "handle_due_at",
    "done_at",
    "late_response",
    "late_feedback",
    "late_handling",
    "result",
    "round",
)


def task_out(task: Task) -> dict[str, Any]:
    """A task with its department's name."""
    shown = {name: getattr(task, name) for name in TASK_FIELDS}
    return {"id": task.pk, "department": task.department.name_zh, **shown}


def photo_out(photo: Photo, number: str) -> dict[str, Any]:
    """A photo with the addresses it is fetched from."""
    at = f"/api/v1/cases/{number}/photos/{photo.pk}"
    return {
        "id": photo.pk,
        "stage": photo.stage,
        "width": photo.width,
        "height": photo.height,
        "sha256": photo.sha256,
        "added_at": photo.added_at,
        "url": f"{at}/image",
        "thumbnail_url": f"{at}/thumbnail",
    }


APPROVAL_FIELDS = (
    "id",
    "case_id",
    "kind",
    "state",
    "until",
    "asked_by",
    "asked_at",
    "first_by",
    "second_by",
    "due_at",
)


def approval_out(approval: Approval) -> dict[str, Any]:
    """A request for extension, suspension or appeal."""
    return {name: getattr(approval, name) for name in APPROVAL_FIELDS}
