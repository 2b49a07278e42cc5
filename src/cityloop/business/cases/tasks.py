"""What the worker does for the loop: clocks ring, reporters are erased when their day has come."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from cityloop.ai.registry.commands import forget_answers, keep_promises
from cityloop.ai.triage.queries import forget
from cityloop.business.cases.commands import erase_reporters, ring_due
from cityloop.business.cases.model_outcomes import judged_since
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.jobs.registry import every

BATCH = 500


@every(seconds=1)
def ring_case_timers(now: datetime) -> None:
    """Fire what is due; a backlog (after a stand-still) is worked off batch by batch."""
    for _ in range(20):
        if ring_due(now=now, limit=BATCH) < BATCH:
            return


@every(seconds=3600)
def erase_old_reporters(now: datetime) -> None:
    """Retention rule of the profile."""
    while erase_reporters(now=now) == 1000:
        pass


@every(seconds=1800)
def judge_models(now: datetime) -> None:
    """Who falls under its promise stops deciding by itself; answers come by the follower."""
    forget_answers(before=judged_since(now))
    if keep_promises(actor=SYSTEM, now=now, today=timezone.localdate(now)):
        forget()
