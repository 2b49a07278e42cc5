"""What is past its time goes by itself."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.retention.commands import erase_due
from cityloop.city.jobs.registry import every


@every(seconds=3600)
def erase_what_is_due(now: datetime) -> None:
    """By the times in force."""
    erase_due(now=now)
