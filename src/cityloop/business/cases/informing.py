"""Whom to tell about a case, and the facts a text to them is filled with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cityloop.business.cases.domain.headline import headline
from cityloop.business.cases.models import Case, Report, Reporter
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write

UNLOCATED = {"unknown", "outside"}


@dataclass(frozen=True, slots=True)
class ToTell:
    """One report whose sender is told.

    Args:
        number: of the case the sender knows, also after it was merged into another.
        has_contact: a phone or another address was left.
    """

    report_id: int
    number: str
    title: str
    channel: str
    has_contact: bool


@dataclass(frozen=True, slots=True)
class CaseNews:
    """What texts say about a case as it is now."""

    department_zh: str
    department_en: str
    handle_due_at: datetime | None
    due_at: datetime | None
    closing_note: str
    is_located: bool


def reports_to_tell(case_ids: Iterable[int]) -> dict[int, list[ToTell]]:
    """The reports behind these cases, with those of all cases merged into them."""
    root_of = {case_id: {case_id} for case_id in case_ids}  # case -> asked cases it stands behind
    frontier = set(root_of)
    while frontier:
        merged = Case.objects.filter(merged_into_id__in=frontier).values_list(
            "pk", "merged_into_id"
        )
        frontier = set()
        for pk, target in merged:
            known = root_of.setdefault(pk, set())
            if not root_of[target] <= known:
                known |= root_of[target]
                frontier.add(pk)
    found = defaultdict(list)
    reports = Report.objects.filter(case_id__in=root_of, reporter__erased_at__isnull=True)
    who = ("reporter__phone", "reporter__contact", "reporter__user_id")
    columns = ("pk", "case_id", "case__number", "title", "text", "channel", *who)
    # Plain columns: a case has seventy, and this is asked for every move of every case.
    rows = reports.order_by("pk").values_list(*columns)
    for pk, case_id, number, title, text, channel, *ways in rows:
        to_tell = ToTell(pk, number, title or headline(text), channel, any(ways))
        for root in root_of[case_id]:
            found[root].append(to_tell)
    return dict(found)


def report_of_key(key: str) -> int:
    """The report that a follow-up key belongs to. Raises: NotFound("follow.unknown")."""
    from cityloop.business.cases.commands.reporters import find_by_follow_key, follow_digest

    find_by_follow_key(key)
    return int(Reporter.objects.get(follow_digest=follow_digest(key)).report_id)


def news_of(case_ids: Iterable[int]) -> dict[int, CaseNews]:
    """The facts of these cases."""
    department = ("lead_department__name_zh", "lead_department__name_en")
    columns = ("pk", *department, "handle_due_at", "due_at", "closing_note", "located_by")
    rows = Case.objects.filter(pk__in=list(case_ids)).values_list(*columns)
    return {
        pk: CaseNews(zh or "", en or "", handle_due_at, due_at, note, by not in UNLOCATED)
        for pk, zh, en, handle_due_at, due_at, note, by in rows
    }


def phone_for_notice(report_id: int, *, now: datetime) -> str:
    """The phone of a reporter, opened to send one notice, on record; "" where there is none."""
    from cityloop.business.cases.commands.reporters import key_ring

    with write():
        row = Reporter.objects.filter(report_id=report_id, erased_at__isnull=True).first()
        if row is None or not row.phone:
            return ""
        draft = Draft("reporter.told", "report", report_id, data={"why": "notice"})
        record(draft, actor=SYSTEM, now=now)
    return str(key_ring().unseal(row.phone, context=f"reporter:{report_id}:phone"))
