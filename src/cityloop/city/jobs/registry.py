"""What the worker runs: functions of jobs, and functions that run again and again.

    @job("notify.deliver", outside=True)
    def deliver(payload: dict[str, Any], now: datetime) -> None: ...

    @every(seconds=1)
    def ring_case_timers(now: datetime) -> None: ...

Put them into `tasks.py` of your app, followers of the trace into `receivers.py`: `load` finds both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.module_loading import autodiscover_modules

Work = Callable[[dict[str, Any], datetime], None]
Tick = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of a kind are run.

    Args:
        outside: the work reaches outside the database (HTTP, SMS, a device): it runs without a
            transaction and may run twice after a crash, so it carries its own idempotency key.
            Otherwise work and "done" are one transaction: the work happens exactly once.
        lease_s: how long one run may take before another worker may take the job over.
    """

    kind: str
    work: Work
    outside: bool
    lease_s: float


@dataclass(frozen=True, slots=True)
class Periodic:
    """A function of the present time; it must be harmless to run it twice."""

    name: str
    tick: Tick
    seconds: float


JOBS: dict[str, JobKind] = {}
PERIODIC: dict[str, Periodic] = {}


def job(kind: str, *, outside: bool = False, lease_s: float = 60) -> Callable[[Work], Work]:
    """Register the function that does jobs of a kind. Raises: ValueError on a second one."""

    def register(function: Work) -> Work:
        known = JOBS.get(kind)
        if known is not None and known.work.__qualname__ != function.__qualname__:
            raise ValueError(f"jobs of kind {kind!r} are done by {known.work.__qualname__} already")
        JOBS[kind] = JobKind(kind, function, outside, lease_s)
        return function

    return register


def every(*, seconds: float, name: str | None = None) -> Callable[[Tick], Tick]:
    """Register a function to run every so many seconds, in one worker at a time.

    It is called at the start of a worker as well: intervals do not survive a restart.
    """

    def register(function: Tick) -> Tick:
        known = name or f"{function.__module__}.{function.__qualname__}"
        PERIODIC[known] = Periodic(known, function, seconds)
        return function

    return register


def load() -> None:
    """Import `tasks` and `receivers` of every app, which registers what they hold."""
    autodiscover_modules("tasks", "receivers")
