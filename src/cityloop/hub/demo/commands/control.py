"""Starting, stopping, speeding up the simulator."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from cityloop.hub.demo.models import Town
from cityloop.hub.demo.queries import get_town
from cityloop.hub.demo.simulator import FASTEST, SLOWEST
from cityloop.kernel.errors import DomainError, NotFound


def set_simulator(*, runs: bool | None = None, speed: float | None = None, now: datetime) -> Town:
    """Change how the town lives.

    Raises: NotFound("demo.off" | "demo.none"), DomainError("demo.speed").
    """
    if not settings.DEMO:
        raise NotFound("demo.off", "This is no demo.", "当前不是演示环境。")
    town = get_town()
    if speed is not None:
        if not SLOWEST <= speed <= FASTEST:
            raise DomainError(
                "demo.speed",
                f"Speed {speed} is not between {SLOWEST:.0f} and {FASTEST:.0f}.",
                f"速度 {speed} 应在 {SLOWEST:.0f} 至 {FASTEST:.0f} 之间。",
                where="speed",
            )
        town.speed = speed
    if runs is not None:
        if runs and not town.runs:
            town.told_until = now  # the time it stood still is not made up for
        town.runs = runs
    town.save(update_fields=["speed", "runs", "told_until"])
    return town
