"""Reading cases. Every read takes the viewer; views never filter by role.

Lists are in `lists.py`, what narrows them in `filters.py`; here is the one case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from cityloop.business.cases.filters import filter_of
from cityloop.business.cases.lists import LIST_FIELDS, MOST, Page, case_page, cases_of, count_cases
from cityloop.business.cases.models import Approval, Case, Photo, Report, Reporter, Task
from cityloop.business.cases.rules import allowed_moves, is_only_reporter, may_decide
from cityloop.city.accounts.domain import Viewer
from cityloop.kernel.errors import NotFound

__all__ = [
    "LIST_FIELDS",
    "MOST",
    "CaseFile",
    "Page",
    "case_file",
    "case_page",
    "cases_of",
    "count_cases",
    "filter_of",
    "get_case",
    "get_case_by_number",
    "task_page",
    "waiting_approvals",
]


# Photos that a reporter sees: those that came with the report, and those of the result.
OWN_PHOTOS = ("report", "after", "verify")


def get_case(viewer: Viewer, case_id: int) -> Case:
    """A case by id, if the viewer may know of it. Raises: NotFound("case.unknown")."""
    return _one(cases_of(viewer).filter(pk=case_id), str(case_id))


def get_case_by_number(viewer: Viewer, number: str) -> Case:
    """A case by its number. Raises: NotFound("case.unknown")."""
    return _one(cases_of(viewer).filter(number=number), number)


def _one(rows: QuerySet[Case], name: str) -> Case:
    case = rows.select_related("case_class", "condition", "lead_department").first()
    if case is None:
        raise NotFound(
            "case.unknown",
            f"There is no case '{name}', or you may not know of it.",
            f"没有案卷“{name}”，或您无权查看。",
        )
    return case


@dataclass(frozen=True)
class CaseFile:
    """All that a case page shows."""

    case: Case
    reports: list[Report]
    reporters: dict[int, Reporter]
    tasks: list[Task]
    photos: list[Photo]
    approvals: list[Approval]
    children: list[Case]
    merged: list[Case]
    moves: list[str]


def case_file(viewer: Viewer, case: Case) -> CaseFile:
    """The case with everything that belongs to it, in a fixed number of queries.

    Who sees it for having reported it does not see what others reported of the same matter.
    """
    merged = list(Case.objects.filter(merged_into=case).order_by("pk"))
    ids = [case.pk, *(m.pk for m in merged)]
    reports = list(Report.objects.filter(case_id__in=ids).order_by("pk"))
    reporters = Reporter.objects.filter(report_id__in=[r.pk for r in reports])
    tasks = list(Task.objects.filter(case=case).select_related("department").order_by("pk"))
    file = CaseFile(
        case=case,
        reports=reports,
        reporters={r.report_id: r for r in reporters},
        tasks=tasks,
        photos=list(Photo.objects.filter(case_id__in=ids).order_by("pk")),
        approvals=list(Approval.objects.filter(case=case).order_by("pk")),
        children=list(Case.objects.filter(parent=case).order_by("pk")),
        merged=merged,
        moves=allowed_moves(viewer, case, tasks),
    )
    return _own_part(file, viewer) if is_only_reporter(viewer, case, tasks) else file


def _own_part(file: CaseFile, viewer: Viewer) -> CaseFile:
    mine = {n: who for n, who in file.reporters.items() if who.user_id == viewer.user_id}
    return replace(
        file,
        reports=[report for report in file.reports if report.pk in mine],
        reporters=mine,
        photos=[p for p in file.photos if p.case_id == file.case.pk and p.stage in OWN_PHOTOS],
        approvals=[],
        merged=[],
    )


def task_page(viewer: Viewer, *, limit: int = 50) -> list[Task]:
    """Open tasks of the viewer's departments, the most urgent first."""
    rows = Task.objects.filter(department_id__in=viewer.departments(), ended_at__isnull=True)
    return list(
        rows.select_related("case", "case__case_class", "department").order_by(
            "handle_due_at", "pk"
        )[: min(limit, MOST)]
    )


def waiting_approvals(viewer: Viewer) -> list[Approval]:
    """Requests the viewer may decide now."""
    rows = Approval.objects.filter(state__in=["asked", "first"]).select_related("case")
    return [a for a in rows.order_by("due_at")[:500] if may_decide(viewer, a, a.case)]
