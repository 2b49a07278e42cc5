"""ASGI entrance: live streams in the event loop, everything else in a bounded pool of threads.

Synchronous Django runs two to three times faster on WSGI threads that keep their database
connection than behind the ASGI handler of Django.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType

from cityloop.config.threads import InThreads
from cityloop.config.wsgi import application as pages
from cityloop.hub.live.stream import PATH, Receive, Scope, Send, end_streams, live
from cityloop.hub.usage.counting import counter
from cityloop.kernel.collecting import set_aside_what_stays

THREADS = int(os.environ.get("CITYLOOP_THREADS", "20"))
in_threads = InThreads(pages, threads=THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a request where it is served."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].rstrip("/") == PATH:
        await live(scope, receive, send)
    else:
        await in_threads(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            set_aside_what_stays()
            _end_streams_on_signal()
            counter.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            end_streams()
            await asyncio.to_thread(counter.stop)
            await send({"type": "lifespan.shutdown.complete"})
            return


def _end_streams_on_signal() -> None:
    """The server waits for open answers before it stops, and a stream never ends by itself."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(got: int, frame: FrameType | None, before: object = before) -> None:
            end_streams()
            if callable(before):
                before(got, frame)

        signal.signal(number, handle)
