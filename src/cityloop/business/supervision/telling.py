"""Whoever owes the next step is told when it is urged; a department, when its work or what it asked
for came back. An urge is to be answered within hours: nobody may have to look for it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.cases.queries import get_case
from cityloop.business.catalogue.queries import stage_limit, work_calendar
from cityloop.business.notify.commands import is_news, tell_staff
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, SYSTEM
from cityloop.city.accounts.queries import departments_by_key, role_holders
from cityloop.city.audit.domain import EventView, masked_text
from cityloop.engines.deadlines import add
from cityloop.kernel.errors import NotFound

LEVELS = ("city", "district", "subdistrict", "community")
URGED = "case.urge"
# What came back to the department, in the words of its notice.
CAME_BACK: dict[str, tuple[str, str]] = {
    "case.fail": ("核查未通过，退回返工", "Verification failed, back to be handled again"),
    "case.send_back": ("退回返工", "Sent back to be handled again"),
    "case.extension_granted": ("延期已批准", "More time was granted"),
    "case.extension_refused": ("延期未获批准", "More time was refused"),
    "case.suspension_granted": ("挂账已批准", "The suspension was granted"),
    "case.suspension_refused": ("挂账未获批准", "The suspension was refused"),
    "case.appeal_granted": ("申诉成立", "The appeal was granted"),
    "case.appeal_refused": ("申诉不成立", "The appeal was refused"),
}
BY_LEVEL = {
    "community": ("社区督办", "Urged by the community"),
    "subdistrict": ("街道督办", "Urged by the subdistrict"),
    "district": ("区级督办", "Urged by the district"),
}
TITLE = 40


def concerns_a_post(event: EventView) -> bool:
    """Whether an event is told to those who owe the next step."""
    return event.kind == URGED or event.kind in CAME_BACK


def tell_who_owes(event: EventView, *, now: datetime) -> None:
    """Notices of one event, without the free words that stand on its page."""
    if not is_news(event, now=now):
        return
    try:
        case = get_case(SYSTEM, event.subject_id)
    except NotFound:  # erased meanwhile
        return
    is_urge = event.kind == URGED
    at_department = not is_urge or case.owner_role in DEPARTMENT_ROLES
    people = _department_people(event) if at_department else _post_people(event, case.owner_role)
    title = masked_text(case.title)[:TITLE]
    zh, en = _urged(event) if is_urge else _came_back(event, case.handle_due_at)
    text = (f"{zh[0]}：{title}。{zh[1]}", f"{en[0]}: {title}. {en[1]}")
    people.discard(event.actor_id or 0)
    tell_staff(people, event, text=text, link=f"/cases/{case.number}/", now=now)


def _urged(event: EventView) -> tuple[tuple[str, str], tuple[str, str]]:
    zh, en = BY_LEVEL.get(str(event.data.get("level")), ("督办", "Urged"))
    due = _clock(add(event.at, stage_limit("respond"), work_calendar()))
    return (zh, f"请在 {due} 前办理或答复。"), (en, f"To be answered by {due}.")


def _came_back(
    event: EventView, due_at: datetime | None
) -> tuple[tuple[str, str], tuple[str, str]]:
    zh, en = CAME_BACK[event.kind]
    if due_at is None or event.kind.startswith(("case.appeal", "case.suspension_granted")):
        return (zh, ""), (en, "")
    return (zh, f"处置截止 {_clock(due_at)}。"), (en, f"Result due {_clock(due_at)}.")


def _clock(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%m-%d %H:%M")


def _department_people(event: EventView) -> set[int]:
    departments = departments_by_key().values()
    lead = next((d.name_zh for d in departments if d.pk == event.data.get("department")), None)
    held = [one for one in role_holders(_areas(event)) if one.role in DEPARTMENT_ROLES]
    return {one.user_id for one in held if lead and one.department_name == lead}


def _post_people(event: EventView, role: str) -> set[int]:
    return {one.user_id for one in role_holders(_areas(event)) if one.role == role}


def _areas(event: EventView) -> set[int]:
    return {area for level in LEVELS if (area := event.data.get(level))}
