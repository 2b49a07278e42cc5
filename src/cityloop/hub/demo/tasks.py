"""The worker keeps the demo town alive; without a town there is nothing to do."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from cityloop.city.jobs.registry import every


@every(seconds=1)
def live_on(now: datetime) -> None:
    """One moment of the simulator."""
    if not settings.DEMO:
        return
    from cityloop.hub.demo.simulator import tick

    tick(now)
