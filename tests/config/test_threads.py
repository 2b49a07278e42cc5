"""WSGI in threads: bodies and answers small and large, senders that go away."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cityloop.config import threads
from cityloop.config.threads import PIECE, WHOLE, InThreads

Message = dict[str, Any]


def ask(
    application: Any, parts: list[bytes] | None, *, then_nothing: bool = False, **headers: str
) -> list[Message]:
    """What is sent back. `parts`: the body; None when the sender goes away in the middle of it."""
    came: list[Message] = [{"type": "http.disconnect"}]
    if parts is not None:
        came = [{"type": "http.request", "body": p, "more_body": True} for p in parts]
        came.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Message] = []

    async def receive() -> Message:
        if then_nothing and len(came) == 1:
            await asyncio.Event().wait()
        return came.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"a=1"}
    scope |= {"http_version": "1.1", "headers": named}
    asyncio.run(InThreads(application, threads=2)(scope, receive, send))
    return sent


def never(environ: Any, start: Any) -> list[bytes]:
    raise AssertionError("half a body was handed on")


def says_length(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("201 Created", [("X-Thread", threading.current_thread().name)])
    return [str(len(environ["wsgi.input"].read())).encode(), b" bytes"]


def test_a_small_answer_comes_whole_from_a_thread() -> None:
    head, body = ask(says_length, [b"ab", b"c"], content_length="3")
    assert head["status"] == 201
    assert dict(head["headers"])[b"x-thread"].startswith(b"pages")
    assert body == {"type": "http.response.body", "body": b"3 bytes"}


@pytest.mark.parametrize("named", [{"content_length": str(WHOLE + 1)}, {"transfer_encoding": "x"}])
def test_a_large_body_or_one_of_unknown_size_is_read_whole(named: dict[str, str]) -> None:
    def says_both(environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [f"{environ['CONTENT_LENGTH']} {len(environ['wsgi.input'].read())}".encode()]

    parts = [b"x" * WHOLE, b"y"]
    assert ask(says_both, parts, **named)[1]["body"] == f"{WHOLE + 1} {WHOLE + 1}".encode()


@pytest.mark.parametrize(
    ("parts", "named"), [([], {"content_length": "12"}), ([b"x" * 11], {"transfer_encoding": "x"})]
)
def test_a_body_beyond_every_limit_is_refused_without_a_thread(
    monkeypatch: pytest.MonkeyPatch, parts: list[bytes], named: dict[str, str]
) -> None:
    monkeypatch.setattr(threads, "LARGEST", 10)
    head, body = ask(never, parts, **named)
    assert (head["status"], json.loads(body["body"])["code"]) == (413, "request.too_big")


def test_who_never_says_more_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty such senders used to hold all threads, and nobody else was answered."""
    monkeypatch.setattr(threads, "SLOWEST_S", 0.01)
    head, body = ask(never, [b"beginning"], then_nothing=True, transfer_encoding="chunked")
    assert (head["status"], json.loads(body["body"])["code"]) == (408, "request.slow")


def test_a_sender_who_goes_away_starts_nothing() -> None:
    assert ask(never, None, content_length="3") == []


def test_a_large_answer_comes_in_pieces_and_is_closed() -> None:
    class Chunks:
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            yield from (bytes([n]) * (PIECE // 2) for n in range(5))

        def close(self) -> None:
            self.closed = True

    chunks = Chunks()

    def large(environ: Any, start: Any) -> Chunks:
        start("200 OK", [])
        return chunks

    head, *pieces = ask(large, [])
    assert head["type"] == "http.response.start"
    assert [len(p["body"]) for p in pieces] == [PIECE, PIECE, PIECE // 2]
    assert b"".join(p["body"] for p in pieces) == b"".join(chunks)
    assert chunks.closed


def test_what_breaks_in_the_thread_breaks_the_request() -> None:
    def breaks(environ: Any, start: Any) -> list[bytes]:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        ask(breaks, [])
