"""What the worker does for routing: models learn from what people corrected."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from cityloop.business.dispatch.commands.relearning import due_kinds, train_again
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.db import write
from cityloop.city.jobs.commands import enqueue_many
from cityloop.city.jobs.registry import every, job

log = logging.getLogger(__name__)
JOB = "triage.train"


@every(seconds=600)
def want_training(now: datetime) -> None:
    """Ask for a training of each kind that has something new to learn."""
    kinds = due_kinds(now=now)
    if kinds:
        with write():
            enqueue_many(
                JOB, [({"kind": kind}, f"train:{kind}") for kind in kinds], run_at=now, now=now
            )


# Outside a transaction: training takes seconds, and the same input is never trained twice.
@job(JOB, outside=True, lease_s=1800)
def train_model(payload: dict[str, Any], now: datetime) -> None:
    """Train and, where it is no worse, put into service."""
    kind = str(payload["kind"])
    if kind not in due_kinds(now=now):
        return
    done = train_again(kind, actor=SYSTEM, now=now)
    log.info("Model %s: %s", done.version.label, done.comparison.en)
