"""The nightly pass: the newest reports grouped anew, under the names that are known."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

import numpy as np
from django.db.models import Q

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands.figures import refresh
from cityloop.ai.hot_issues.live import Held
from cityloop.ai.hot_issues.models import Apart, Issue, Looked
from cityloop.city.bulk import update_rows
from cityloop.city.db import write
from cityloop.engines.hot_issues import find_issues
from cityloop.engines.hot_issues.identity import keep_names

NIGHT_MOST = 40_000
"""All pairs of so many are in memory at once (some 0.6 GB for 30,000)."""
BATCH, FIGURES_DAYS = 500, 120
"""Reports written at once; heat has come to rest so many days after the last report."""


def regroup(*, now: datetime) -> int:
    """Group the newest 40,000 anew; older reports stay where they are.

    What people put together stays, what they took out stays out.
    Returns: how many reports changed their issue.
    """
    since = now - timedelta(days=live.WINDOW_DAYS)
    seen = live.standing().revision
    rows = live.newest(since=since, most=NIGHT_MOST)
    labels = find_issues(live.reports_of(rows), together=_together(rows), apart=_apart(rows))
    before = np.array([-1 if r.issue_id is None else r.issue_id for r in rows], dtype=np.int64)
    with write():
        standing = live.standing()
        if standing.revision != seen:
            return 0  # a person decided meanwhile; the next pass sees it
        names, _ = keep_names(before, labels, free=live.next_issue_id())
        changed = [
            (row, int(name)) for row, name, old in zip(rows, names, before, strict=True)
            if name != old
        ]  # fmt: skip
        _write(changed, now)
        standing.revision += 1
        standing.regrouped_at = now
        standing.save()
        touched = {row.issue_id for row, _ in changed if row.issue_id is not None}
        touched |= {name for _, name in changed if name >= 0}
        refresh(touched | _still_moving(now), now=now)
    live.forget()  # the index is read anew, with the words of these days
    return len(changed)


def _still_moving(now: datetime) -> set[int]:
    """Issues whose figures change with time alone: reports of late, or somebody waits."""
    living = Issue.objects.exclude(state__in=["merged", "ended"])
    late = Q(last_at__gte=now - timedelta(days=FIGURES_DAYS)) | Q(unsolved__gt=0)
    return set(living.filter(late).values_list("pk", flat=True))


def _together(rows: list[Held]) -> list[list[int]]:
    held: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        if row.pinned and row.issue_id is not None:
            held.setdefault(row.issue_id, []).append(number)
    return [numbers for numbers in held.values() if len(numbers) > 1]


def _apart(rows: list[Held]) -> list[tuple[int, int]]:
    number = {row.report_id: n for n, row in enumerate(rows)}
    members: dict[int, list[int]] = {}
    for n, row in enumerate(rows):
        if row.issue_id is not None:
            members.setdefault(row.issue_id, []).append(n)
    return [
        (number[a.report_id], other)
        for a in Apart.objects.all()
        if a.report_id in number
        for other in members.get(a.issue_id, ())
        if other != number[a.report_id]
    ]


def _write(changed: list[tuple[Held, int]], now: datetime) -> None:
    numbers = {name for _, name in changed if name >= 0}
    known = set(Issue.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    first = {name: row for row, name in reversed(changed)}
    Issue.objects.bulk_create(
        Issue(id=n, title=first[n].title, created_at=now, updated_at=now,
              first_at=first[n].received_at, last_at=first[n].received_at)
        for n in sorted(numbers - known)
    )  # fmt: skip
    name_of = {row.report_id: name for row, name in changed}
    waiting = iter(name_of)
    while some := list(islice(waiting, BATCH)):
        rows = list(Looked.objects.filter(report_id__in=some))
        for row in rows:
            name = name_of[row.report_id]
            row.issue_id = name if name >= 0 else None
            row.similarity = 0.0 if name < 0 else row.similarity
        update_rows(Looked, rows, ["issue", "similarity"])
