"""What the worker does for imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from cityloop.business.intake.commands import JOB, carry_on, forget_left_out, want
from cityloop.business.intake.files import local_copy
from cityloop.business.intake.models import ImportRun
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.jobs.registry import every, job
from cityloop.kernel.errors import DomainError

BATCHES_A_JOB = 100


@job(JOB, outside=True, lease_s=1800)
def carry_import_on(payload: dict[str, Any], now: datetime) -> None:
    """A part of an import; what is left is wanted again, so that no job runs for hours.

    Every batch is a transaction of its own with the position, so doing it twice does no harm.
    """
    run = ImportRun.objects.filter(pk=payload["run"]).first()
    if run is None or run.state in {"done", "failed"}:
        return
    who = SYSTEM
    if run.started_by is not None:
        who = Viewer(kind="person", user_id=run.started_by, name="import")
    most = None if run.dry_run else BATCHES_A_JOB
    try:
        with local_copy(run.stored) as path:
            carry_on(run, path, actor=who, clock=timezone.now, most_batches=most)
    except DomainError:
        run.refresh_from_db()
        if run.state == "failed":
            return  # on record, with the reason; trying again would not help
        raise
    if run.state != "done":
        want(run, now=timezone.now())


@every(seconds=3600)
def forget_old_rows(now: datetime) -> None:
    """Retention rule of the profile."""
    while forget_left_out(now=now) == 5_000:
        pass
