"""Reports and what becomes of their cases go to the grouping; of alarms people are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.ai.hot_issues.commands import follow_cases, take_in
from cityloop.business.cases.facts import case_standing, report_facts
from cityloop.business.issues.telling import tell_of_alarm
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower

# These say nothing of whether the matter is open, of its class or its department.
SILENT = frozenset({"case.receive", "case.comment", "case.urge", "case.near", "case.late"})


@follower("issues", batch=200)
def follow(events: Sequence[EventView], now: datetime) -> None:
    """New reports are written down; members follow their cases."""
    of_cases = [e for e in events if e.subject_type == "case"]
    came = [int(e.data["report"]) for e in of_cases
            if e.kind == "case.receive" and e.data.get("report")]  # fmt: skip
    take_in(report_facts(came))
    moved = {e.subject_id for e in of_cases if e.kind not in SILENT}
    if moved:
        follow_cases(case_standing(moved), now=now)


@follower("issue_alarms", batch=1_000, of=lambda e: e.kind == "issue.alarm")
def tell(events: Sequence[EventView], now: datetime) -> None:
    """Apart from the grouping, so that trouble in telling holds up nothing else."""
    for event in events:
        if event.kind == "issue.alarm":
            tell_of_alarm(event, now=now)
