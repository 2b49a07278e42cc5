"""Rows left out may hold personal data: they go when reporters' data goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from cityloop.business.cases.settings import loop_settings
from cityloop.business.intake.models import LeftOutRow
from cityloop.city.db import write


def forget_left_out(*, now: datetime, limit: int = 5_000) -> int:
    """Delete cells of rows left out that are older than the retention rule; counts stay."""
    before = now - timedelta(days=loop_settings().retention_days)
    old = LeftOutRow.objects.filter(run__created_at__lt=before)
    with write():
        count, _ = LeftOutRow.objects.filter(
            pk__in=list(old.values_list("pk", flat=True)[:limit])
        ).delete()
    return count
