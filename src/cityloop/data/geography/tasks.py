"""Uploads that nobody confirmed go by themselves."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.jobs.registry import every
from cityloop.data.geography.uploads import forget_old


@every(seconds=3600)
def forget_old_uploads(now: datetime) -> None:
    """After a day."""
    forget_old(now)
