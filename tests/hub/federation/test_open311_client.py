"""Our client against our server, over a socket; and against servers that misbehave."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import SYSTEM
from cityloop.hub.federation import queries
from cityloop.hub.federation.client import Open311Client
from cityloop.hub.federation.domain.asked import MOST
from cityloop.hub.federation.profile import Open311Profile
from cityloop.kernel.errors import DomainError
from tests.world import World, centre

START = datetime(2026, 1, 1, tzinfo=UTC)


def client_of(answer: Any, **given: Any) -> Open311Client:
    transport = httpx.MockTransport(answer)
    return Open311Client("https://city.example/open311/v2", transport=transport, **given)


def good(lon: float, lat: float) -> dict[str, str]:
    return {"service_code": "E0112", "lat": str(lat), "long": str(lon), "description": "路面很脏"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_client_and_server_understand_each_other(
    world: World, api_key: str, live_server: Any, form: str
) -> None:
    url = f"{live_server.url}/open311/v2"
    with Open311Client(url, api_key=api_key, form=form) as client:
        assert client.services()[0]["service_code"] == "C0101"
        assert client.definition("C0101")["attributes"][0]["code"] == "CONDITION"
        first = client.post(good(*centre(0)), idempotency_key="a1")
        again = client.post(good(*centre(0)), idempotency_key="a1")
        number = first["service_request_id"]
        assert again["service_request_id"] == number
        assert client.request(number)["description"] == "路面很脏"
        assert [r["service_request_id"] for r in client.requests(status="open")] == [number]
        with pytest.raises(DomainError, match="404"):
            client.request("nope")


@pytest.mark.django_db(transaction=True)
def test_pull_takes_in_requests_once(
    world: World, api_key: str, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server shows its own requests alone, or it would be asked for what was pulled from it.
    own = Open311Profile(channels=("open311",))
    monkeypatch.setattr(queries, "open311_profile", lambda: own)
    url = f"{live_server.url}/open311/v2"
    with Open311Client(url, api_key=api_key) as client:
        for n in range(3):
            client.post({**good(*centre(n)), "description": f"第{n}处路面很脏"})

    def pulled() -> str:
        out = io.StringIO()
        call_command("pull_open311", url, "--channel", "partner", "--days", "1", stdout=out)
        return out.getvalue()

    assert "new 3" in pulled()
    assert "in before 3" in pulled()
    mine = cases_of(SYSTEM).filter(channel="partner").order_by("pk")
    assert mine.count() == 3
    report = mine[0].reports.get()
    assert report.external_id.startswith(live_server.url.removeprefix("http://") + "/")
    assert report.extra["kept"]["service_code"] == "E0112"
    assert mine[0].case_class is not None and mine[0].case_class.key == "E0112"
    assert mine[0].located_by in {"exact", "edge"}


@pytest.mark.django_db(transaction=True)
def test_pull_from_a_server_that_is_not_there_says_so(world: World) -> None:
    with pytest.raises(CommandError, match=r"open311\.unreachable"):
        call_command("pull_open311", "http://127.0.0.1:9/open311/v2")


def test_time_is_halved_where_the_server_cuts_its_answer() -> None:
    moments = [START + timedelta(minutes=n) for n in range(2500)]

    def answer(request: httpx.Request) -> httpx.Response:
        lo, hi = (datetime.fromisoformat(request.url.params[k]) for k in ("start_date", "end_date"))
        found = [m for m in moments if lo <= m <= hi][:MOST]
        return httpx.Response(200, json=[{"service_request_id": m.isoformat()} for m in found])

    with client_of(answer) as client:
        got = list(client.requests_between(START, START + timedelta(days=2)))
    assert {r["service_request_id"] for r in got} == {m.isoformat() for m in moments}


def test_more_than_can_be_told_apart_is_an_error_and_not_a_loss() -> None:
    rows = [{"service_request_id": str(n)} for n in range(MOST)]
    with (
        client_of(lambda _: httpx.Response(200, json=rows)) as client,
        pytest.raises(DomainError, match="too_many"),
    ):
        list(client.requests_between(START, START + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (httpx.Response(500, text="sorry"), "open311.refused"),
        (httpx.Response(302, headers={"Location": "http://else.example"}), "open311.refused"),
        (httpx.Response(200, text="<html>"), "open311.answer"),
        (httpx.Response(200, text="[" * 100_000), "open311.answer"),
        (httpx.Response(200, json={"a": 1}), "open311.answer"),
        (httpx.Response(200, json=["a"]), "open311.answer"),
    ],
)
def test_bad_answers_are_named(response: httpx.Response, code: str) -> None:
    with client_of(lambda _: response) as client, pytest.raises(DomainError) as caught:
        client.services()
    assert caught.value.code == code and "city.example" in caught.value.en


def test_answer_that_drips_is_given_up_at_the_deadline() -> None:
    ticks = iter(range(0, 1000, 10))

    class Dripping(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            for _ in range(50):
                yield b" "

    response = httpx.Response(200, stream=Dripping())
    with (
        client_of(lambda _: response, deadline_s=60) as client,
        pytest.raises(DomainError, match="no whole answer"),
    ):
        client._whole(response, "x", clock=lambda: next(ticks))


def test_key_and_jurisdiction_are_sent() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=json.dumps([{"service_request_id": "1"}]))

    with client_of(answer, api_key="k", jurisdiction_id="city.example") as client:
        client.post({"service_code": "1"}, idempotency_key="i")
        client.requests(status="open")
    assert b"api_key=k" in seen[0].content and seen[0].headers["Idempotency-Key"] == "i"
    assert seen[1].url.params["jurisdiction_id"] == "city.example"
    assert "api_key" not in seen[1].url.params


def test_address_must_be_http() -> None:
    with pytest.raises(DomainError, match="unreachable"):
        Open311Client("file:///etc/passwd")
