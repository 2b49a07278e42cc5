"""What is given from above, what a warning is, how it is judged: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cityloop.engines.forecast import DailyCounts
from cityloop.engines.forecast.counts import Counts

Named = tuple[str, str]
WHOLE_CITY, EVERY_TOPIC, SMALL = 0, "", "*"


@dataclass(frozen=True)
class Demand:
    """Reports of the past, as the business platform counts them.

    counts: cells (area id as text, topic key), whole local days up to yesterday. recent: the last
    of these days with their hours, equal cells; None where hours are not known. today: reports
    of today by hour, shape (24, cells). off, swapped: public holidays and weekend days worked.
    topics: names (zh, en) by topic key.
    """

    counts: DailyCounts
    recent: DailyCounts | None = None
    today: Counts | None = None
    off: frozenset[date] = frozenset()
    swapped: frozenset[date] = frozenset()
    topics: Mapping[str, Named] = field(default_factory=dict)


class Outcome(StrEnum):
    """What became of a warning, or of a day without one."""

    HIT = "hit"
    FALSE_ALARM = "false_alarm"
    MISS = "miss"


def judged(actual: int, line: float, *, was_warned: bool) -> Outcome | None:
    """The outcome of a day that is over; None for a quiet day without a warning.

    Example: >>> judged(12, 9.0, was_warned=False)
        <Outcome.MISS: 'miss'>
    """
    over = actual > line
    if was_warned:
        return Outcome.HIT if over else Outcome.FALSE_ALARM
    return Outcome.MISS if over else None


def lead_hours(made_at: datetime, crossed_at: datetime) -> float:
    """Hours between a warning and the moment the line was crossed; below 0: it came too late."""
    return round((crossed_at - made_at).total_seconds() / 3600, 1)


def said_reason(
    *,
    mean: float,
    usual: float,
    recent: float,
    before: float,
    same_days: float,
    weekday: int,
) -> list[Named]:
    """Why more is expected than usual, in words, the strongest first; only what holds.

    Args:
        mean: expected. usual: mean of all days of the last 20 weeks; same_days: of the same
            weekday. recent, before: mean of the last 7 days and of the 56 before them.
    """
    found: list[tuple[float, Named]] = []
    if usual > 0 and same_days / usual >= 1.1:
        share = same_days / usual - 1
        found.append((share, (
            f"{WEEKDAYS_ZH[weekday]}通常比平均日多 {share:.0%}",
            f"{WEEKDAYS_EN[weekday]}s usually bring {share:.0%} more than an average day",
        )))  # fmt: skip
    if before > 0 and recent / before >= 1.1:
        share = recent / before - 1
        found.append((share, (
            f"近 7 天日均 {recent:.1f} 件，比此前 8 周高 {share:.0%}",
            f"the last 7 days had {recent:.1f} a day, {share:.0%} more than the 8 weeks before",
        )))  # fmt: skip
    found.sort(key=lambda one: -one[0])
    base = (
        f"预计 {mean:.0f} 件，平日约 {usual:.0f} 件",
        f"{mean:.0f} expected, about {usual:.0f} on an average day",
    )
    return [base, *(words for _, words in found)]


WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
