"""A slow second opinion on the clock: one minute after another, by the wall clock alone.

Shares no code with the engine; instants and limits are whole minutes.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cityloop.engines.deadlines import WorkCalendar

MINUTE = timedelta(minutes=1)


def works(at: datetime, calendar: WorkCalendar) -> bool:
    """Whether the minute that starts at this instant is office time."""
    wall = at.astimezone(ZoneInfo(calendar.timezone))
    day, moment = wall.date(), wall.time()
    free = day in calendar.holidays or wall.weekday() in calendar.weekend
    if free and day not in calendar.workdays:
        return False
    return any(a <= moment and (moment < b or b == time(0)) for a, b in calendar.periods)


def slow_add(start: datetime, minutes: int, calendar: WorkCalendar) -> datetime:
    """Earliest instant with this many office minutes after `start`."""
    at = start.astimezone(UTC)
    while minutes:
        minutes -= works(at, calendar)
        at += MINUTE
    return at


def slow_elapsed(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    """Office minutes between two instants."""
    at, last, minutes = start.astimezone(UTC), end.astimezone(UTC), 0
    while at < last:
        minutes += works(at, calendar)
        at += MINUTE
    return minutes
