"""Reports come in from above; what becomes of their cases is followed; old ones are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands.figures import refresh
from cityloop.ai.hot_issues.domain import TEXT_KEPT, Facts
from cityloop.ai.hot_issues.models import Alike, Looked
from cityloop.ai.hot_issues.settings import limits
from cityloop.city.bulk import update_rows
from cityloop.city.db import write


def take_in(facts: Iterable[Facts]) -> None:
    """Write reports down for grouping; one that came before is left as it is."""
    rows = [
        Looked(
            report_id=f.report_id,
            case_id=f.case_id,
            case_number=f.case_number,
            title=f.title[:TEXT_KEPT],
            text=f.text[:TEXT_KEPT],
            received_at=f.received_at,
            lon=f.lon,
            lat=f.lat,
            district_id=f.path.get("district"),
            subdistrict_id=f.path.get("subdistrict"),
            community_id=f.path.get("community"),
            class_key=f.class_key,
            department_id=f.department_id,
            sender=f.sender,
            is_open=f.is_open,
        )
        for f in facts
    ]
    Looked.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def follow_cases(changes: Mapping[int, tuple[bool, str, int | None]], *, now: datetime) -> None:
    """What became of cases: id → (still open, class, leading department)."""
    rows = list(Looked.objects.filter(case_id__in=list(changes)))
    for row in rows:
        row.is_open, row.class_key, row.department_id = changes[row.case_id]
    update_rows(Looked, rows, ["is_open", "class_key", "department_id"])
    refresh({r.issue_id for r in rows if r.issue_id is not None}, now=now)


def forget_old(*, now: datetime) -> int:
    """Delete texts that have left the window and hang on no issue; returns how many.

    The hashes that count senders go with what names the reporter.
    """
    before = now - timedelta(days=live.WINDOW_DAYS)
    erased = now - timedelta(days=limits().sender_days)
    with write():
        Looked.objects.filter(received_at__lt=erased).exclude(sender="").update(sender="")
        old = Looked.objects.filter(received_at__lt=before, issue__isnull=True, placed=True)
        ids = list(old.values_list("report_id", flat=True)[:5_000])
        Alike.objects.filter(report_id__in=ids).delete()
        count, _ = Looked.objects.filter(report_id__in=ids).delete()
    return count
