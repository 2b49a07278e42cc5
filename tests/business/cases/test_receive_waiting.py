"""Reports that wait at the same moment: one transaction, each its own answer."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cityloop.business.cases.commands import receive_waiting as together
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.business.cases.models import Case, Report
from cityloop.city.accounts.domain import PUBLIC, Viewer
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import DomainError, NotAllowed
from tests.business.cases.stories import report
from tests.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)  # threads see what is committed
Sent = tuple[NewReport, Viewer]


class Crowd:
    """Senders in threads and connections of their own."""

    def __init__(self, world: World, path: Path, patch: pytest.MonkeyPatch) -> None:
        self.world, self.patch = world, patch
        self.gathering = together.Gathering()
        self.turns: list[int] = []
        self.own: str | None = None
        if connection.vendor == "sqlite":  # in memory its readers and writers shut each other out
            self.own = str(path / "own.sqlite3")
            connection.cursor().execute("VACUUM INTO %s", [self.own])

    def send(self, *rows: Sent, now: Sequence[datetime] = ()) -> list[Any]:
        """The answers, or what was raised. The first turn is held until all others wait."""
        held, taken = threading.Event(), together.receive_from_many
        moments = now or [self.world.now] * len(rows)

        def turn(sent: Sequence[Sent], *, now: datetime) -> Any:
            self.turns.append(len(sent))
            if len(self.turns) == 1:
                held.set()
                until(lambda: self.gathering.waiting() == len(rows) - 1)
            return taken(sent, now=now)

        self.patch.setattr(together, "receive_from_many", turn)
        answers: list[Any] = [None] * len(rows)

        def one(i: int) -> None:
            sent, actor = rows[i]
            answers[i] = self.run(lambda: self.gathering.receive(sent, actor=actor, now=moments[i]))

        threads = [threading.Thread(target=one, args=(i,)) for i in range(len(rows))]
        threads[0].start()
        assert held.wait(60)
        for place, thread in enumerate(threads[1:]):
            thread.start()
            until(lambda place=place: self.gathering.waiting() == place + 1)  # type: ignore[misc]
        for thread in threads:
            thread.join(60)
        return answers

    def send_one(self) -> Any:
        """The answer to a report while nobody else reports."""
        return self.look(self.send_here)

    def send_here(self) -> Any:
        """The same in the present thread."""
        return self.gathering.receive(report(), actor=PUBLIC, now=self.world.now)

    def run(self, act: Callable[[], Any]) -> Any:
        """In the present thread, over the crowd's database."""
        if self.own:
            connection.settings_dict = {**connection.settings_dict, "NAME": self.own}
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    def look(self, act: Callable[[], Any]) -> Any:
        """What is committed."""
        seen: list[Any] = []
        thread = threading.Thread(target=lambda: seen.append(self.run(act)))
        thread.start()
        thread.join(60)
        return seen[0]


