"""A worker's own figures follow the trace: counted once, in the transaction of their cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from cityloop.business.patrol.commands.defects import is_defect, report_defects
from cityloop.business.patrol.models import OwnReport, WorkerFigure
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower

CHANNEL = "grid"
# What a report turned out to be. A duplicate is neither right nor wrong.
OUTCOMES = {
    "case.file": "valid",
    "case.settle": "valid",
    "case.reject": "invalid",
    "case.merge": "merged",
    "case.withdraw": "withdrawn",
}
ON_SITE = {
    "case.confirm": "checked",
    "case.refute": "checked",
    "case.pass": "verified",
    "case.fail": "verified",
}
ADD = """
INSERT INTO {table} (user_id, day, measure, n) VALUES (%s, %s, %s, %s)
ON CONFLICT (user_id, measure, day) DO UPDATE SET n = {table}.n + excluded.n
"""


def _counts(event: EventView) -> bool:
    own = event.kind == "case.receive" and event.data.get("channel") == CHANNEL
    return own or event.kind in OUTCOMES or event.kind in ON_SITE


@follower("worker figures", batch=2_000, of=_counts)
def count(events: Sequence[EventView], now: datetime) -> None:
    """Add what these events say of a worker's reports and on-site looks."""
    zone = ZoneInfo(settings.TIME_ZONE)
    total: Counter[tuple[int, date, str]] = Counter()
    for event in events:
        day = event.at.astimezone(zone).date()
        if event.actor_kind != "person" or event.actor_id is None:
            continue
        if event.kind in ON_SITE:
            total[event.actor_id, day, ON_SITE[event.kind]] += 1
            if event.data.get("stage_on_time"):
                total[event.actor_id, day, f"{ON_SITE[event.kind]}_on_time"] += 1
        elif event.kind == "case.settle":
            total[event.actor_id, day, "settled"] += 1
        elif event.kind == "case.receive" and event.data.get("channel") == CHANNEL:
            total[event.actor_id, day, "reported"] += 1
    _outcomes(events, total, zone)
    _add(total)


def _outcomes(
    events: Sequence[EventView], total: Counter[tuple[int, date, str]], zone: ZoneInfo
) -> None:
    fresh = {
        e.subject_id: e.actor_id
        for e in events
        if e.kind == "case.receive" and e.actor_id is not None and e.data.get("channel") == CHANNEL
    }
    ended = {e.subject_id: e for e in reversed(events) if e.kind in OUTCOMES}
    owners = dict(
        OwnReport.objects.filter(case_id__in=ended.keys() - fresh.keys()).values_list(
            "case_id", "user_id"
        )
    )
    owners |= {case: user for case, user in fresh.items() if case in ended}
    for case, user in owners.items():
        event = ended[case]
        total[user, event.at.astimezone(zone).date(), OUTCOMES[event.kind]] += 1
    OwnReport.objects.filter(case_id__in=owners).delete()
    waiting = [OwnReport(case_id=c, user_id=u) for c, u in fresh.items() if c not in ended]
    OwnReport.objects.bulk_create(waiting, ignore_conflicts=True)


def _add(total: Counter[tuple[int, date, str]]) -> None:
    table = connection.ops.quote_name(WorkerFigure._meta.db_table)
    rows = [(*key, n) for key, n in sorted(total.items())]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(ADD.format(table=table), rows)


@follower("defects of components", batch=200, of=is_defect)
def defects(events: Sequence[EventView], now: datetime) -> None:
    """What an inspection found wrong becomes a report, and so a case."""
    report_defects(events, now=now)
