"""SIGKILL under load, again and again: what was acknowledged is there, exactly once.

CITYLOOP_KILLS sets the number of kills on each database: 20 unless told.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.postgres import running
from tests.reliability.city import OLD_CASES
from tests.reliability.processes import Server
from tests.reliability.storm import Storm

pytestmark = pytest.mark.reliability

KILLS = int(os.environ.get("CITYLOOP_KILLS", "20"))
UP_S = (0.8, 2.8)  # under load between the first answer and the next kill
CLEAN = (
    "lost", "doubled", "other_number", "never_sent", "received_twice", "histories", "clocks",
    "figures",
)  # fmt: skip
STORY = "receive near late escalate escalate escalate"


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database of its own; "" is SQLite in the data folder."""
    given = os.environ.get("DATABASE_URL")
    if kind == "sqlite":
        if given:
            pytest.skip("this run is for PostgreSQL (DATABASE_URL is set)")
        yield ""
        return
    with running() if not given else _given(given) as url:
        if url is None:
            pytest.skip("no PostgreSQL can be had here")
        name = f"kill_{secrets.token_hex(4)}"
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        parts = urlsplit(url)
        yield urlunsplit(parts._replace(path=f"/{name}"))
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _given(url: str) -> Iterator[str]:
    yield url


class Receiver:
    """Another system: counts what arrives by its webhook id."""

    def __init__(self) -> None:
        self.arrived: dict[str, int] = {}
        lock, arrived = threading.Lock(), self.arrived

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                name = self.headers["webhook-id"]
                with lock:
                    arrived[name] = arrived.get(name, 0) + 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_sigkill_under_load_loses_nothing_and_doubles_nothing(
    kind: str, tmp_path: Path, receiver: Receiver, record_property: pytest.RecordProperty
) -> None:
    with database(kind) as url:
        server = Server(tmp_path, url, receiver.port)
        if not url:
            del server.env["DATABASE_URL"]
        tokens = server.city("seed", server.hook)["tokens"]
        storm = Storm(server.base, tokens)
        try:
            starts = _kill_again_and_again(server, storm)
            settled = server.city("wait")
            codes = server.stop()
        finally:
            storm.stop()
            server.kill()
        log = tmp_path / "log.json"
        log.write_text(json.dumps(storm.log.as_json()), encoding="utf-8")
        found = server.city("examine", str(log))
        verified = server.cityloop("audit", "verify", check=False)
    story = {
        "kills": KILLS,
        "sent": len(storm.log.sent),
        "repeats": storm.log.repeats,
        "cut_off": storm.log.cut_off,
        "acked": len(storm.log.acked),
        "answers": storm.log.answers,
        "comments_acked": sum(storm.log.comments.values()),
        "webhooks": len(receiver.arrived),
        "seconds_to_first_answer": [round(s, 1) for s in starts],
        "settled": settled,
        **{k: v for k, v in found.items() if k != "comments"},
        "verify": verified.stdout.splitlines()[-2:],
    }
    record_property("story", json.dumps(story, ensure_ascii=False))
    print(f"\n{kind}: {json.dumps(story, ensure_ascii=False)}")
    _judge(storm, receiver, found, settled, tmp_path)
    assert verified.returncode == 0, verified.stdout
    assert codes == [0, 0], server.output.read_text()[-3000:]


def _kill_again_and_again(server: Server, storm: Storm) -> list[float]:
    dice, starts = Random(7), [server.start()]
    storm.start()
    for _ in range(KILLS):
        time.sleep(dice.uniform(*UP_S))
        server.kill()
        starts.append(server.start())
    time.sleep(1)
    storm.stop()
    return starts


def _judge(
    storm: Storm, receiver: Receiver, found: dict[str, object], settled: dict[str, object], at: Path
) -> None:
    assert storm.log.faults == [], "the server answered 5xx or changed its word"
    assert storm.log.cut_off >= KILLS, "the kills did not hit anybody: no proof"
    assert len(storm.log.acked) > 10 * KILLS, "hardly any load: no proof"
    for name in CLEAN:
        assert found[name] == [], name
    assert found["moves"] == {"lost": [], "doubled": [], "never_sent": []}
    assert settled["left"] == []
    assert found["old_rings"] == {STORY: OLD_CASES}, "each clock rings once, in its order"
    assert isinstance(found["comments"], dict)
    wanted = {f"msg_1_{place}" for place in found["comments"].values()}
    assert set(receiver.arrived) == wanted, "each event reaches the other system"
    jobs = found["jobs"]
    assert isinstance(jobs, dict)
    assert not {k for k in jobs if k.endswith(("dead", "waiting"))}, jobs
