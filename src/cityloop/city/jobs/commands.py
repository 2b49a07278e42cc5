"""Writing, taking, finishing jobs."""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.jobs.domain import backoff_s
from cityloop.city.jobs.models import Job, Lease
from cityloop.city.viewer import SYSTEM, Viewer
from cityloop.kernel.errors import Conflict, NotFound

log = logging.getLogger(__name__)
KEEP_DONE = timedelta(days=7)


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    run_at: datetime,
    now: datetime,
    dedupe_key: str | None = None,
    max_attempts: int = 8,
) -> None:
    """Want a piece of work at a time; call it in the transaction that wants it.

    Args:
        payload: JSON values; ids rather than contents.
        dedupe_key: while a job of this kind and key waits, a second one is not added.
        max_attempts: after so many failures the job is dead and an alarm is on record.
    """
    enqueue_many(kind, [(payload, dedupe_key)], run_at=run_at, now=now, max_attempts=max_attempts)


def enqueue_many(
    kind: str,
    wanted: list[tuple[Mapping[str, Any], str | None]],
    *,
    run_at: datetime,
    now: datetime,
    max_attempts: int = 8,
) -> None:
    """The same for many (payload, dedupe key) at once."""
    rows = [
        Job(
            kind=kind,
            payload=dict(payload),
            run_at=run_at,
            created_at=now,
            dedupe_key=key,
            max_attempts=max_attempts,
        )
        for payload, key in wanted
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)


def _due(now: datetime) -> Q:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return Q(state="waiting", run_at__lte=now) & free


def is_due(now: datetime) -> bool:
    """Whether a job waits to be taken (one look at a partial index)."""
    return Job.objects.filter(_due(now)).exists()


def claim(*, now: datetime, lease_s: Mapping[str, float], limit: int = 8) -> list[Job]:
    """Take due jobs: each is ours until its lease ends, under a fresh token.

    Args:
        lease_s: lease by kind; 60 s for kinds it does not have.

    A job whose every attempt ended without an answer (the process died in it) is dead, too:
    otherwise it would take a worker down for ever.
    """
    with write():
        due = Job.objects.select_for_update(skip_locked=True).filter(_due(now))
        jobs = list(due.order_by("run_at", "id")[:limit])
        taken = []
        for job in jobs:
            if job.attempts >= job.max_attempts:
                _bury(job, job.error or "no attempt came to an end", now)
                continue
            job.attempts += 1
            job.token = secrets.token_hex(16)
            job.lease_until = now + timedelta(seconds=lease_s.get(job.kind, 60))
            taken.append(job)
        Job.objects.bulk_update(taken, ["attempts", "token", "lease_until"])
    return taken


def finish(job: Job, *, now: datetime) -> bool:
    """Mark a job as done; False when its lease was lost to another worker meanwhile.

    Inside a transaction, False means: roll back, somebody else does the work.
    """
    mine = Job.objects.filter(pk=job.pk, token=job.token, state="waiting")
    done = mine.update(state="done", finished_at=now, lease_until=None, error="")
    return done == 1


def fail(job: Job, error: Exception, *, now: datetime) -> str:
    """Put a failed job back with a wait, or bury it; returns its state ("lost" when not ours)."""
    text = f"{type(error).__name__}: {error}"[:2_000]
    with write():
        mine = Job.objects.select_for_update().filter(pk=job.pk, token=job.token, state="waiting")
        held = mine.first()
        if held is None:
            return "lost"
        if held.attempts >= held.max_attempts:
            _bury(held, text, now)
            return "dead"
        wait = backoff_s(held.attempts, random.random())  # noqa: S311 - spreads load, no secret
        held.run_at, held.lease_until, held.error = now + timedelta(seconds=wait), None, text
        held.save(update_fields=["run_at", "lease_until", "error"])
    return "waiting"


def _bury(job: Job, error: str, now: datetime) -> None:
    job.state, job.error, job.finished_at, job.lease_until = "dead", error, now, None
    job.save(update_fields=["state", "error", "finished_at", "lease_until"])
    log.error("Job %d (%s) is dead after %d attempts: %s", job.pk, job.kind, job.attempts, error)
    data = {"job": job.kind, "attempts": job.attempts, "payload": job.payload}
    record(Draft("job.dead", "job", job.pk, data=data), actor=SYSTEM, now=now)


def revive(job_id: int, *, actor: Viewer, now: datetime) -> None:
    """Give a dead job all its attempts again, from now on.

    Raises: NotFound("job.unknown"), Conflict("job.not_dead", "job.wanted_again").
    """
    with write():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None:
            raise NotFound(
                "job.unknown", f"There is no job {job_id}.", f"没有编号为 {job_id} 的作业。"
            )
        if job.state != "dead":
            raise Conflict(
                "job.not_dead",
                f"Job {job_id} is {job.state}; only dead jobs are tried again by hand.",
                f"作业 {job_id} 状态为 {job.state}，只有失败的作业可手动重试。",
            )
        _check_not_wanted_again(job)
        job.state, job.attempts, job.run_at, job.finished_at = "waiting", 0, now, None
        job.save()
        draft = Draft("job.revive", "job", job.pk, data={"job": job.kind})
        record(draft, actor=actor, now=now)


def _check_not_wanted_again(job: Job) -> None:
    same = Job.objects.filter(kind=job.kind, dedupe_key=job.dedupe_key, state="waiting")
    if job.dedupe_key is not None and same.exists():
        raise Conflict(
            "job.wanted_again",
            f"The same work waits already as another job ({job.kind} {job.dedupe_key}).",
            f"相同的作业已在等待中（{job.kind} {job.dedupe_key}）。",
        )


def forget_done(*, now: datetime, limit: int = 5_000) -> int:
    """Delete jobs that were done a week ago; dead ones stay until somebody looks at them."""
    old = Job.objects.filter(state="done", finished_at__lt=now - KEEP_DONE)
    with write():
        count, _ = Job.objects.filter(
            pk__in=list(old.values_list("pk", flat=True)[:limit])
        ).delete()
    return count


def forget_dead(kind: str, dedupe_keys: list[str]) -> int:
    """Delete dead jobs whose work is wanted anew; in the transaction that wants it."""
    dead = Job.objects.filter(kind=kind, dedupe_key__in=dedupe_keys, state="dead")
    return dead.delete()[0]


def hold_lease(name: str, holder: str, *, now: datetime, seconds: float) -> bool:
    """Take or renew a lease; False while another holder has it."""
    if not Lease.objects.filter(pk=name).exists():
        Lease.objects.bulk_create([Lease(name=name)], ignore_conflicts=True)
    free = Q(holder=holder) | Q(until__isnull=True) | Q(until__lte=now)
    until = now + timedelta(seconds=seconds)
    with write():
        return Lease.objects.filter(free, pk=name).update(holder=holder, until=until) == 1


def drop_lease(name: str, holder: str) -> None:
    """Give a lease up, so that the next worker need not wait for its end."""
    with write():
        Lease.objects.filter(pk=name, holder=holder).update(until=None, holder="")
