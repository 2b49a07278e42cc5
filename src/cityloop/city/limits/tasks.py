"""Upkeep of the counts."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.jobs.registry import every
from cityloop.city.limits.commands import forget_old_visits


@every(seconds=3600)
def forget_visits(now: datetime) -> None:
    """A window that is over is of no use, so its rows go."""
    forget_old_visits(now=now)
