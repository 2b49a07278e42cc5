"""Requests for more time, suspension or appeal as their decider needs them: with reason, history,
and what granting would do to the clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cityloop.business.cases.commands.guards import still_applies
from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Approval, Case
from cityloop.business.cases.queries import cases_of, waiting_approvals
from cityloop.business.cases.rules import deciders, reads_private
from cityloop.business.catalogue.queries import condition_info, work_calendar
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.accounts.queries import names_of
from cityloop.city.audit.domain import masked_text
from cityloop.city.audit.queries import trace
from cityloop.engines.deadlines import add, format_limit, pause, resume

DECIDED = ("granted", "refused", "lapsed")
MOST = 100


def to_decide(viewer: Viewer, *, now: datetime) -> list[dict[str, Any]]:
    """Requests that wait for this viewer, the most urgent first."""
    return _shown(viewer, waiting_approvals(viewer)[:MOST], now)


def taken_part(viewer: Viewer, *, now: datetime) -> list[dict[str, Any]]:
    """Requests the viewer asked or decided, the newest first."""
    mine = viewer.user_id or 0
    rows = Approval.objects.filter(asked_by=mine) | Approval.objects.filter(first_by=mine)
    rows |= Approval.objects.filter(second_by=mine)
    return _shown(viewer, list(rows.order_by("-pk")[:MOST]), now)


def requests_of(viewer: Viewer, case: Case, *, now: datetime) -> list[dict[str, Any]]:
    """Every request of one case, oldest first."""
    return _shown(viewer, list(Approval.objects.filter(case=case).order_by("pk")), now)


def _shown(viewer: Viewer, rows: list[Approval], now: datetime) -> list[dict[str, Any]]:
    known = cases_of(viewer).select_related("case_class", "lead_department")
    cases = {c.pk: c for c in known.filter(pk__in={a.case_id for a in rows})}
    rows = [a for a in rows if a.case_id in cases]
    people = names_of(i for a in rows for i in (a.asked_by, a.first_by, a.second_by))
    before = _earlier(cases)
    words = {pk: _words(viewer, case) for pk, case in cases.items()}
    return [
        _row(a, cases[a.case_id], before[a.case_id], words[a.case_id], people, now) for a in rows
    ]


def _earlier(case_ids: Iterable[int]) -> dict[int, list[Approval]]:
    found: dict[int, list[Approval]] = defaultdict(list)
    for row in Approval.objects.filter(case_id__in=list(case_ids)).order_by("pk"):
        found[row.case_id].append(row)
    return found


def _words(viewer: Viewer, case: Case) -> dict[int, dict[str, str]]:
    """What was written to each request of a case: request → step → reason."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    is_open = reads_private(viewer, case)
    for row in trace("case", case.pk, viewer=SYSTEM):
        pk, said = row.data.get("approval"), (row.private or {}).get("reason")
        if isinstance(pk, int) and said:
            step = row.kind.rpartition("_")[2] if "_" in row.kind else ""
            name = "asked" if row.kind.startswith("case.ask_") else step
            found[pk][name] = said if is_open else masked_text(said)
    return found


def _row(
    approval: Approval,
    case: Case,
    all_of_case: list[Approval],
    words: dict[int, dict[str, str]],
    people: dict[int, str],
    now: datetime,
) -> dict[str, Any]:
    names = ("id", "kind", "state", "until", "asked_at", "first_at", "second_at", "due_at")
    said = words.get(approval.pk, {})
    return {
        **{name: getattr(approval, name) for name in names},
        "case_id": approval.case_id,
        "asked_by": approval.asked_by,
        "first_by": approval.first_by,
        "second_by": approval.second_by,
        "asked_by_name": people.get(approval.asked_by, ""),
        "first_by_name": people.get(approval.first_by or 0, ""),
        "second_by_name": people.get(approval.second_by or 0, ""),
        "reason": said.get("asked", ""),
        "first_reason": said.get("first", ""),
        "decision": said.get("granted") or said.get("refused", ""),
        "waits_for": _waits_for(approval),
        "case": _case(case),
        "earlier": [
            {"id": a.pk, "kind": a.kind, "state": a.state, "asked_at": a.asked_at}
            for a in all_of_case
            if a.pk < approval.pk
        ],
        "effect": effect_of(approval.kind, approval.until, case, now=now),
    }


def _waits_for(approval: Approval) -> list[str]:
    """Roles that may decide now; empty when it is decided."""
    return [] if approval.state in DECIDED else sorted(r.value for r in deciders(approval))


def _case(case: Case) -> dict[str, Any]:
    cls, lead = case.case_class, case.lead_department
    names = ("number", "state", "title", "address", "alert", "due_at", "handle_due_at")
    names += ("late_ever", "exempt", "extensions", "dispatched_at", "handled_at", "received_at")
    return {
        **{name: getattr(case, name) for name in names},
        "class_zh": cls.name_zh if cls else None,
        "class_en": cls.name_en if cls else None,
        "department_zh": lead.name_zh if lead else None,
        "department_en": (lead.name_en or lead.name_zh) if lead else None,
    }


def effect_of(kind: str, until: datetime | None, case: Case, *, now: datetime) -> dict[str, Any]:
    """What granting would do: deadline before and after, and what is left of the clock.

    applies: whether the case is still in a state where it would do anything.
    """
    shown: dict[str, Any] = {
        "applies": still_applies(kind, State(case.state)),
        "before": case.handle_due_at,
        "after": None,
        "resumes": None,
        "limit_zh": None,
        "limit_en": None,
    }
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is None or case.handle_due_at is None:
        return shown
    calendar = work_calendar()
    shown["limit_zh"] = format_limit(condition.limit, "zh")
    shown["limit_en"] = format_limit(condition.limit, "en")
    if kind == "extension":
        shown["after"] = add(case.handle_due_at, condition.limit, calendar)
    elif kind == "suspension" and until is not None:
        left = pause(case.handle_due_at, now, condition.limit.kind, calendar)
        shown["resumes"] = until
        shown["after"] = resume(left, until, condition.limit.kind, calendar)
    return shown
