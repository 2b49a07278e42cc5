"""What the worker does for patrols."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.patrol.commands.patrols import end_forgotten
from cityloop.business.patrol.commands.retention import erase_old
from cityloop.city.jobs.registry import every

BATCH = 1_000


@every(seconds=300)
def end_forgotten_patrols(now: datetime) -> None:
    """A patrol ends with its shift."""
    end_forgotten(now=now)


@every(seconds=3600)
def erase_old_tracks(now: datetime) -> None:
    """Retention rule of the profile."""
    while erase_old(now=now, limit=BATCH) == BATCH:
        pass
