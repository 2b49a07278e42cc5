"""GET /api/v1/live: server-sent events, as a native ASGI application.

    id: 10234
    event: case
    data: {"kind":"case.file","at":"…","case":7,"number":"…","to":"filed","cell":51, …}

Log in by session or bearer token as anywhere; the public sees what happened, not to which case.
`Last-Event-ID` (header, or `last_event_id` in the query for a first connection) resumes without a
gap and without a duplicate; -1 replays from the beginning. `area` narrows to one area.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.db import connection

from cityloop.city.accounts.domain import PUBLIC, Viewer
from cityloop.city.accounts.entry import find_viewer
from cityloop.hub.live.broadcast import Broadcaster
from cityloop.hub.live.domain import Audience, audience_of
from cityloop.hub.live.reader import Reader
from cityloop.kernel.errors import DomainError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/api/v1/live"
MOST_STREAMS = 1_000
SEND_S = 20.0  # a client that takes nothing for so long is cut
READY_S = 10.0
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_readers: dict[int, Reader] = {}


def reader() -> Reader:
    """The reader of the running loop; started with the first stream."""
    loop = asyncio.get_running_loop()
    if id(loop) not in _readers:
        _readers[id(loop)] = Reader(loop)
    return _readers[id(loop)]


def end_streams() -> None:
    """Let every stream of this process end, so that it can stop."""
    for one in list(_readers.values()):
        one.stop()
    _readers.clear()


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    try:
        if scope["method"] != "GET":
            raise DomainError(
                "live.method",
                "The live stream is read with GET.",
                "实时事件只支持 GET。",
                status=405,
            )
        after, area = _asked(scope)
        viewer = await asyncio.to_thread(viewer_of_scope, dict(scope))
        source = await _broadcaster()
    except DomainError as error:
        await _refuse(send, error)
        return
    await _run(source, audience_of(viewer, only_area=area), after, receive, send)


def viewer_of_scope(scope: Scope) -> Viewer:
    """The viewer behind cookie or token. Blocking; raises what the API raises."""
    try:
        request = ASGIRequest(scope, io.BytesIO())
        engine = import_module(settings.SESSION_ENGINE)
        request.session = engine.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        request.user = get_user(request)
        return find_viewer(request) or PUBLIC
    finally:
        connection.close()  # this thread is not ours to keep a connection in


def _asked(scope: Scope) -> tuple[int | None, int | None]:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    last = headers.get(b"last-event-id") or query.get("last_event_id", [""])[0]
    return _number("Last-Event-ID", last, -1), _number("area", query.get("area", [""])[0], 1)


def _number(name: str, text: str, least: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(sign + digits) >= least:
        return int(sign + digits)
    raise DomainError(
        "live.number",
        f"{name} is {text[:40]!r}; it is a whole number of {least} or more.",
        f"{name} 的值为 {text[:40]!r}，应为不小于 {least} 的整数。",
        where=name,
    )


async def _broadcaster() -> Broadcaster:
    try:
        async with asyncio.timeout(READY_S):
            source = await reader().broadcaster()
    except TimeoutError as error:
        raise _unavailable("the ledger cannot be read now", "暂时无法读取留痕") from error
    if len(source) >= MOST_STREAMS or source.is_closed:
        raise _unavailable(f"{MOST_STREAMS} streams are open", f"已有 {MOST_STREAMS} 个连接")
    return source


def _unavailable(why: str, why_zh: str) -> DomainError:
    return DomainError(
        "live.unavailable",
        f"No live stream at the moment: {why}. Try again in some seconds.",
        f"暂时无法提供实时事件：{why_zh}，请数秒后重试。",
        status=503,
    )


async def _refuse(send: Send, error: DomainError) -> None:
    body = json.dumps(error.as_dict(), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if error.status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _run(
    source: Broadcaster, audience: Audience, after: int | None, receive: Receive, send: Send
) -> None:
    """Send until the stream ends, the client is gone, or it takes nothing any more."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    tasks = {
        asyncio.create_task(_pump(source, audience, after, send)),
        asyncio.create_task(_until_gone(receive)),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, TimeoutError | OSError):
                raise outcome


async def _pump(source: Broadcaster, audience: Audience, after: int | None, send: Send) -> None:
    async for chunk in source.stream(audience, after):
        async with asyncio.timeout(SEND_S):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
