"""One reader of the ledger for all streams of a process. Lives in the event loop, without locks."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from cityloop.city.audit.domain import EventView
from cityloop.hub.live.domain import Audience, beat, frames, reset

QUEUE_BYTES = 1_000_000  # a stream that is further behind than this is cut; it may resume
BATCH = 500
HEARTBEAT_S = 15.0

ReadEvents = Callable[[int, int], Awaitable[list[EventView]]]


class Subscriber:
    """What waits to be sent on one stream."""

    __slots__ = ("audience", "chunks", "is_cut", "size", "wake")

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.chunks: deque[bytes] = deque()
        self.size = 0
        self.is_cut = False
        self.wake = asyncio.Event()

    def put(self, chunk: bytes) -> None:
        """Queue a chunk, or cut the stream: memory is bounded, the client is told by the end."""
        if self.size + len(chunk) > QUEUE_BYTES:
            self.is_cut = True
            self.chunks.clear()
        else:
            self.chunks.append(chunk)
            self.size += len(chunk)
        self.wake.set()

    def take(self) -> bytes:
        chunk = b"".join(self.chunks)
        self.chunks.clear()
        self.size = 0
        self.wake.clear()
        return chunk


class Broadcaster:
    """Fans the ledger out to streams.

    Args:
        read: (from position, limit) -> events, for streams that resume; run outside the loop.
        position: the first entry that has not been published.
    """

    def __init__(self, read: ReadEvents, *, position: int = 0) -> None:
        self.position = position
        self.is_closed = False
        self._read = read
        self._subscribers: dict[Audience, set[Subscriber]] = {}

    def __len__(self) -> int:
        return sum(len(group) for group in self._subscribers.values())

    def publish(self, events: Sequence[EventView]) -> None:
        """Hand events on; they follow the position without a gap."""
        if not events:
            return
        if events[0].position != self.position:
            raise ValueError(f"event {events[0].position} does not follow {self.position}")
        self.position = events[-1].position + 1
        for audience, group in self._subscribers.items():
            chunk = frames(events, audience)
            for subscriber in group if chunk else ():
                subscriber.put(chunk)

    def close(self) -> None:
        """End every stream."""
        self.is_closed = True
        for group in self._subscribers.values():
            for subscriber in group:
                subscriber.wake.set()

    async def stream(self, audience: Audience, after: int | None) -> AsyncIterator[bytes]:
        """The chunks of one stream, until it is cut or the process stops.

        Args:
            after: the last event the client has (-1 = none yet: all from the beginning);
                None = only what happens from now on.

        What was missed is read from the database up to the published position; then, without
        an await in between, the stream subscribes: no gap, no duplicate.
        """
        yield b"retry: 2000\n\n"
        position = self.position if after is None else after + 1
        if position > self.position:
            position = self.position
            yield reset(position)
        while position < self.position and not self.is_closed:
            events = [e for e in await self._read(position, BATCH) if e.position < self.position]
            if not events:
                return
            position = events[-1].position + 1
            yield frames(events, audience) or beat(position)
        async for chunk in self._follow(audience):
            yield chunk

    async def _follow(self, audience: Audience) -> AsyncIterator[bytes]:
        subscriber = Subscriber(audience)
        self._subscribers.setdefault(audience, set()).add(subscriber)
        try:
            while not (subscriber.is_cut or self.is_closed):
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        await subscriber.wake.wait()
                except TimeoutError:
                    yield beat(self.position)
                    continue
                if chunk := subscriber.take():
                    yield chunk
        finally:
            group = self._subscribers[audience]
            group.discard(subscriber)
            if not group:
                del self._subscribers[audience]