@pytest.fixture
def crowd(
    transactional_db: None, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Crowd:
    """People of the small city who report at the same time."""
    return Crowd(build(now), tmp_path, monkeypatch)


def until(true: Callable[[], bool]) -> None:
    """Let the other threads run until it is so."""
    pause = threading.Event()
    for _ in range(60_000):
        if true():
            return
        pause.wait(0.001)
    raise AssertionError("it never became so")


def test_reports_that_wait_share_one_turn_and_each_has_its_own_case(crowd: Crowd) -> None:
    sent = [report(n % 4, title=f"第{n}件事") for n in range(6)]
    answers = crowd.send(*((one, PUBLIC) for one in sent))
    assert crowd.turns == [1, 5]
    titles = crowd.look(lambda: dict(Case.objects.values_list("pk", "title")))
    assert [titles[a.case_id] for a in answers] == [one.title for one in sent]
    assert len({a.follow_key for a in answers}) == 6


def test_who_comes_while_another_process_writes_comes_along(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowd.own is None:
        pytest.skip("PostgreSQL has many writers: nobody waits for a turn")
    taken = together.receive_from_many

    def counted(sent: Sequence[Sent], *, now: datetime) -> Any:
        crowd.turns.append(len(sent))
        return taken(sent, now=now)

    monkeypatch.setattr(together, "receive_from_many", counted)
    with open(f"{crowd.own}-turn", "w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        threads = [threading.Thread(target=lambda: crowd.run(crowd.send_here)) for _ in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: crowd.gathering.waiting() == 3)
    for thread in threads:
        thread.join(60)
    assert crowd.turns == [3]


def test_a_bad_one_among_good_ones_is_refused_alone(crowd: Crowd) -> None:
    bad = replace(report(), title="", text="")
    answers = crowd.send((report(), PUBLIC), (report(), PUBLIC), (bad, PUBLIC), (report(), PUBLIC))
    assert [type(a) is Receipt for a in answers] == [True, True, False, True]
    assert isinstance(answers[2], DomainError)
    assert answers[2].code == "report.empty"
    assert crowd.turns == [1, 3]


def test_one_external_id_twice_in_a_turn_is_one_case_and_its_key_is_told_once(
    crowd: Crowd,
) -> None:
    one = report()
    answers = crowd.send((report(), PUBLIC), (one, PUBLIC), (one, PUBLIC))
    first, second = answers[1:]
    assert (first.created, second.created) == (True, False)
    assert first.case_id == second.case_id
    assert second.follow_key is None
    assert crowd.look(Case.objects.count) == 2


def test_one_external_id_with_two_contents_in_a_turn_is_a_contradiction(crowd: Crowd) -> None:
    one = report()
    answers = crowd.send((report(), PUBLIC), (one, PUBLIC), (replace(one, text="别的"), PUBLIC))
    assert answers[1].created
    assert answers[2].code == "report.contradicts"


def test_each_acts_in_their_own_name(crowd: Crowd) -> None:
    worker, acceptor = crowd.world.viewer("worker"), crowd.world.viewer("acceptor")
    actors = [PUBLIC, worker, acceptor, worker, PUBLIC]
    answers = crowd.send(*((report(), actor) for actor in actors))
    assert crowd.turns == [1, 4]
    rows = crowd.look(
        lambda: {
            case: (kind, actor)
            for case, kind, actor in Event.objects.filter(kind="case.receive").values_list(
                "subject_id", "actor_kind", "actor_id"
            )
        }
    )
    assert [rows[a.case_id] for a in answers] == [(v.kind, v.user_id) for v in actors]
    by = crowd.look(lambda: dict(Report.objects.values_list("case_id", "submitted_by")))
    assert [by[a.case_id] for a in answers] == [v.user_id for v in actors]


def test_who_may_not_report_does_not_even_wait(crowd: Crowd) -> None:
    machine = Viewer(kind="token", user_id=1, name="m", scopes=frozenset({"cases:read"}))
    with pytest.raises(NotAllowed) as refused:
        crowd.gathering.receive(report(), actor=machine, now=crowd.world.now)
    assert refused.value.code == "report.scope"
    assert crowd.gathering.waiting() == 0


def test_a_turn_that_fails_falls_apart_and_only_who_broke_it_fails(crowd: Crowd) -> None:
    broken = report()
    kept = together.receive_from_many

    def breaks(sent: Sequence[Sent], *, now: datetime) -> Any:
        if any(one.external_id == broken.external_id for one, _ in sent):
            raise DatabaseError("no row of this kind")
        return kept(sent, now=now)

    alone = together.receive

    def breaks_alone(one: NewReport, *, actor: Viewer, now: datetime) -> Receipt:
        breaks([(one, actor)], now=now)
        return alone(one, actor=actor, now=now)

    crowd.patch.setattr(together, "receive_from_many", breaks)
    crowd.patch.setattr(together, "receive", breaks_alone)
    rows = [report(), report(), broken, report()]
    answers = crowd.send(*((one, PUBLIC) for one in rows))
    assert [isinstance(a, DatabaseError) for a in answers] == [False, False, True, False]
    ids = crowd.look(lambda: set(Report.objects.values_list("external_id", flat=True)))
    assert ids == {one.external_id for one in rows} - {broken.external_id}


def test_after_a_turn_that_failed_the_next_is_led_again(crowd: Crowd) -> None:
    def never(sent: Sequence[Sent], *, now: datetime) -> Any:
        raise DatabaseError("gone")

    kept = together.receive_from_many
    crowd.patch.setattr(together, "receive_from_many", never)
    assert crowd.send_one().created
    crowd.patch.setattr(together, "receive_from_many", kept)
    assert crowd.send_one().created
    assert crowd.gathering.waiting() == 0


def test_a_turn_has_the_moment_of_its_latest_report(crowd: Crowd) -> None:
    now = crowd.world.now
    moments = [now, now + timedelta(seconds=2), now + timedelta(seconds=1)]
    answers = crowd.send(*((report(), PUBLIC) for _ in range(3)), now=moments)
    at = crowd.look(lambda: dict(Case.objects.values_list("pk", "received_at")))
    assert [at[a.case_id] for a in answers] == [now, moments[1], moments[1]]


def test_inside_a_transaction_it_goes_alone_and_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(sent: Sequence[Sent], *, now: datetime) -> Any:
        raise AssertionError("taken together inside a transaction")

    monkeypatch.setattr(together, "receive_from_many", never)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        assert together.receive_together(report(), actor=PUBLIC, now=world.now).created
        raise KeyboardInterrupt
    assert not Case.objects.exists()


def test_a_long_queue_is_taken_in_turns_of_bounded_size(crowd: Crowd) -> None:
    crowd.patch.setattr(together, "MOST", 3)
    answers = crowd.send(*((report(), PUBLIC) for _ in range(8)))
    assert crowd.turns == [1, 3, 3, 1]
    assert all(a.created for a in answers)
