"""The loop's numbers, from the profile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityloop.city.profile import load_profile


@dataclass(frozen=True, slots=True)
class LoopSettings:
    """Numbers of profile.toml [loop]; each a fact of the city, none of the code."""

    near: float
    escalate_h: tuple[float, float, float]
    extension_max: int
    suspension_max: int
    suspension_days: int
    approval_hours: int
    reopen_max: int
    reopen_days: int
    rework_floor: float
    retention_days: int
    text_max: int
    title_max: int


@lru_cache(maxsize=1)
def loop_settings() -> LoopSettings:
    """The numbers in force."""
    given = load_profile().settings.get("loop", {})
    hours = given.get("escalate_hours", [2, 8, 24])
    return LoopSettings(
        near=float(given.get("near_fraction", 0.8)),
        escalate_h=(float(hours[0]), float(hours[1]), float(hours[2])),
        extension_max=int(given.get("extension_max", 2)),
        suspension_max=int(given.get("suspension_max", 1)),
        suspension_days=int(given.get("suspension_days", 365)),
        approval_hours=int(given.get("approval_hours", 48)),
        reopen_max=int(given.get("reopen_max", 2)),
        reopen_days=int(given.get("reopen_days", 15)),
        rework_floor=float(given.get("rework_floor", 0.5)),
        retention_days=int(given.get("retention_days", 730)),
        text_max=int(given.get("text_max", 20_000)),
        title_max=300,
    )
