import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit import followers
from cityloop.city.audit.commands import Draft, record
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
from cityloop.city.db import write
from cityloop.city.jobs import loop, registry, run
from cityloop.city.jobs.commands import enqueue
from cityloop.city.jobs.models import Job, Lease

NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_else_registered(monkeypatch, tmp_path, settings) -> Iterator[None]:
    settings.DATA = tmp_path
    for module in (registry, run, loop):
        monkeypatch.setattr(module, "load", lambda: None)
        if hasattr(module, "PERIODIC"):
            monkeypatch.setattr(module, "PERIODIC", {})
    for module in (registry, run):
        monkeypatch.setattr(module, "JOBS", {})
    run.JOBS, run.PERIODIC, loop.PERIODIC = registry.JOBS, registry.PERIODIC, registry.PERIODIC
    monkeypatch.setattr(followers, "FOLLOWERS", {})
    yield


def happen(count: int = 1) -> None:
    for n in range(count):
        with write():
            record(Draft("case.receive", "case", n), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_run_once_does_everything_as_of_now():
    seen: list[object] = []
    followers.follower("seen")(lambda events, now: seen.append(len(events)))
    registry.every(seconds=3600, name="hourly")(seen.append)
    registry.job("sample")(lambda payload, now: seen.append(payload))
    happen(3)
    enqueue("sample", {"n": 1}, run_at=NOW, now=NOW)
    done = run.run_once(NOW)
    assert (done.sequenced, done.followed, done.jobs) == (3, 3, 1)
    assert seen == [3, NOW, {"n": 1}]
    assert Checkpoint.objects.get().size == 3
    assert run.run_once(NOW).is_quiet


@pytest.mark.django_db
def test_run_until_quiet_follows_work_that_makes_work():
    @registry.job("chain")
    def link(payload, now):
        if payload["left"]:
            enqueue("chain", {"left": payload["left"] - 1}, run_at=now, now=now)

    enqueue("chain", {"left": 3}, run_at=NOW, now=NOW)
    assert run.run_until_quiet(NOW) == 5
    assert Job.objects.filter(state="done").count() == 4


@pytest.mark.django_db
def test_run_until_quiet_endless_work_is_an_error():
    registry.job("loop")(lambda payload, now: enqueue("loop", {}, run_at=now, now=now))
    enqueue("loop", {}, run_at=NOW, now=NOW)
    with pytest.raises(RuntimeError, match="not quiet"):
        run.run_until_quiet(NOW, rounds=4)


@pytest.mark.django_db
def test_periodic_that_raises_does_not_stop_the_others(caplog):
    seen = []
    registry.every(seconds=1, name="a")(lambda now: 1 / 0)
    registry.every(seconds=1, name="b")(seen.append)
    run.run_once(NOW)
    assert seen == [NOW]
    assert "Periodic a failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_worker_threads_do_the_work_and_stop_when_told():
    followed, done, rung = threading.Event(), threading.Event(), threading.Event()
    followers.follower("seen")(lambda events, now: followed.set())
    registry.job("sample")(lambda payload, now: done.set())
    registry.every(seconds=60, name="ring")(lambda now: rung.set())
    happen(2)
    enqueue("sample", {}, run_at=NOW, now=NOW)
    worker = loop.Worker(job_threads=1)
    worker.start()
    try:
        assert followed.wait(60) and done.wait(60) and rung.wait(60)
    finally:
        worker.stop()
        assert worker.join(20)
    assert LedgerHead.objects.get().size == 2
    assert Lease.objects.get().holder == ""


@pytest.mark.django_db
def test_worker_damaged_ledger_is_not_continued_and_alarms_once(caplog):
    happen(3)
    run.run_once(NOW)
    LedgerHead.objects.update(size=2)
    happen(1)
    worker = loop.Worker(clock=lambda: NOW)
    assert worker._sequence(NOW) == 0
    assert worker._sequence(NOW) == 0
    assert Event.objects.filter(position__isnull=True).count() == 2  # the event and one alarm
    assert "not continued" in caplog.text
