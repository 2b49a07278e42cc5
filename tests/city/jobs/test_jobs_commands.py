from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.models import Event, Tile
from cityloop.city.jobs import commands, registry, run
from cityloop.city.jobs.commands import claim, enqueue, fail, finish, forget_done, revive
from cityloop.city.jobs.domain import backoff_s
from cityloop.city.jobs.models import Job
from cityloop.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_other_jobs(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "JOBS", {})
    monkeypatch.setattr(run, "JOBS", registry.JOBS)
    yield


def want(kind: str = "sample", *, at: datetime = NOW, **kwargs: object) -> None:
    enqueue(kind, {"n": 1}, run_at=at, now=NOW, **kwargs)


def take(now: datetime = NOW, **kwargs: object) -> list[Job]:
    return claim(now=now, lease_s={"sample": 30}, **kwargs)


def test_claim_before_its_time_finds_nothing():
    want(at=NOW + timedelta(seconds=1))
    assert take() == []
    assert len(take(NOW + timedelta(seconds=1))) == 1


def test_claim_leased_job_is_left_alone_until_the_lease_ends():
    want()
    [first] = take()
    assert take(NOW + timedelta(seconds=29)) == []
    [second] = take(NOW + timedelta(seconds=30))
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert second.token != first.token


def test_finish_with_a_stale_token_is_refused():
    want()
    [first] = take()
    [second] = take(NOW + timedelta(seconds=30))
    assert not finish(first, now=NOW)
    assert fail(first, RuntimeError("late"), now=NOW) == "lost"
    assert finish(second, now=NOW)
    assert not finish(second, now=NOW)


def test_enqueue_same_key_waits_once_and_again_after_it_is_done():
    want(dedupe_key="case:1")
    want(dedupe_key="case:1")
    want(dedupe_key="case:2")
    want()
    want()
    assert Job.objects.count() == 4
    job = Job.objects.get(dedupe_key="case:1")
    Job.objects.filter(pk=job.pk).update(state="done")
    want(dedupe_key="case:1")
    assert Job.objects.filter(dedupe_key="case:1").count() == 2


@pytest.mark.parametrize(
    ("attempts", "low", "high"), [(1, 3.75, 6.25), (4, 30, 50), (40, 2700, 4500)]
)
def test_backoff_doubles_and_is_spread(attempts, low, high):
    assert backoff_s(attempts, 0.0) == low
    assert backoff_s(attempts, 0.999999) == pytest.approx(high, rel=1e-5)


def test_run_failing_job_is_tried_later_then_dead_with_an_alarm():
    @registry.job("sample")
    def work(payload, now):
        raise ValueError("no answer")

    want(max_attempts=3)
    now, seen = NOW, []
    for _ in range(5):
        run.run_jobs(now=now)
        seen.append(Job.objects.get().state)
        now += timedelta(hours=2)
    job = Job.objects.get()
    assert seen == ["waiting", "waiting", "dead", "dead", "dead"]
    assert (job.attempts, job.error) == (3, "ValueError: no answer")
    assert Event.objects.get().kind == "job.dead"


def test_run_job_work_and_done_are_one_transaction():
    @registry.job("sample")
    def work(payload, now):
        Tile.objects.create(level=9, index=payload["n"], hashes=b"")
        raise ValueError("after the write")

    want()
    run.run_jobs(now=NOW)
    assert not Tile.objects.exists()
    assert Job.objects.get().state == "waiting"


def test_run_job_whose_lease_was_lost_does_nothing():
    done = []
    registry.job("sample")(lambda payload, now: done.append(payload))
    want()
    [stale] = take()
    take(NOW + timedelta(seconds=30))
    assert run.run_job(stale, now=NOW) == "lost"
    assert done == []


def test_run_outside_job_is_not_in_a_transaction_of_its_own(monkeypatch):
    written = []
    monkeypatch.setattr(run, "write", lambda: pytest.fail("work in a transaction"))
    registry.job("sample", outside=True)(lambda payload, now: written.append(1) or 1 / 0)
    want()
    run.run_jobs(now=NOW)
    assert written == [1]
    assert "ZeroDivisionError" in Job.objects.get().error


def test_run_unknown_kind_is_loud_and_kept(caplog):
    want("nobody.knows")
    run.run_jobs(now=NOW)
    assert Job.objects.get().state == "waiting"
    assert "nobody.knows" in Job.objects.get().error
    assert "nobody.knows" in caplog.text


def test_claim_job_that_never_came_to_an_end_is_dead():
    want(max_attempts=2)
    take()
    take(NOW + timedelta(minutes=1))
    assert take(NOW + timedelta(minutes=2)) == []
    assert Job.objects.get().state == "dead"


def test_revive_dead_job_has_all_its_attempts_again():
    want(max_attempts=1)
    [job] = take()
    assert fail(job, RuntimeError("x"), now=NOW) == "dead"
    revive(job.pk, actor=SYSTEM, now=NOW)
    assert [j.attempts for j in take()] == [1]


def test_revive_waiting_or_unknown_job_is_refused():
    want()
    for job_id, code in ((Job.objects.get().pk, "job.not_dead"), (0, "job.unknown")):
        with pytest.raises(DomainError) as refused:
            revive(job_id, actor=SYSTEM, now=NOW)
        assert refused.value.code == code


def test_forget_done_keeps_the_young_and_the_dead():
    for age, state in ((8, "done"), (6, "done"), (90, "dead")):
        Job.objects.create(
            kind="x", run_at=NOW, created_at=NOW, state=state, finished_at=NOW - timedelta(days=age)
        )
    assert forget_done(now=NOW) == 1
    assert Job.objects.count() == 2


def test_lease_is_held_by_one_until_it_ends_or_is_dropped():
    def hold(holder: str, at: datetime) -> bool:
        return commands.hold_lease("periodic", holder, now=at, seconds=15)

    assert hold("a", NOW)
    assert not hold("b", NOW + timedelta(seconds=14))
    assert hold("a", NOW + timedelta(seconds=14))
    assert not hold("b", NOW + timedelta(seconds=20))
    commands.drop_lease("periodic", "b")
    assert not hold("b", NOW + timedelta(seconds=20))
    commands.drop_lease("periodic", "a")
    assert hold("b", NOW + timedelta(seconds=20))
