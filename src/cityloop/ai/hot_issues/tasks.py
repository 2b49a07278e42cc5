"""What the worker does: new reports are placed at once, at night all is grouped anew."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands import forget_old, place_new, regroup
from cityloop.ai.hot_issues.commands.placing import BATCH
from cityloop.city.db import others_write
from cityloop.city.jobs.registry import every

NIGHT, LEAST_HOURS, A_TURN_S = range(2, 5), 12, 8.0
# Between two batches, as a share of what the first took: while others write, and else.
REST, SHORT_REST = 3.0, 0.1


@every(seconds=10)
def place_new_reports(now: datetime) -> None:
    """A backlog is worked off batch by batch; others who write have most of the time."""
    end = time.monotonic() + A_TURN_S
    began = time.monotonic()
    while place_new(now=now) == BATCH and time.monotonic() < end:
        time.sleep((REST if others_write() else SHORT_REST) * (time.monotonic() - began))
        began = time.monotonic()


@every(seconds=900)
def group_anew_at_night(now: datetime) -> None:
    """Once a night."""
    last = live.standing().regrouped_at
    rested = last is None or now - last > timedelta(hours=LEAST_HOURS)
    if rested and now.astimezone(ZoneInfo(settings.TIME_ZONE)).hour in NIGHT:
        regroup(now=now)
        while forget_old(now=now):
            pass
