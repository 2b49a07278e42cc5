"""What many ask is reckoned once, and anew behind their backs: nobody waits for it but the first.

Younger than `fresh_s`: given as it is. Younger than `stale_s`: given as it is, and reckoned anew in
the background. Older, or not there: reckoned while the asker waits, once for all who ask meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import close_old_connections, connection

log = logging.getLogger(__name__)
V = TypeVar("V")
Later = Callable[[Callable[[], None]], object]
_background = ThreadPoolExecutor(1, thread_name_prefix="reckoning")


def in_background(work: Callable[[], None]) -> None:
    """In the one thread of this process that reckons for nobody in particular."""

    def act() -> None:
        close_old_connections()
        try:
            work()
        finally:
            close_old_connections()

    _background.submit(act)


class Kept(Generic[V]):
    """Values by key, each with its age.

    Args:
        fresh_s, stale_s: ages in seconds, see above.
        most: kept values; beyond it all are let go.
        later: does work after the answer.
    """

    def __init__(
        self,
        *,
        fresh_s: float,
        stale_s: float,
        most: int = 256,
        clock: Callable[[], float] = time.monotonic,
        later: Later = in_background,
    ) -> None:
        self.fresh_s, self.stale_s, self._most = fresh_s, stale_s, most
        self._clock, self._later = clock, later
        self._lock = threading.Lock()
        self._values: dict[Hashable, tuple[float, V]] = {}
        self._asking: dict[Hashable, threading.Lock] = {}
        self._renewing: set[Hashable] = set()

    def get(self, key: Hashable, reckon: Callable[[], V]) -> V:
        """The value of a key, at most `stale_s` old."""
        kept = self._younger(key, self.fresh_s)
        if kept is not None:
            return kept[1]
        kept = self._younger(key, self.stale_s)
        # What is done in a transaction of the caller only the caller sees.
        if kept is not None and not connection.in_atomic_block:
            self._renew_later(key, reckon)
            return kept[1]
        with self._lock:
            asking = self._asking.setdefault(key, threading.Lock())
        with asking:
            kept = self._younger(key, self.fresh_s)
            return kept[1] if kept is not None else self._reckoned(key, reckon)

    def forget(self) -> None:
        """Drop what is kept."""
        with self._lock:
            self._values, self._asking = {}, {}

    def _younger(self, key: Hashable, age_s: float) -> tuple[float, V] | None:
        kept = self._values.get(key)
        return kept if kept is not None and self._clock() - kept[0] < age_s else None

    def _reckoned(self, key: Hashable, reckon: Callable[[], V]) -> V:
        at, values = self._clock(), self._values
        found = reckon()
        with self._lock:
            if values is self._values:  # not forgotten meanwhile
                if len(values) >= self._most and key not in values:
                    values.clear()
                    self._asking.clear()
                values[key] = (at, found)
        return found

    def _renew_later(self, key: Hashable, reckon: Callable[[], V]) -> None:
        with self._lock:
            if key in self._renewing:
                return
            self._renewing.add(key)

        def renew() -> None:
            try:
                self._reckoned(key, reckon)
            except Exception:
                log.exception("What is kept of %s could not be reckoned anew.", key)
            finally:
                self._renewing.discard(key)

        self._later(renew)
