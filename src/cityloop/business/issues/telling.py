"""Who is told of an alarm: those of the issue's areas who can do something about it, once each."""

from __future__ import annotations

from datetime import datetime

from cityloop.ai.hot_issues import queries as kept
from cityloop.ai.hot_issues.models import Issue
from cityloop.business.notify.commands import tell_staff
from cityloop.city.accounts.domain import SUPERVISORS, Role
from cityloop.city.accounts.queries import role_holders
from cityloop.city.audit.domain import EventView, masked_text
from cityloop.city.places.queries import tree

TOLD = SUPERVISORS | {Role.DISPATCHER, Role.ANALYST}


def tell_of_alarm(event: EventView, *, now: datetime) -> None:
    """Notices of one `issue.alarm`, in the transaction of its follower."""
    issue = kept.find_issue(event.subject_id)
    if issue is None or issue.state not in kept.SHOWN:
        return  # dismissed or merged before anybody was told
    areas = {area.id for area in tree().roots} | kept.areas_of(issue)
    people = {one.user_id for one in role_holders(areas) if one.role in TOLD}
    link = f"/issues/{issue.pk}/"
    tell_staff(people, event, text=_words(event, issue), link=link, now=now)


def _words(event: EventView, issue: Issue) -> tuple[str, str]:
    title = masked_text(issue.title)
    zh_why, en_why = _reason(event)
    return (
        f"热点预警：{title}。{zh_why}，共 {event.data['reports']} 件，{issue.unsolved} 件未办结。",
        f"Hot issue alarm: {title}. {en_why}; {event.data['reports']} reports in all, "
        f"{issue.unsolved} not solved.",
    )


def _reason(event: EventView) -> tuple[str, str]:
    data = event.data
    if data["alarm"] == "growth" and "this_week" not in data:  # of an older program
        return "近 7 天明显增多", "Many more in the last 7 days"
    if data["alarm"] == "growth":
        week, more = data["this_week"], data["this_week"] - data["last_week"]
        return (
            f"近 7 天 {week} 件，比前 7 天多 {more} 件",
            f"{week} in the last 7 days, {more} more than in the 7 before",
        )
    limit = kept.limits_in_force().alarm_heat
    return (
        f"热度 {data['heat']:.1f}，达到预警值 {limit:g}",
        f"Heat {data['heat']:.1f}, alarm from {limit:g}",
    )
