"""Synchronous pages behind an asynchronous server: a bounded pool of threads, two hand-overs each.

A thread that asks the event loop for the body, for the head of the answer and for each part of it
waits four times for the interpreter while others compute; under load that was two fifths of a
request. Here a body is read before a thread is taken, a large one into a file: a sender who is
slow, or never says more, holds no thread. An answer of usual size is handed back whole; larger ones
pass in pieces.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

from a2wsgi.wsgi import build_environ

from cityloop.hub.live.stream import Receive, Scope, Send

WHOLE = 1 << 20  # a body up to this size stays in memory
LARGEST, LARGEST_IMPORT = 80 << 20, 520 << 20  # a file with the form around it
IMPORTS = ("/api/v1/imports", "/api/v1/places/geography")
PIECE = 1 << 16  # what is handed on at once of an answer that is larger
SLOWEST_S = 60.0  # who sends or takes nothing for so long is not waited for
Application = Callable[[MutableMapping[str, Any], Callable[..., Any]], Any]


class _NotTaken(Exception):
    """A body that is not read to its end: status, code, and why in both languages."""

    def __init__(self, status: int, code: str, zh: str, en: str) -> None:
        self.status, self.body = status, {"code": code, "message": f"{zh}{en}"}


class InThreads:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Application, *, threads: int) -> None:
        self.application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with tempfile.SpooledTemporaryFile(WHOLE) as body:
            try:
                size = await _read(scope, receive, cast("IO[bytes]", body))
            except _NotTaken as why:
                await _refuse(why, send)
                return
            if size is None:  # the sender went away in the middle of it
                return
            loop = asyncio.get_running_loop()
            answer = _Answer(loop, send)
            await loop.run_in_executor(self._pool, self._serve, scope, body, size, answer)
            await answer.finish()

    def _serve(self, scope: Scope, body: IO[bytes], size: int, answer: _Answer) -> None:
        environ = cast("dict[str, Any]", build_environ(cast(Any, scope), cast(Any, body)))
        environ["CONTENT_LENGTH"] = str(size)  # of a body sent in chunks nobody said it before
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


async def _read(scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
    """Read the body and go back to its beginning; its size, None when the sender went away.

    Raises: _NotTaken for one that is too large, or does not come.
    """
    most = LARGEST_IMPORT if scope["path"].startswith(IMPORTS) else LARGEST
    said, size = dict(scope["headers"]).get(b"content-length", b""), 0
    if said.isdigit() and len(said) < 20 and int(said) > most:
        raise _too_large(most)
    while True:
        try:
            async with asyncio.timeout(SLOWEST_S):
                message = await receive()
        except TimeoutError:
            raise _NotTaken(
                408,
                "request.slow",
                "请求内容迟迟未到，请重试。",
                "The rest did not come; try again.",
            ) from None
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        body.write(part)
        if not message.get("more_body", False):
            body.seek(0)
            return size


def _too_large(most: int) -> _NotTaken:
    megabytes = most >> 20
    return _NotTaken(
        413,
        "request.too_big",
        f"请求超过 {megabytes} MB，请拆分后重试。",
        f"The request exceeds {megabytes} MB; split it.",
    )


async def _refuse(why: _NotTaken, send: Send) -> None:
    """Say so and close: what is left of the body is not read."""
    body = json.dumps(why.body, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": why.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
