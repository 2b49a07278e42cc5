"""How long a kind of data may be kept: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Bounds:
    """Days a kind may be kept: at least (law, or use), at most, and when nobody chose."""

    least: int
    most: int
    default: int


def checked_days(days: int, bounds: Bounds) -> int:
    """The days, if they lie within the bounds. Raises: DomainError("retention.days")."""
    if bounds.least <= days <= bounds.most:
        return days
    raise DomainError(
        "retention.days",
        f"{days} days; allowed here: {bounds.least} to {bounds.most}.",
        f"{days} 天不可用，此项允许 {bounds.least} 至 {bounds.most} 天。",
        where="days",
        details={"least": bounds.least, "most": bounds.most},
    )


def moment(days: int, now: datetime) -> datetime:
    """What lies before this moment is past its time."""
    return now - timedelta(days=days)
