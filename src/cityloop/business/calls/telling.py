"""Somebody asks again about an overdue case: those who owe an answer are told, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from cityloop.business.calls.queries import department_names
from cityloop.business.notify.commands import tell_staff
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, SUPERVISORS, SYSTEM
from cityloop.city.accounts.queries import role_holders
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.queries import trace

LEVELS = ("city", "district", "subdistrict", "community")
QUIET = timedelta(days=1)
"""Who asks every hour is told to nobody every hour."""


def is_pressing(event: EventView) -> bool:
    """Whether a reporter said something about a case that was overdue then."""
    return event.kind == "case.said" and event.data.get("alert") == "late"


def tell_of_pressing(event: EventView, *, now: datetime) -> None:
    """Notices to the lead department and to the supervisors of the area, without the words."""
    if _asked_lately(event):
        return
    areas = {area for level in LEVELS if (area := event.data.get(level))}
    lead = department_names(event.data.get("department"))
    people = {
        one.user_id
        for one in role_holders(areas)
        if one.role in SUPERVISORS
        or (one.role in DEPARTMENT_ROLES and one.department_name == lead["department_zh"])
    }
    number = event.data["number"]
    zh = f"案卷 {number} 已超期，反映人又来催问"
    en = f"Case {number} is overdue and its reporter asked again"
    if lead["department_zh"]:
        zh, en = f"{zh}，由{lead['department_zh']}办理", f"{en}; with {lead['department_en']}"
    tell_staff(people, event, text=(f"{zh}。", f"{en}."), link=f"/cases/{number}/", now=now)


def _asked_lately(event: EventView) -> bool:
    rows = trace("case", event.subject_id, viewer=SYSTEM)
    return any(
        row.kind == "case.said"
        and row.data.get("alert") == "late"  # what was added before it was late urged nobody
        and row.id != event.id
        and event.at - QUIET < row.at <= event.at
        for row in rows
    )
