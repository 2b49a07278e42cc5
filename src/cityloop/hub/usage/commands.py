"""Writing counts, and making days of persons' rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum

from cityloop.city.db import write
from cityloop.hub.usage.models import DayFigure, Use

KEEP_DAYS = 35
ADD = """INSERT INTO usage_use (day, user_id, role, function, uses) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (user_id, day, function, role) DO UPDATE SET uses = usage_use.uses + excluded.uses"""


def add_uses(counts: Mapping[tuple[date, int, str, str], int]) -> None:
    """Add to the rows of (day, user, role, function); the same statement on both databases."""
    # In one order everywhere, so that two processes never wait for each other's rows crosswise.
    rows = [(key[0].isoformat(), *key[1:], n) for key, n in sorted(counts.items())]
    with write(), connection.cursor() as cursor:
        cursor.executemany(ADD, rows)


def fold_days(*, now: datetime) -> int:
    """Turn rows of persons older than KEEP_DAYS into counts of the day; how many rows went.

    Counts once made are added to if rows of that day still come (a server stopped for weeks).
    """
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    with write():
        old = Use.objects.filter(day__lt=today - timedelta(days=KEEP_DAYS))
        groups = old.values("day", "function", "role").annotate(n=Count("user"), sum=Sum("uses"))
        for group in groups:
            figure, _ = DayFigure.objects.get_or_create(
                day=group["day"], function=group["function"], role=group["role"],
                defaults={"people": 0, "uses": 0},
            )  # fmt: skip
            figure.people = max(figure.people, group["n"])
            figure.uses += group["sum"]
            figure.save()
        return old.delete()[0]
