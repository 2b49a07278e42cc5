"""A second opinion from an endpoint: off by default, masked, in time, within the day's limits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from ninja.testing import TestClient
from tests.engines.triage.samples import PHRASES, reports

from cityloop.ai.triage.api import router
from cityloop.ai.triage.commands import second_opinion, train
from cityloop.ai.triage.endpoint import Endpoint, endpoint
from cityloop.ai.triage.examples import Examples
from cityloop.ai.triage.models import OpinionDay
from cityloop.ai.triage.queries import classify, matters, urgency
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

CLERK = Viewer("person", 1, "clerk", (Holding(Role.DISPATCHER),))
TEXT = "楼下饭店油烟很大，我叫王小明，电话13800138000，身份证110101199003078515，请处理"


class Served(HTTPServer):
    """A local endpoint that answers what it is told and keeps what it was asked."""

    status, content, hold = 200, '{"class": 1, "also": null}', 0.0
    usage: dict[str, int] | None = {"prompt_tokens": 300, "completion_tokens": 12}

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.release = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Served

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body) | {"path": self.path})
        self.server.keys.append(self.headers["Authorization"])
        if self.server.hold:
            self.server.release.wait(self.server.hold)
        message = {"choices": [{"message": {"content": self.server.content}}]}
        sent = json.dumps(message | ({"usage": self.server.usage} if self.server.usage else {}))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(sent.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def taught(db: None, now: datetime, tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    given = Examples(*map(list, reports(80)))
    train(given, phrases=PHRASES, name="t", accuracy=0.8, actor=SYSTEM, now=now)


def at(served: Served, **limits: Any) -> Endpoint:
    url = f"http://127.0.0.1:{served.server_port}/v1"
    return Endpoint(url=url, model="m", key="k-1", **limits)


def ask(where: Endpoint | None, now: datetime, *, actor: Viewer = SYSTEM) -> Any:
    return second_opinion("油烟扰民", TEXT, actor=actor, now=now, where=where)


def test_endpoint_is_off_until_its_address_is_set() -> None:
    assert endpoint({}) is None
    said = {"CITYLOOP_OPINION_URL": "http://x/v1/", "CITYLOOP_OPINION_MODEL": "m"}
    assert endpoint(said) == Endpoint(url="http://x/v1", model="m")


@pytest.mark.parametrize(
    ("name", "value"), [("URL", "ftp://x"), ("MODEL", ""), ("DAY_COST", "-1"), ("PRICE_IN", "x")]
)
def test_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    said = {"CITYLOOP_OPINION_URL": "http://x", "CITYLOOP_OPINION_MODEL": "m"}
    with pytest.raises(DomainError) as refused:
        endpoint(said | {f"CITYLOOP_OPINION_{name}": value})
    assert refused.value.where == f"CITYLOOP_OPINION_{name}"


def test_opinion_is_of_the_masked_text_and_among_the_first_classes(
    taught: None, served: Served, now: datetime
) -> None:
    found = ask(at(served), now)
    top = [label for label, _ in classify(["油烟扰民"], [TEXT])[0].top]
    assert (found.label, found.also) == (top[0], None)
    (asked,) = served.asked
    sent = json.dumps(asked, ensure_ascii=False)
    assert "油烟" in sent and all(label in sent for label in top)
    assert not any(hidden in sent for hidden in ("王小明", "13800138000", "110101199003078515"))
    assert (asked["path"], asked["temperature"]) == ("/v1/chat/completions", 0)
    assert served.keys == ["Bearer k-1"]


@pytest.mark.parametrize(
    "content", ["", "环境", '{"class": 9}', '{"class": "1"}', '{"class": true}', "{}"]
)
def test_answer_outside_the_list_is_no_class(
    taught: None, served: Served, now: datetime, content: str
) -> None:
    served.content = content
    assert ask(at(served), now).label is None


def test_answer_around_its_json_is_read(taught: None, served: Served, now: datetime) -> None:
    served.content = '```json\n{"class": 2, "also": 1}\n```'
    found = ask(at(served), now)
    assert found.label is not None and found.also is not None and found.label != found.also


def test_tokens_of_the_day_are_those_the_endpoint_counted(
    taught: None, served: Served, now: datetime
) -> None:
    where = at(served, price_in=Decimal(2), price_out=Decimal(10))
    ask(where, now)
    day = OpinionDay.objects.get()
    assert (day.calls, day.tokens, day.cost) == (1, 312, Decimal("0.000720"))


def test_day_without_room_asks_nobody_and_the_next_day_may(
    taught: None, served: Served, now: datetime
) -> None:
    where = at(served, day_tokens=2_000)
    with pytest.raises(DomainError, match=r"triage\.opinion_limit") as refused:
        for _ in range(9):
            ask(where, now)
    assert refused.value.status == 429 and 0 < len(served.asked) < 9
    asked = len(served.asked)
    ask(where, now + timedelta(days=1))
    assert len(served.asked) == asked + 1
    with pytest.raises(DomainError, match=r"triage\.opinion_limit"):
        ask(at(served, day_cost=Decimal(0), price_in=Decimal(1)), now + timedelta(days=2))


def test_endpoint_that_is_late_wrong_or_gone_leaves_the_own_answer(
    taught: None, served: Served, now: datetime
) -> None:
    served.status = 500
    with pytest.raises(DomainError, match=r"triage\.opinion_failed"):
        ask(at(served), now)
    served.status, served.hold = 200, 5.0
    with pytest.raises(DomainError, match="Timeout"):
        ask(at(served, timeout_s=0.05), now)
    assert OpinionDay.objects.get().tokens > 0  # what was asked may have been billed
    with pytest.raises(DomainError, match=r"triage\.opinion_failed"):
        ask(Endpoint(url="http://127.0.0.1:1", model="m"), now)


def test_opinions_are_for_desks_and_need_an_endpoint(taught: None, now: datetime) -> None:
    citizen = Viewer("person", None, "citizen", (Holding(Role.CITIZEN),))
    with pytest.raises(NotAllowed):
        ask(Endpoint(url="http://127.0.0.1:1", model="m"), now, actor=citizen)
    with pytest.raises(NotFound):
        ask(None, now)


def test_urgency_comes_from_words_and_class_of_the_profile() -> None:
    assert urgency("", "小区燃气泄漏").level == "emergency"
    assert urgency("", "老人摔伤了").words == ("摔伤",)
    assert urgency("", "路灯不亮").level == "normal"
    assert urgency("", "the gas leak is getting worse").level == "emergency"


def test_message_of_two_matters_is_suggested_to_be_split(taught: None) -> None:
    text = "路口的红绿灯坏了，路口经常堵车，车辆乱停挡住出口。楼下饭店油烟很大，工厂排放刺鼻气味。"
    found = matters("", text)
    assert [part.label for part in found] in (["交通", "环境"], [])
    assert matters("", "路灯") == []


def test_api_says_what_a_clerk_needs_and_asks_outside_only_when_told(
    taught: None, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYLOOP_OPINION_URL", at(served).url)
    monkeypatch.setenv("CITYLOOP_OPINION_MODEL", "m")
    given = {"title": "油烟扰民", "text": TEXT + "，有人受伤"}
    found = TestClient(router).post("/suggest", json=given, viewer=CLERK).json()
    assert (found["top"][0]["label"], found["opinion"]) == ("环境", None)
    assert found["urgency"] == {"level": "urgent", "words": ["受伤"]}
    assert found["matters"] == [] and served.asked == []
    found = TestClient(router).post("/suggest", json=given | {"opinion": True}, viewer=CLERK).json()
    assert found["opinion"] == {"label": "环境", "also": None, "tokens": 312}
    assert len(served.asked) == 1
