"""Facts of reports and cases for what analyses them: no name, no phone, a hash to count senders."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from cityloop.ai.hot_issues.domain import Facts
from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.cases.domain import FINAL_STATES, State
from cityloop.business.cases.models import Case, Report, Reporter

SOLVED = frozenset(s.value for s in FINAL_STATES | {State.CLOSED})
EXACT = frozenset({"exact", "edge"})
LEVELS = ("district", "subdistrict", "community")
# Plain columns: a case has seventy, and this is asked for every report and every move.
OF_REPORT = ("pk", "title", "text", "received_at", "case_id")
OF_CASE = (
    "case__number", "case__located_by", "case__lon", "case__lat",
    *(f"case__{level}_id" for level in LEVELS),
    "case__case_class__key", "case__lead_department_id", "case__state",
)  # fmt: skip


def report_facts(report_ids: Collection[int]) -> list[Facts]:
    """Facts of these reports, confidential ones left out."""
    rows = Report.objects.filter(pk__in=list(report_ids), case__confidential=False)
    people = Reporter.objects.filter(report_id__in=list(report_ids))
    senders = {
        report_id: _sender(phone_index, user_id)
        for report_id, phone_index, user_id in people.values_list(
            "report_id", "phone_index", "user_id"
        )
    }
    found = rows.order_by("pk").values(*OF_REPORT, *OF_CASE)
    return [_facts(row, senders.get(row["pk"], "")) for row in found]


def _facts(row: Mapping[str, Any], sender: str) -> Facts:
    exact = row["case__located_by"] in EXACT
    return Facts(
        row["pk"],
        row["case_id"],
        row["case__number"],
        row["title"],
        row["text"],
        row["received_at"],
        row["case__lon"] if exact else None,
        row["case__lat"] if exact else None,
        {level: row[f"case__{level}_id"] for level in LEVELS},
        row["case__case_class__key"] or "",
        row["case__lead_department_id"],
        sender,
        row["case__state"] not in SOLVED,
    )


def _sender(phone_index: str, user_id: int | None) -> str:
    """The same for the same phone or login, and only with this deployment's key."""
    if phone_index:
        return hashlib.sha256(f"issue:{phone_index}".encode()).hexdigest()[:16]
    if user_id is not None:
        return key_ring().blind_index(f"user {user_id}", "issue sender")[:16]
    return ""


def case_standing(case_ids: Collection[int]) -> dict[int, tuple[bool, str, int | None]]:
    """Of these cases and all merged into them: (matter still open, class, leading department).

    A merged case is as open as the one it became part of.
    """
    known = _cases(pk__in=list(case_ids))
    targets = {c.merged_into_id for c in known.values()} - {None, *known}
    while targets:  # upwards, to the case that goes on
        above = _cases(pk__in=list(targets))
        known |= above
        targets = {c.merged_into_id for c in above.values()} - {None, *known}
    frontier = list(known)
    while frontier:  # downwards, to all that follow it
        found = _cases(merged_into_id__in=frontier)
        frontier = [pk for pk in found if pk not in known]
        known = found | known
    return {pk: _standing(case, known) for pk, case in known.items()}


class _Case(NamedTuple):
    """What of a case says how it stands."""

    pk: int
    merged_into_id: int | None
    state: str
    key: str | None
    lead_department_id: int | None


def _cases(**given: object) -> dict[int, _Case]:
    columns = ("pk", "merged_into_id", "state", "case_class__key", "lead_department_id")
    found = map(_Case._make, Case.objects.filter(**given).values_list(*columns))
    return {case.pk: case for case in found}


def _standing(case: _Case, known: Mapping[int, _Case]) -> tuple[bool, str, int | None]:
    last = case
    while last.merged_into_id is not None:
        last = known[last.merged_into_id]
    return last.state not in SOLVED, case.key or "", last.lead_department_id
