"""Facts of reports and cases for what analyses them: no name, no phone, a hash to count senders."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from cityloop.ai.hot_issues.domain import Facts
from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.cases.domain import FINAL_STATES, State
from cityloop.business.cases.models import Case, Report, Reporter

SOLVED = frozenset(s.value for s in FINAL_STATES | {State.CLOSED})
EXACT = frozenset({"exact", "edge"})


def report_facts(report_ids: Collection[int]) -> list[Facts]:
    """Facts of these reports, confidential ones left out."""
    rows = Report.objects.filter(pk__in=list(report_ids), case__confidential=False)
    rows = rows.select_related("case__case_class").order_by("pk")
    senders = {
        r.report_id: _sender(r) for r in Reporter.objects.filter(report_id__in=list(report_ids))
    }
    return [_facts(row, senders.get(row.pk, "")) for row in rows]


def _facts(row: Report, sender: str) -> Facts:
    case = row.case
    exact = case.located_by in EXACT
    path = {
        "district": case.district_id,
        "subdistrict": case.subdistrict_id,
        "community": case.community_id,
    }
    return Facts(
        row.pk,
        case.pk,
        case.number,
        row.title,
        row.text,
        row.received_at,
        case.lon if exact else None,
        case.lat if exact else None,
        path,
        case.case_class.key if case.case_class else "",
        case.lead_department_id,
        sender,
        case.state not in SOLVED,
    )


def _sender(row: Reporter) -> str:
    """The same for the same phone or login, and only with this deployment's key."""
    if row.phone_index:
        return hashlib.sha256(f"issue:{row.phone_index}".encode()).hexdigest()[:16]
    if row.user_id is not None:
        return key_ring().blind_index(f"user {row.user_id}", "issue sender")[:16]
    return ""


def case_standing(case_ids: Collection[int]) -> dict[int, tuple[bool, str, int | None]]:
    """Of these cases and all merged into them: (matter still open, class, leading department).

    A merged case is as open as the one it became part of.
    """
    known = {c.pk: c for c in _cases(pk__in=list(case_ids))}
    targets = {c.merged_into_id for c in known.values()} - {None, *known}
    while targets:  # upwards, to the case that goes on
        above = {c.pk: c for c in _cases(pk__in=list(targets))}
        known |= above
        targets = {c.merged_into_id for c in above.values()} - {None, *known}
    frontier = list(known)
    while frontier:  # downwards, to all that follow it
        below = {c.pk: c for c in _cases(merged_into_id__in=frontier) if c.pk not in known}
        known |= below
        frontier = list(below)
    return {pk: _standing(case, known) for pk, case in known.items()}


def _cases(**given: object) -> list[Case]:
    return list(Case.objects.filter(**given).select_related("case_class"))


def _standing(case: Case, known: Mapping[int, Case]) -> tuple[bool, str, int | None]:
    last = case
    while last.merged_into_id is not None:
        last = known[last.merged_into_id]
    key = case.case_class.key if case.case_class else ""
    return last.state not in SOLVED, key, last.lead_department_id
