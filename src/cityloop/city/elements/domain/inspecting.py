"""When a component is to be looked at next, and what may have been found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Result(StrEnum):
    """What an inspection found."""

    FINE = "fine"
    DEFECT = "defect"
    GONE = "gone"


RESULT_NAMES: dict[Result, tuple[str, str]] = {
    Result.FINE: ("完好", "in order"),
    Result.DEFECT: ("损坏", "damaged"),
    Result.GONE: ("缺失", "missing"),
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often: every so many days, counted from `since` where nobody has looked yet.

    since: None = from the day the component was registered.
    """

    every_days: int
    since: datetime | None = None

    def last_looked_before(self, now: datetime) -> datetime:
        """A component is due when it was last looked at (or registered) at this time or before."""
        return now - timedelta(days=self.every_days)

    def due_at(self, *, looked_at: datetime | None, registered_at: datetime) -> datetime:
        """When the next look is due."""
        if looked_at is None:
            looked_at = registered_at if self.since is None else max(registered_at, self.since)
        return looked_at + timedelta(days=self.every_days)


def rhythm_by_community(
    everywhere: Rhythm | None,
    plans: Mapping[int, Rhythm],
    chains: Iterable[tuple[int, Iterable[int]]],
) -> dict[int, Rhythm]:
    """The rhythm of each community: the plan of the nearest area above it wins.

    Args:
        everywhere: where no area has a plan; None = nothing is due there.
        plans: by area id.
        chains: each community with its areas, highest first, itself last.
    """
    found = {}
    for community, above in chains:
        rhythm = everywhere
        for area in above:
            rhythm = plans.get(area, rhythm)
        if rhythm is not None:
            found[community] = rhythm
    return found
