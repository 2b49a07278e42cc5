"""Uploads that nobody confirmed go by themselves; the map is baked anew at night."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.jobs.registry import every
from cityloop.data.geography.baking.nightly import bake_if_due
from cityloop.data.geography.uploads import forget_old


@every(seconds=3600)
def forget_old_uploads(now: datetime) -> None:
    """After a day."""
    forget_old(now)


@every(seconds=900)
def bake_at_night(now: datetime) -> None:
    """Where a layer has changed since the map was baked."""
    bake_if_due(now)
