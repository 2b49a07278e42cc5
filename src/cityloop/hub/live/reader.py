"""The thread that watches the ledger grow and hands what is new to the event loop."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

from django.db import connection

from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import events_from, head_size
from cityloop.city.db import is_sqlite
from cityloop.city.jobs.pulse import Pulse
from cityloop.hub.live.broadcast import BATCH, Broadcaster

log = logging.getLogger(__name__)
POLL_SQLITE_S, POLL_S = 0.02, 0.15


async def read_events(position: int, limit: int) -> list[EventView]:
    """Events for a stream that resumes, read in a thread of its own."""

    def read() -> list[EventView]:
        try:
            return events_from(position, limit)
        finally:
            connection.close()

    return await asyncio.to_thread(read)


class Reader:
    """One a process: polls `PRAGMA data_version` on SQLite, the head of the log on PostgreSQL."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._stopping = threading.Event()
        self._ready: asyncio.Future[Broadcaster] = loop.create_future()
        self._thread = threading.Thread(target=self._run, name="live-reader", daemon=True)
        self._thread.start()

    async def broadcaster(self) -> Broadcaster:
        """The broadcaster, once the head of the log is known."""
        return await asyncio.shield(self._ready)

    def stop(self) -> None:
        """End the thread and every stream; may be called from anywhere."""
        self._stopping.set()
        self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        if self._ready.done():
            self._ready.result().close()
        else:
            self._ready.cancel()

    def _run(self) -> None:
        started, trouble, pulse = False, 0, Pulse()
        position = 0
        while not self._stopping.is_set():
            try:
                if not started:
                    position, started = head_size(), True
                    self._loop.call_soon_threadsafe(self._begin, position)
                position = self._step(position, pulse)
                trouble = 0
            except Exception:
                trouble += 1
                log.exception("The live reader failed; it tries again.")
                pulse.forget()
                connection.close()
                self._stopping.wait(min(10.0, 0.2 * 2**trouble))
        connection.close()

    def _begin(self, position: int) -> None:
        if not self._ready.done():
            self._ready.set_result(Broadcaster(read_events, position=position))

    def _step(self, position: int, pulse: Pulse) -> int:
        """Publish what is new; returns the position after it."""
        if pulse.has_changed() and head_size() > position:
            events = events_from(position, BATCH)
            if events:
                self._loop.call_soon_threadsafe(self._publish, events)
                return self._step_on(events, pulse)
        self._stopping.wait(POLL_SQLITE_S if is_sqlite() else POLL_S)
        return position

    @staticmethod
    def _step_on(events: list[EventView], pulse: Pulse) -> int:
        if len(events) == BATCH:
            pulse.forget()  # there may be more without another commit
            time.sleep(0)  # let the event loop send
        return events[-1].position + 1

    def _publish(self, events: list[EventView]) -> None:
        self._ready.result().publish(events)
