"""Reading cases. Every read takes the viewer; views never filter by role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from cityloop.business.cases.domain import FINAL_STATES
from cityloop.business.cases.models import Approval, Case, Photo, Report, Reporter, Task
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.business.cases.rules import allowed_moves, may_decide, visible
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import is_sqlite
from cityloop.kernel.errors import DomainError, NotFound

MOST = 200
LIST_FIELDS = (
    "id",
    "number",
    "state",
    "title",
    "channel",
    "urgency",
    "case_class__key",
    "case_class__name_zh",
    "case_class__name_en",
    "subdistrict_id",
    "community_id",
    "cell_id",
    "lon",
    "lat",
    "address",
    "owner_role",
    "owner_department_id",
    "owner_user_id",
    "lead_department_id",
    "received_at",
    "due_at",
    "alert",
    "late_ever",
    "report_count",
    "urged",
    "version",
)
# name shown → (ordering column, descending)
ORDERS: dict[str, tuple[str, bool]] = {
    "due": ("due_at", False),
    "received": ("received_at", True),
    "oldest": ("received_at", False),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `after` leads to the next one, None at the end."""

    items: list[dict[str, Any]]
    after: str | None


def cases_of(viewer: Viewer) -> QuerySet[Case]:
    """Every case the viewer may know of."""
    return Case.objects.filter(visible(viewer))


def case_page(
    viewer: Viewer,
    filters: Mapping[str, Any] | None = None,
    *,
    order: str = "due",
    after: str = "",
    limit: int = 50,
) -> Page:
    """One page of the desk's list, by a key and not by an offset, so page 1000 costs as page 1.

    Args:
        filters: see `filter_of`.
        order: due (open cases only), received (newest first), oldest.
    Raises: DomainError("list.order", "list.after", "list.filter").
    """
    if order not in ORDERS:
        raise _bad("list.order", "order", order, ", ".join(ORDERS))
    column, descending = ORDERS[order]
    rows = cases_of(viewer).filter(filter_of(filters or {}))
    if order == "due":
        rows = rows.filter(HAS_CLOCK)
    rows = rows.filter(_beyond(after, column, descending))
    sign = "-" if descending else ""
    limit = max(1, min(limit, MOST))
    found = list(rows.order_by(f"{sign}{column}", f"{sign}id").values(*LIST_FIELDS)[: limit + 1])
    page, more = found[:limit], len(found) > limit
    last = page[-1] if page else None
    return Page(page, f"{last[column].isoformat()}~{last['id']}" if more and last else None)


def _beyond(after: str, column: str, descending: bool) -> Q:
    if not after:
        return Q()
    try:
        at, pk = after.split("~")
        moment, key = datetime.fromisoformat(at), int(pk)
        if moment.tzinfo is None or not 0 <= key < 2**63:
            raise ValueError(after)
    except ValueError as error:
        raise _bad("list.after", "after", after[:80], "the `after` of the page before") from error
    sign = "lt" if descending else "gt"
    # Both forms: the first bounds the index scan, the second cuts exactly.
    return Q(**{f"{column}__{sign}e": moment}) & (
        Q(**{f"{column}__{sign}": moment}) | Q(**{column: moment, f"id__{sign}": key})
    )


def filter_of(filters: Mapping[str, Any]) -> Q:
    """Filters of the desk: state, alert, class_key, department, area (level + id), channel,
    owner_role, owner_user, urgency, number, text, since, before, late, open, and what figures
    count by (MILESTONES, on_time, auto, misrouted, reworked, the reporter's answers).

    Raises: DomainError("list.filter") for a name that is not one of these.
    """
    chosen = Q()
    for name, value in filters.items():
        if value is None or value in ("", (), []):  # a list is in no set
            continue
        if name not in FILTERS:
            raise _bad("list.filter", "filter", name, ", ".join(FILTERS))
        chosen &= FILTERS[name](value)
    return chosen


def _area(value: Any) -> Q:
    from cityloop.city.places.queries import tree

    area = tree().get(int(value))
    return Q(**{f"{area.level}_id": area.id})


def _state(value: Any) -> Q:
    states = list(value) if isinstance(value, list | tuple) else [value]
    chosen = Q(state__in=states)
    # Said once more by the clock, the index of the open cases answers.
    return chosen if FINAL_STATES & set(states) else chosen & HAS_CLOCK


def _class(key: str) -> Q:
    from cityloop.business.catalogue.queries import class_ids

    return Q(case_class_id__in=class_ids(key))


def _number(start: str) -> Q:
    chosen = Q(number__startswith=start)
    # SQLite's LIKE uses no index; its text order is that of the code points.
    return chosen & Q(number__gte=start, number__lt=start + LAST) if is_sqlite() else chosen


LAST = "\U0010ffff"


# Moments of a case that figures count by; the list behind a figure filters by the same.
MILESTONES = ("filed", "dispatched", "responded", "handled", "closed")


def _reached(milestone: str, since: Any) -> Q:
    return Q(**{f"{milestone}_at__gte": since})


def _reached_before(milestone: str, before: Any) -> Q:
    return Q(**{f"{milestone}_at__lt": before})


def _answered(name: str, value: bool) -> Q:
    return Q(**{name: value})


FILTERS = {
    "state": _state,
    "alert": lambda v: Q(alert=v) & HAS_CLOCK,  # what has ended warns no more
    "class_key": _class,
    "class_id": lambda v: Q(case_class_id=v),
    "department": lambda v: Q(lead_department_id=v),
    "area": _area,
    "channel": lambda v: Q(channel=v),
    "owner_role": lambda v: Q(owner_role=v),
    "owner_user": lambda v: Q(owner_user_id=v),
    "urgency": lambda v: Q(urgency=v),
    "number": _number,
    "text": lambda v: Q(title__icontains=v) | Q(address__icontains=v),
    "since": lambda v: Q(received_at__gte=v),
    "before": lambda v: Q(received_at__lt=v),
    "late": lambda v: Q(late_ever=v),
    "rated": lambda v: Q(solved__isnull=not v),
    **{f"{m}_since": partial(_reached, m) for m in MILESTONES},
    **{f"{m}_before": partial(_reached_before, m) for m in MILESTONES},
    # Kept its promise: finished in time, or the overdue mark was lifted on appeal.
    "on_time": lambda v: (
        Q(late_ever=False) | Q(exempt=True) if v else Q(late_ever=True, exempt=False)
    ),
    "auto": lambda v: Q(auto_dispatched=v),
    "misrouted": lambda v: Q(misrouted=v),
    "reworked": lambda v: Q(reworks__gt=0) if v else Q(reworks=0),
    **{f: partial(_answered, f) for f in ("responded", "solved", "satisfied")},
    "open": lambda v: HAS_CLOCK if v else ~HAS_CLOCK,
}


def _bad(code: str, where: str, value: Any, allowed: str) -> DomainError:
    return DomainError(
        code,
        f"{where} '{value}' is not possible here; allowed: {allowed}.",
        f"{where} 的值“{value}”无效，可用：{allowed}。",
        where=where,
    )


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
    """The case with everything that belongs to it, in a fixed number of queries."""
    merged = list(Case.objects.filter(merged_into=case).order_by("pk"))
    ids = [case.pk, *(m.pk for m in merged)]
    reports = list(Report.objects.filter(case_id__in=ids).order_by("pk"))
    reporters = Reporter.objects.filter(report_id__in=[r.pk for r in reports])
    tasks = list(Task.objects.filter(case=case).select_related("department").order_by("pk"))
    return CaseFile(
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
