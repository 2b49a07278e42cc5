"""The worker: threads that sequence, ring timers and do jobs until they are told to stop.

One thread keeps the ledger going (sequence, checkpoint, followers) and holds the worker's lease,
one runs the periodic functions (in the worker that holds the lease), two do jobs. Several
workers may run beside each other; each piece of work is done by one of them.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from cityloop.city.audit import commands as audit
from cityloop.city.audit.followers import advance_all, backlog
from cityloop.city.db import is_sqlite
from cityloop.city.jobs.commands import drop_lease, forget_done, hold_lease
from cityloop.city.jobs.pulse import Pulse
from cityloop.city.jobs.registry import PERIODIC, every, load
from cityloop.city.jobs.run import run_jobs, run_once, run_periodic, run_until_quiet, sequence_all
from cityloop.kernel.errors import DomainError

__all__ = ["Worker", "run_once", "run_until_quiet"]

log = logging.getLogger(__name__)
LEASE = "periodic"
LEASE_S, RENEW_S = 15.0, 5.0
IDLE_S = 0.2  # between looks at a quiet PostgreSQL; a quiet SQLite is looked at every 20 ms
TOUCH_S = 0.02
# After a turn that found little the ledger's thread takes breath: one commit for each follower
# and turn costs the same for two events as for two hundred, and the reports wait for it.
BREATH_S, LITTLE = 0.1, 500


def utc_now() -> datetime:
    return datetime.now(UTC)


@every(seconds=600)
def forget_old_jobs(now: datetime) -> None:
    """Keep the table of jobs small."""
    while forget_done(now=now) == 5_000:
        pass


class Worker:
    """Threads around `run`'s functions.

    Args:
        clock: the time; replaced by programs that run the city faster than the world.
        job_threads: jobs done side by side (those that reach outside wait for others).
    """

    def __init__(self, *, clock: Callable[[], datetime] = utc_now, job_threads: int = 2) -> None:
        self.clock = clock
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        self._job_threads = job_threads
        self._leads = False
        self._renew_at = 0.0
        self._checked = self._refused = False
        self._due: dict[str, float] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; returns at once."""
        load()
        loops: list[tuple[str, Callable[[], int]]] = [
            ("ledger", self._ledger),
            ("periodic", self._periodic),
            *((f"jobs-{n}", self._jobs) for n in range(self._job_threads)),
        ]
        self._threads = [
            threading.Thread(target=self._turn, args=(name, step), name=f"worker-{name}")
            for name, step in loops
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask the threads to end; each finishes the piece of work it is at."""
        self.stopping.set()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the threads; whether all have ended."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(None if end is None else max(0.0, end - time.monotonic()))
        return not any(t.is_alive() for t in self._threads)

    def _turn(self, name: str, step: Callable[[], int]) -> None:
        """Call a step until stopped: at once while it finds work, else when the pulse beats."""
        pulse, trouble = Pulse(), 0
        while not self.stopping.is_set():
            try:
                done = step()
                if not done:
                    self._rest(pulse)
                elif name == "ledger" and done < LITTLE and backlog() < LITTLE:
                    self.stopping.wait(BREATH_S)
                trouble = 0
            except Exception:
                trouble += 1
                wait = min(10.0, 0.2 * 2**trouble)
                log.exception("Worker thread %s failed; it goes on in %.1f s.", name, wait)
                self._reconnect()
                self.stopping.wait(wait)
        if name == "ledger" and self._leads:
            drop_lease(LEASE, self.holder)
        connection.close()

    @staticmethod
    def _reconnect() -> None:
        try:
            connection.close()
        except Exception:
            log.exception("A broken database connection could not be closed.")

    def _rest(self, pulse: Pulse) -> None:
        """Until something was committed, or IDLE_S (there are clocks to watch, too)."""
        if not is_sqlite():
            self.stopping.wait(IDLE_S)
            return
        end = time.monotonic() + IDLE_S
        while time.monotonic() < end and not self.stopping.wait(TOUCH_S):
            if pulse.has_changed():
                return

    # --- the three kinds of step: each returns how much it did
    def _ledger(self) -> int:
        self._renew_lease()
        now = self.clock()
        return self._sequence(now) + advance_all(now=now)

    def _sequence(self, now: datetime) -> int:
        """Sequence, unless the ledger was found damaged: then nothing is added to it until
        somebody has looked and started the worker anew."""
        if self._refused:
            return 0
        try:
            if not self._checked:
                audit.check_ledger()
                self._checked = True
            return sequence_all(now=now)
        except DomainError as error:
            self._refused = True
            audit.raise_alarm(error, now=now)
            return 0

    def _renew_lease(self) -> None:
        if time.monotonic() >= self._renew_at:
            # The real time, whatever the city's: other workers compare it with theirs.
            self._leads = hold_lease(LEASE, self.holder, now=utc_now(), seconds=LEASE_S)
            self._renew_at = time.monotonic() + RENEW_S

    def _periodic(self) -> int:
        if self._leads:
            for periodic in list(PERIODIC.values()):
                if self.stopping.is_set():
                    break
                if time.monotonic() >= self._due.get(periodic.name, 0.0):
                    self._due[periodic.name] = time.monotonic() + periodic.seconds
                    run_periodic(periodic, now=self.clock())
        return 0

    def _jobs(self) -> int:
        return run_jobs(now=self.clock(), limit=4)
