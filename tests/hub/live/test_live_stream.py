"""The ASGI application, with a real database behind it."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import RoleHolding, User
from cityloop.city.audit.commands import Draft, record_many, sequence
from cityloop.city.audit.followers import events_from, head_size
from cityloop.city.db import write
from cityloop.hub.live import stream as module
from cityloop.hub.live.broadcast import Broadcaster
from cityloop.hub.live.stream import PATH, live
from cityloop.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_threads(monkeypatch, tmp_path, settings) -> Iterator[None]:
    """What the threads would read is read before the loop runs: the test's transaction is seen
    by no other thread, and a running loop has database connections of its own."""
    settings.DATA = tmp_path
    monkeypatch.setattr(module.connection, "close", lambda: None)
    yield


class Before:
    """Reader and thread pool, with everything read in advance."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self.log, self.size = events_from(0, 1_000), head_size()
        self.viewer: Any = None
        try:
            self.viewer = module.viewer_of_scope(scope)
        except DomainError as error:
            self.viewer = error

    async def broadcaster(self) -> Broadcaster:
        async def read(position: int, limit: int) -> list[Any]:
            return self.log[position : position + limit]

        return Broadcaster(read, position=self.size)

    async def to_thread(self, *_: Any) -> Any:
        if isinstance(self.viewer, DomainError):
            raise self.viewer
        return self.viewer


def happen(count: int) -> None:
    drafts = [
        Draft("case.file", "case", n, data={"case": n, "number": f"C{n}", "subdistrict": 3})
        for n in range(count)
    ]
    with write():
        record_many(drafts, actor=SYSTEM, now=NOW)
    sequence()


def ask(
    *, query: str = "", method: str = "GET", chunks: int = 2, **headers: str
) -> tuple[int, list[bytes]]:
    """(status, body chunks); the client goes away after `chunks` of them."""
    given = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": PATH,
        "query_string": query.encode(),
        "headers": given,
    }
    sent: list[dict[str, Any]] = []

    async def main() -> None:
        gone = asyncio.Event()

        async def send(message: Any) -> None:
            sent.append(message)
            if len(sent) > chunks:
                gone.set()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        await asyncio.wait_for(live(scope, receive, send), 20)

    before = Before(scope)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "reader", lambda: before)
        patch.setattr(module.asyncio, "to_thread", before.to_thread)
        asyncio.run(main())
    return sent[0]["status"], [m["body"] for m in sent[1:]]


def numbers(chunks: list[bytes]) -> list[int]:
    lines = b"".join(chunks).decode().split("\n")
    return [int(line[4:]) for line in lines if line.startswith("id: ")]


def test_live_last_event_id_resumes_behind_it():
    happen(6)
    status, chunks = ask(last_event_id="2")
    assert status == 200
    assert numbers(chunks) == [3, 4, 5]
    assert numbers(ask(query="last_event_id=-1")[1]) == [0, 1, 2, 3, 4, 5]


def test_live_public_gets_no_number_and_an_analyst_does(client):
    happen(1)
    user = User.objects.create_user("ana", password="x-long-enough-1")
    RoleHolding.objects.create(user=user, role=Role.ANALYST.value, granted_at=NOW)
    client.force_login(user)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    public = b"".join(ask(last_event_id="-1")[1])
    analyst = b"".join(ask(last_event_id="-1", cookie=cookie)[1])
    assert b"case.file" in public and b"C0" not in public
    assert b'"number":"C0"' in analyst


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"last_event_id": "abc"}, 400, "live.number"),
        ({"last_event_id": "-2"}, 400, "live.number"),
        ({"last_event_id": "9" * 30}, 400, "live.number"),
        ({"query": "area=x"}, 400, "live.number"),
        ({"method": "POST"}, 405, "live.method"),
        ({"authorization": "Bearer nobody"}, 401, "token.unknown"),
    ],
)
def test_live_bad_request_is_refused_with_a_reason(asked, status, code):
    got, chunks = ask(**asked)
    assert got == status
    assert json.loads(b"".join(chunks))["code"] == code


def test_live_full_house_says_when_to_come_back(monkeypatch):
    monkeypatch.setattr(module, "MOST_STREAMS", 0)
    got, chunks = ask()
    assert (got, json.loads(chunks[0])["code"]) == (503, "live.unavailable")
