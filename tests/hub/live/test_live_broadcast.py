import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest

from cityloop.city.audit.domain import EventView
from cityloop.hub.live import broadcast
from cityloop.hub.live.broadcast import Broadcaster
from cityloop.hub.live.domain import Audience

AT = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)
ALL = Audience(everywhere=True)


def event(position: int) -> EventView:
    data = {"case": position, "subdistrict": position % 2}
    return EventView(position, position, AT, "case.file", "case", 1, "system", None, data)


class Log:
    """A ledger of `size` events; `on_read` lets it grow while somebody reads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.source = Broadcaster(self.read, position=size)
        self.on_read: Callable[[], None] = lambda: None

    async def read(self, position: int, limit: int) -> list[EventView]:
        found = [event(p) for p in range(position, min(position + limit, self.size))]
        self.on_read()
        return found

    def grow(self, count: int) -> None:
        new = [event(p) for p in range(self.size, self.size + count)]
        self.size += count
        self.source.publish(new)


def ids(chunk: bytes) -> list[int]:
    blocks = chunk.decode().split("\n\n")
    return [int(b.split("\n")[0][4:]) for b in blocks if b.startswith("id: ")]


async def next_ids(stream: AsyncIterator[bytes]) -> list[int]:
    return ids(await anext(stream))


def run(main: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(main(), 20))


def test_stream_without_last_id_begins_now():
    async def main() -> None:
        log = Log(5)
        stream = log.source.stream(ALL, None)
        assert await anext(stream) == b"retry: 2000\n\n"
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        log.grow(2)
        assert ids(await waiting) == [5, 6]

    run(main)


@pytest.mark.parametrize("after", [-1, 0, 3, 8])
def test_stream_resumed_has_no_gap_and_no_duplicate_while_the_log_grows(after, monkeypatch):
    monkeypatch.setattr(broadcast, "BATCH", 3)

    async def main() -> None:
        log = Log(9)
        grown = iter([2, 1])
        log.on_read = lambda: log.grow(next(grown, 0))
        stream, got = log.source.stream(ALL, after), []
        await anext(stream)
        expected = list(range(after + 1, 12 if after < 8 else 9))
        while len(got) < len(expected):
            got += await next_ids(stream)
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        log.on_read = lambda: None
        end = log.size
        log.grow(4)
        got += ids(await waiting)
        assert got == [*expected, *range(end, end + 4)]

    run(main)


def test_stream_with_an_id_of_the_future_is_told_so():
    async def main() -> None:
        log = Log(5)
        stream = log.source.stream(ALL, 99)
        await anext(stream)
        assert b'event: reset\ndata: {"position":5}' in await anext(stream)

    run(main)


def test_stream_that_falls_behind_is_cut_and_can_resume(monkeypatch):
    monkeypatch.setattr(broadcast, "QUEUE_BYTES", 500)

    async def main() -> None:
        log = Log(0)
        slow = log.source.stream(ALL, None)
        await anext(slow)
        waiting = asyncio.ensure_future(anext(slow))
        await asyncio.sleep(0)
        log.grow(1)
        last = ids(await waiting)[-1]
        for _ in range(50):
            log.grow(1)
        assert [chunk async for chunk in slow] == []
        assert len(log.source) == 0
        again = log.source.stream(ALL, last)
        await anext(again)
        assert await next_ids(again) == list(range(1, 51))

    run(main)


def test_stream_audiences_share_the_reader_and_get_their_own():
    async def main() -> None:
        log = Log(0)
        streams = [
            log.source.stream(a, None) for a in (ALL, Audience(everywhere=True, only_area=1))
        ]
        for stream in streams:
            await anext(stream)
        waiting = [asyncio.ensure_future(anext(s)) for s in streams]
        await asyncio.sleep(0)
        log.grow(4)
        assert [ids(chunk) for chunk in await asyncio.gather(*waiting)] == [[0, 1, 2, 3], [1, 3]]

    run(main)


def test_stream_quiet_gets_a_beat_with_the_position(monkeypatch):
    monkeypatch.setattr(broadcast, "HEARTBEAT_S", 0)

    async def main() -> None:
        stream = Log(5).source.stream(ALL, None)
        await anext(stream)
        assert await anext(stream) == b"id: 4\nevent: beat\ndata:\n\n"

    run(main)


def test_close_ends_every_stream():
    async def main() -> None:
        log = Log(5)
        stream = log.source.stream(ALL, None)
        await anext(stream)
        waiting = asyncio.ensure_future(anext(stream, b"end"))
        await asyncio.sleep(0)
        log.source.close()
        assert await waiting == b"end"
        assert len(log.source) == 0

    run(main)


def test_publish_with_a_gap_is_refused():
    with pytest.raises(ValueError, match="does not follow"):
        Log(5).source.publish([event(6)])


def test_stream_resumed_where_the_database_is_ahead_of_the_reader_has_no_duplicate():
    async def main() -> None:
        log = Log(5)
        log.size = 8  # written, not published yet
        stream = log.source.stream(ALL, 1)
        await anext(stream)
        assert await next_ids(stream) == [2, 3, 4]
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        log.source.publish([event(p) for p in range(5, 8)])
        assert ids(await waiting) == [5, 6, 7]

    run(main)
