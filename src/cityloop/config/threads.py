"""Synchronous pages behind an asynchronous server: a bounded pool of threads, two hand-overs each.

A thread that asks the event loop for the body, for the head of the answer and for each part of it
waits four times for the interpreter while others compute; under load that was two fifths of a
request. Here a body of usual size is read before a thread is taken (a slow sender holds none),
and an answer of usual size is handed back whole. Larger ones pass in pieces, as they come.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, cast

from a2wsgi.wsgi import Body, build_environ

from cityloop.hub.live.stream import Receive, Scope, Send

WHOLE = 1 << 20  # a body up to this size is read before a thread is taken
PIECE = 1 << 16  # what is handed on at once of an answer that is larger
SLOWEST_S = 60.0  # who takes nothing of a large answer for so long does not get the rest
Application = Callable[[MutableMapping[str, Any], Callable[..., Any]], Any]


class _Input(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class InThreads:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Application, *, threads: int) -> None:
        self.application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        loop = asyncio.get_running_loop()
        body: _Input | None = Body(loop, cast(Any, receive))
        if _is_small(scope):
            body = await _whole_body(receive)
        if body is None:  # the sender went away in the middle of it
            return
        answer = _Answer(loop, send)
        await loop.run_in_executor(self._pool, self._serve, scope, body, answer)
        await answer.finish()

    def _serve(self, scope: Scope, body: _Input, answer: _Answer) -> None:
        environ = cast("dict[str, Any]", build_environ(cast(Any, scope), cast(Any, body)))
        chunks = self.application(environ, answer.start)
        try:
            answer.take(iter(chunks))
        finally:
            getattr(chunks, "close", lambda: None)()


class _Answer:
    """What a thread has to say, gathered into pieces."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop, self._send = loop, send
        self._head: dict[str, Any] | None = None
        self._rest = b""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        """WSGI's start_response, without the old `write`."""
        self._head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [
                (name.strip().lower().encode("latin1"), value.strip().encode("latin1"))
                for name, value in headers
            ],
        }

    def take(self, chunks: Iterator[bytes]) -> None:
        """In the thread: all chunks; what makes a piece is sent, the thread waits meanwhile."""
        held: list[bytes] = []
        size = 0
        for chunk in chunks:
            held.append(chunk)
            size += len(chunk)
            if size >= PIECE:
                self._hand_on(b"".join(held))
                held, size = [], 0
        self._rest = b"".join(held)

    def _hand_on(self, body: bytes) -> None:
        """Raises: TimeoutError when nobody takes it, RuntimeError when the server has stopped."""
        sent = asyncio.run_coroutine_threadsafe(self._piece(body), self._loop)
        try:
            sent.result(SLOWEST_S)
        except TimeoutError:
            sent.cancel()
            raise

    async def finish(self) -> None:
        """In the loop: the rest, nearly always all of it."""
        await self._send_head()
        await self._send({"type": "http.response.body", "body": self._rest})

    async def _piece(self, body: bytes) -> None:
        await self._send_head()
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _send_head(self) -> None:
        head, self._head = self._head, None
        if head is not None:
            await self._send(head)


def _is_small(scope: Scope) -> bool:
    """Whether the size of the body is said and small; GET and the like say none and have none."""
    named = dict(scope["headers"])
    length = named.get(b"content-length", b"")
    if length:
        return length.isdigit() and int(length) <= WHOLE
    return b"transfer-encoding" not in named


async def _whole_body(receive: Receive) -> io.BytesIO | None:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return io.BytesIO(b"".join(parts))
