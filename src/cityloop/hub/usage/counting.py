"""Counts in memory, written in batches by a thread of its own, and once more at an orderly stop.

A request adds one to a number in a dictionary; no request waits for the database because of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date

from django.db import connection

log = logging.getLogger(__name__)
EVERY_S = 30.0
MOST = 4_000
Key = tuple[date, int, str, str]  # day, user, role, function
Counts = Mapping[Key, int]


class Counter:
    """Adds up until somebody writes it down.

    Args:
        save: writes counts, adding to what is there; may raise, then they are kept and tried again.
        every_s: how often.
    """

    def __init__(self, save: Callable[[Counts], None], *, every_s: float = EVERY_S) -> None:
        self._save, self._every_s = save, every_s
        self._counts: dict[Key, int] = {}
        self._lock, self._wake = threading.Lock(), threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def runs(self) -> bool:
        """Whether somebody will write down what is counted."""
        return self._thread is not None

    def add(self, key: Key) -> None:
        """One more use."""
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1
            full = len(self._counts) >= MOST
        if full:
            self._wake.set()

    def start(self) -> None:
        """Begin to count; once a process."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._keep, name="usage", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what is left, then end."""
        if self._thread is not None:
            self._stopping = True
            self._wake.set()
            self._thread.join(10)
            self._thread = None

    def flush(self) -> int:
        """Write what was counted; how many keys. Counts that could not be written stay."""
        with self._lock:
            taken, self._counts = self._counts, {}
        if not taken:
            return 0
        try:
            self._save(taken)
        except Exception:
            log.exception("%d counts of uses could not be written; they are kept.", len(taken))
            with self._lock:
                for key, n in taken.items():
                    self._counts[key] = self._counts.get(key, 0) + n
            return 0
        return len(taken)

    def _keep(self) -> None:
        while not self._stopping:
            self._wake.wait(self._every_s)
            self._wake.clear()
            self.flush()
            connection.close()  # this thread's own; not held between batches


def save_to_database(counts: Counts) -> None:
    """Add these counts to the rows of their days."""
    from cityloop.hub.usage.commands import add_uses

    add_uses(counts)


counter = Counter(save_to_database)
