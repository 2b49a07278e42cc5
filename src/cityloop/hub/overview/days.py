"""Days of the city's own zone."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings


def zone() -> ZoneInfo:
    """The zone in which a day begins at midnight."""
    return ZoneInfo(settings.TIME_ZONE)


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone())


def same_time(day: date, now: datetime) -> datetime:
    """The moment of another day at which the clock shows what it shows now, to the second."""
    shown = now.astimezone(zone()).time().replace(microsecond=0)
    return datetime.combine(day, shown, zone())
