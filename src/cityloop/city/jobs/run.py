"""Doing the work: one round of everything that is due. No thread, no clock in here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from cityloop.city.audit import commands as audit
from cityloop.city.audit.followers import advance_all
from cityloop.city.db import write
from cityloop.city.jobs import commands
from cityloop.city.jobs.models import Job
from cityloop.city.jobs.registry import JOBS, PERIODIC, JobKind, Periodic, load
from cityloop.kernel.errors import DomainError

log = logging.getLogger(__name__)


class UnknownKind(Exception):
    """No function is registered for a job: an older program than the one that wanted it."""


class LeaseLost(Exception):
    """Another worker has the job now; rolls the transaction back."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, in events and jobs."""

    sequenced: int = 0
    followed: int = 0
    jobs: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.sequenced or self.followed or self.jobs)


def run_job(job: Job, *, now: datetime) -> str:
    """Do one claimed job; returns "done", "waiting" (tried again later), "dead" or "lost"."""
    kind = JOBS.get(job.kind)
    try:
        if kind is None:
            raise UnknownKind(f"no function is registered for jobs of kind {job.kind!r}")
        return _outside(kind, job, now) if kind.outside else _inside(kind, job, now)
    except LeaseLost:
        return "lost"
    except Exception as error:
        state = commands.fail(job, error, now=now)
        log.warning(
            "Job %d (%s), attempt %d of %d failed: %s",
            job.pk,
            job.kind,
            job.attempts,
            job.max_attempts,
            error,
            exc_info=not isinstance(error, DomainError),
        )
        return state


def _inside(kind: JobKind, job: Job, now: datetime) -> str:
    with write():
        if not commands.finish(job, now=now):
            raise LeaseLost
        kind.work(job.payload, now)
    return "done"


def _outside(kind: JobKind, job: Job, now: datetime) -> str:
    kind.work(job.payload, now)
    with write():
        return "done" if commands.finish(job, now=now) else "lost"


def run_jobs(*, now: datetime, limit: int = 8) -> int:
    """Claim and do due jobs, once around; returns how many were taken."""
    if not commands.is_due(now):
        return 0
    leases = {kind.kind: kind.lease_s for kind in JOBS.values()}
    taken = commands.claim(now=now, lease_s=leases, limit=limit)
    for job in taken:
        run_job(job, now=now)
    return len(taken)


def run_periodic(periodic: Periodic, *, now: datetime) -> None:
    """Call one periodic function; what it raises is logged and ends with it."""
    try:
        periodic.tick(now)
    except Exception:
        log.exception("Periodic %s failed; it runs again in %s s.", periodic.name, periodic.seconds)


def sequence_all(*, now: datetime) -> int:
    """Sequence what waits, and sign the head when it is due."""
    count = 0
    while audit.is_waiting() and (given := audit.sequence()):
        count += given
    audit.checkpoint(now=now)
    return count


def run_once(now: datetime) -> Round:
    """One whole round: sequence, followers, periodic functions, due jobs, all as of `now`.

    Every periodic function is called, whatever its interval. For tests and for programs that
    bring their own clock; the worker has threads for these (loop.py).
    """
    load()
    sequenced = sequence_all(now=now)
    followed = advance_all(now=now)
    for periodic in list(PERIODIC.values()):
        run_periodic(periodic, now=now)
    return Round(sequenced, followed, run_jobs(now=now, limit=1_000))


def run_until_quiet(now: datetime, *, rounds: int = 100) -> int:
    """Rounds as of one moment until nothing is left to do; returns how many it took.

    Raises: RuntimeError when work keeps making work beyond `rounds`.
    """
    for count in range(1, rounds + 1):
        if run_once(now).is_quiet:
            return count
    raise RuntimeError(f"the platform is not quiet after {rounds} rounds")
