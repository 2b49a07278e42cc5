"""What the worker does for the usage figures."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.jobs.registry import every
from cityloop.hub.usage.commands import fold_days


@every(seconds=3600)
def fold_uses(now: datetime) -> None:
    """Rows of persons do not grow old."""
    fold_days(now=now)
