"""Open cases as a supervisor counts them: late, near, unanswered, urged, by unit."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Count, Min, Q, QuerySet

from cityloop.business.cases.models import Case
from cityloop.business.cases.models.case import HAS_CLOCK

What = Literal["late", "near", "unanswered", "urged", "open"]
# What a supervisor looks for. Unanswered: the department let the time to respond pass.
MEANS: dict[str, Q] = {
    "open": Q(),
    "late": Q(alert="late"),
    "near": Q(alert="near"),
    "unanswered": Q(state="dispatched", alert="late"),
    "urged": Q(urged__gt=0),
}
# Handed over to the citizen: nobody at a desk owes anything.
WAITS_FOR_CITIZEN = "closed"
ROW = (
    "id",
    "number",
    "state",
    "title",
    "address",
    "urgency",
    "alert",
    "due_at",
    "stage_started_at",
    "received_at",
    "returns",
    "reworks",
    "extensions",
    "owner_role",
    "owner_user_id",
    "owner_department_id",
    "lead_department_id",
    "subdistrict_id",
    "community_id",
    "urged",
    "version",
    "case_class__name_zh",
    "case_class__name_en",
)


def _open_in(level: str, area_id: int) -> QuerySet[Case]:
    rows = Case.objects.filter(HAS_CLOCK, **{f"{level}_id": area_id})
    return rows.exclude(state=WAITS_FOR_CITIZEN)


def counts_by(level: str, area_id: int, group: str) -> dict[int | None, dict[str, Any]]:
    """How many of each, and the oldest deadline passed, by a column of the case.

    Args:
        group: "subdistrict_id", "community_id", "cell_id" or "lead_department_id".
    Returns: by the column's value (None: not known).
    """
    counted = {name: Count("pk", filter=means) for name, means in MEANS.items() if name != "open"}
    rows = (
        _open_in(level, area_id)
        .order_by()
        .values_list(group)
        .annotate(open=Count("pk"), oldest=Min("due_at", filter=Q(alert="late")), **counted)
    )
    names = ("open", "oldest", *counted)
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def watched_cases(
    level: str,
    area_id: int,
    what: What,
    *,
    department_id: int | None = None,
    state: str = "",
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Open cases of one kind, those longest over their deadline first."""
    rows = _of_kind(level, area_id, what, department_id)
    if state:
        rows = rows.filter(state=state)
    return list(rows.order_by("due_at", "pk").values(*ROW)[:limit])


def watched_steps(
    level: str, area_id: int, what: What, *, department_id: int | None = None
) -> list[tuple[str, int]]:
    """In which state the cases of one kind stand, and how many in each; the most first."""
    rows = _of_kind(level, area_id, what, department_id).order_by()
    counted = rows.values_list("state").annotate(n=Count("pk"))
    return sorted(counted, key=lambda row: (-row[1], row[0]))


def _of_kind(level: str, area_id: int, what: What, department_id: int | None) -> QuerySet[Case]:
    rows = _open_in(level, area_id).filter(MEANS[what])
    return rows if department_id is None else rows.filter(lead_department_id=department_id)
