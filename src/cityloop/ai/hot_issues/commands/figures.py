"""The figures of an issue, from its members; and the alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np

from cityloop.ai.hot_issues.domain import alarm_of
from cityloop.ai.hot_issues.live import day_of
from cityloop.ai.hot_issues.models import Issue, Looked
from cityloop.ai.hot_issues.settings import limits
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.bulk import update_rows
from cityloop.city.viewer import SYSTEM
from cityloop.engines.hot_issues import common_words, heat_of

READ = 60
"""Words are taken from so many members: an issue of thousands has the same ones."""
SHOWN_DEPARTMENTS = 4
AT_ONCE = 200
"""Issues whose members are in memory together."""


def refresh(issue_ids: Collection[int], *, now: datetime) -> None:
    """Count anew; an issue without members has ended; a first alarm goes on record."""
    waiting = iter(sorted(issue_ids))
    while some := list(islice(waiting, AT_ONCE)):
        _refresh(some, now)


def _refresh(issue_ids: list[int], now: datetime) -> None:
    members: dict[int, list[Looked]] = {pk: [] for pk in issue_ids}
    found = Looked.objects.filter(issue_id__in=issue_ids)
    for row in found.order_by("received_at", "report_id"):
        members[row.issue_id or 0].append(row)
    issues = list(Issue.objects.filter(pk__in=issue_ids))
    alarms = []
    for issue in issues:
        if not members[issue.pk]:
            issue.reports = issue.persons = issue.unsolved = 0
            issue.heat, issue.updated_at = 0.0, now
            issue.state = issue.state if issue.state == "merged" else "ended"
            continue
        if issue.state == "ended":
            issue.state = "open"
        _count(issue, members[issue.pk], now)
        if issue.alarm and issue.alarmed_at is None and issue.state in {"open", "confirmed"}:
            issue.alarmed_at = now
            alarms.append(_alarm(issue, members[issue.pk]))
    names = [f.name for f in Issue._meta.fields if not f.primary_key]
    update_rows(Issue, issues, names)
    if alarms:
        record_many(alarms, actor=SYSTEM, now=now)


def _alarm(issue: Issue, rows: list[Looked]) -> Draft:
    """With the areas that all its reports share, so that who follows one area hears of it."""
    names = ("alarm", "heat", "reports", "this_week", "last_week")
    data: dict[str, Any] = {name: getattr(issue, name) for name in names}
    for level in ("district", "subdistrict", "community"):
        places = {getattr(row, f"{level}_id") for row in rows}
        data |= {level: places.pop()} if len(places) == 1 else {}
    return Draft("issue.alarm", "issue", issue.pk, data=data)


def _count(issue: Issue, rows: list[Looked], now: datetime) -> None:
    days = [day_of(r.received_at) for r in rows]
    is_open = [r.is_open for r in rows]
    heat = heat_of(days, [r.sender for r in rows], is_open, today=day_of(now))
    issue.heat, issue.reports, issue.persons = heat.value, heat.reports, heat.persons
    issue.this_week, issue.last_week, issue.peak = heat.this_week, heat.last_week, heat.peak
    issue.unsolved_days, issue.trend = heat.unsolved_days, list(heat.trend)
    waiting = [r for r in rows if r.is_open]
    issue.unsolved = len(waiting)
    issue.oldest_number = waiting[0].case_number if waiting else ""
    issue.first_at, issue.last_at, issue.updated_at = rows[0].received_at, rows[-1].received_at, now
    placed = [(r.lon, r.lat) for r in rows if r.lon is not None and r.lat is not None]
    middle = np.median(np.array(placed), axis=0).tolist() if placed else [None, None]
    issue.lon, issue.lat = middle
    departments = Counter(r.department_id for r in rows if r.department_id is not None)
    issue.departments = [list(pair) for pair in departments.most_common(SHOWN_DEPARTMENTS)]
    issue.words = common_words([f"{r.title}。{r.text}" for r in rows[-READ:]])
    issue.title = _title(rows, issue.words)
    issue.alarm = alarm_of(heat, limits())
    if not issue.alarm:
        issue.alarmed_at = None


def _title(rows: list[Looked], words: list[str]) -> str:
    """The title of the member that says most of the common words, in the fewest characters."""
    best = max(rows[-READ:], key=lambda r: (sum(w in r.title for w in words), -len(r.title)))
    return best.title or best.text[:80] or "、".join(words)
