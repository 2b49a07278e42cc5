"""Counting visits of people without an account."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

from cityloop.city.accounts.domain import plain_source
from cityloop.city.db import write
from cityloop.city.limits.domain import Allowance, allowance_of, visit_key, window_end
from cityloop.city.limits.models import Visits
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import NotAllowed

DEFAULTS: dict[str, list[int]] = {
    "reports": [60, 600],
    "photos": [300, 600],
    "numbers": [60, 600],
    "places": [600, 600],
}
ADD = (
    "INSERT INTO {table} (key, n, ends_at) VALUES (%s, 1, %s) "
    "ON CONFLICT (key) DO UPDATE SET n = {table}.n + 1 RETURNING n"
)


def count_visit(door: str, source: str, *, now: datetime) -> None:
    """Count one visit of a source.

    Args:
        door: "reports", "photos", "numbers" or "places": a key of [public.limits].
        source: the address the request comes from; kept as a keyed hash.
    Raises: NotAllowed("limit.reached", 429) with details.retry_after_s.
    """
    allowed = allowance(door)
    ends_at = window_end(now, allowed.seconds)
    key = visit_key(door, plain_source(source), ends_at, settings.SECRET_KEY)
    if _raised(key, ends_at) > allowed.visits:
        raise _too_often(allowed, max(1, int((ends_at - now).total_seconds())))


def allowance(door: str) -> Allowance:
    """What the profile allows at a door."""
    given = load_profile().settings.get("public", {}).get("limits", {})
    return allowance_of(door, given.get(door, DEFAULTS[door]))


def forget_old_visits(*, now: datetime) -> int:
    """Delete windows that are over; how many rows there were."""
    return Visits.objects.filter(ends_at__lt=now).delete()[0]


def _raised(key: str, ends_at: datetime) -> int:
    table = connection.ops.quote_name(Visits._meta.db_table)
    ends = connection.ops.adapt_datetimefield_value(ends_at)
    with write(), connection.cursor() as cursor:
        cursor.execute(ADD.format(table=table), [key, ends])
        return int(cursor.fetchone()[0])


def _too_often(allowed: Allowance, wait_s: int) -> NotAllowed:
    phone = str(load_profile().settings.get("public", {}).get("phone", "12345"))
    minutes = -(-wait_s // 60)
    return NotAllowed(
        "limit.reached",
        f"There were more than {allowed.visits} tries from your network in "
        f"{allowed.seconds // 60} minutes. Try again in {minutes} min; what you typed stays on "
        f"your phone. If it is urgent, call {phone}.",
        f"您所在的网络 {allowed.seconds // 60} 分钟内提交超过 {allowed.visits} 次，"
        f"请 {minutes} 分钟后再试，已填写的内容会保留在手机上。事情紧急请拨打 {phone}。",
        status=429,
        details={"retry_after_s": wait_s},
    )
