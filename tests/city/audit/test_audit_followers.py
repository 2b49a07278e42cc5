from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from trace_samples import NOW, recorded

from cityloop.city.audit import followers
from cityloop.city.audit.commands import sequence
from cityloop.city.audit.domain import EventView, next_bite
from cityloop.city.audit.followers import Follower, Page, advance, advance_all, follower
from cityloop.city.audit.models import Cursor, Tile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_followers(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(followers, "FOLLOWERS", {})
    yield


class Seen:
    """A follower that writes (a row of Tile) and keeps what it saw; `bad` makes it raise."""

    def __init__(self) -> None:
        self.bad: int | None = None
        self.calls: list[list[int]] = []

    def __call__(self, events: Sequence[EventView], now: datetime) -> None:
        for event in events:
            Tile.objects.create(level=9, index=event.position, hashes=b"")
            if event.position == self.bad:
                raise RuntimeError("broken")
        self.calls.append([e.position for e in events])

    @property
    def written(self) -> list[int]:
        return list(Tile.objects.filter(level=9).order_by("index").values_list("index", flat=True))


def drain(target: Follower, now: datetime = NOW) -> int:
    total = 0
    while taken := advance(target, now=now):
        total += taken
    return total


def test_follower_sees_every_event_once_in_order():
    seen = Seen()
    target = Follower("seen", seen, 3)
    recorded(7)
    assert drain(target) == 0  # nothing has a place yet
    sequence()
    assert drain(target) == 7
    assert seen.calls == [[0, 1, 2], [3, 4, 5], [6]]
    recorded(1)
    sequence()
    assert drain(target) == 1


def test_follower_that_raises_is_rolled_back_and_waits(caplog):
    seen = Seen()
    target = Follower("seen", seen, 10)
    recorded(4)
    sequence()
    seen.bad = 2
    assert drain(target) == 0
    cursor = Cursor.objects.get(pk="seen")
    assert seen.written == []
    assert (cursor.position, cursor.failures, cursor.error) == (0, 1, "RuntimeError: broken")
    assert cursor.retry_at == NOW + timedelta(seconds=1)
    assert "Follower seen failed" in caplog.text
    seen.bad = None
    assert drain(target) == 0  # not before its time
    assert drain(target, NOW + timedelta(seconds=1)) == 4
    assert seen.written == [0, 1, 2, 3]
    assert Cursor.objects.get(pk="seen").failures == 0


def test_follower_with_one_poisonous_event_gets_all_before_it_done():
    seen = Seen()
    target = Follower("seen", seen, 8)
    recorded(8)
    sequence()
    seen.bad = 5
    now = NOW
    for _ in range(12):
        drain(target, now)
        now += timedelta(minutes=10)
    assert seen.written == [0, 1, 2, 3, 4]
    assert Cursor.objects.get(pk="seen").position == 5


def test_follower_that_raises_does_not_hold_up_others():
    broken, sound = Seen(), []
    broken.bad = 0
    follower("broken")(broken.__call__)
    follower("sound")(lambda events, now: sound.extend(e.position for e in events))
    recorded(2)
    sequence()
    assert advance_all(now=NOW) == 2
    assert sound == [0, 1]


def test_follower_name_taken_twice_is_refused():
    follower("one")(lambda events, now: None)
    with pytest.raises(ValueError, match="one"):
        follower("one")(Seen().__call__)


def test_follower_gets_no_free_text():
    given: list[EventView] = []
    recorded(1, private="王五 13900139000")
    sequence()
    drain(Follower("seen", lambda events, now: given.extend(events), 5))
    assert given[0].data == {"case": 1}
    assert "13900139000" not in repr(given)


def test_worker_beside_requests_takes_smaller_bites_and_larger_ones_again(monkeypatch):
    seen, clock = Seen(), iter(range(1_000))
    target = Follower("slow", seen, 100)
    recorded(130)
    while sequence():
        pass
    monkeypatch.setattr(followers, "stands_back", lambda: True)
    monkeypatch.setattr(followers, "_bites", {})
    monkeypatch.setattr(followers, "HOLD_S", 0.3)  # the clock says that a bite takes a second
    monkeypatch.setattr(followers.time, "monotonic", lambda: float(next(clock)))
    assert [advance(target, now=NOW) for _ in range(3)] == [100, 30, 0]
    assert followers._bites["slow"] == 20
    monkeypatch.setattr(followers, "HOLD_S", 10.0)
    recorded(60)
    sequence()
    assert drain(target) == 60
    assert [len(c) for c in seen.calls[2:]] == [20, 40]


@pytest.mark.parametrize(
    ("bite", "taken", "took_s", "then"),
    [(1000, 1000, 0.5, 100), (40, 10, 9.0, 20), (40, 40, 0.01, 80), (40, 30, 0.01, 40),
     (80, 80, 0.04, 80), (60, 60, 0.001, 100)],
)  # fmt: skip
def test_next_bite_aims_at_the_time_it_may_write(bite, taken, took_s, then):
    assert next_bite(bite, taken, took_s, most=1000 if bite == 1000 else 100, hold_s=0.05) == then


def test_backlog_is_that_of_the_one_furthest_behind_who_works():
    assert followers.backlog() == 0
    quick, slow = (Follower(n, lambda *_: None, size) for n, size in (("quick", 100), ("slow", 2)))
    recorded(5)
    sequence()
    advance(quick, now=NOW)
    assert followers.backlog() == 0
    advance(slow, now=NOW)
    assert followers.backlog() == 3
    Cursor.objects.filter(pk="slow").update(failures=2)
    assert followers.backlog() == 0


def test_cursors_move_at_once_past_what_nobody_behind_them_looks_at():
    seen = Seen()
    marked = {"looked": {4}, "idle": set(), "late": set()}
    for name, at in marked.items():
        follower(name, batch=3, of=lambda e, at=at: e.position in at)(seen)
    recorded(5)
    sequence()
    assert advance_all(now=NOW) == 9
    assert seen.calls == []
    Cursor.objects.filter(pk="late").update(failures=3, retry_at=NOW + timedelta(days=1))
    assert advance_all(now=NOW) == 4  # who waits after a failure, waits
    assert seen.calls == [[3, 4]]
    places = dict(Cursor.objects.values_list("name", "position"))
    assert places == {"looked": 5, "idle": 5, "late": 3}
    assert advance_all(now=NOW + timedelta(days=1)) == 1  # one event at a time, after failures
    assert Cursor.objects.get(pk="late").failures == 0


def test_a_cursor_that_another_process_moved_is_left_to_it(monkeypatch):
    seen = Seen()
    follower("seen", batch=9)(seen)
    follower("idle", batch=9, of=lambda e: False)(seen)
    recorded(4)
    sequence()
    read = Page.read

    def meanwhile(self, position, limit):
        Cursor.objects.update(position=2)
        return read(self, position, limit)

    monkeypatch.setattr(Page, "read", meanwhile)
    assert advance_all(now=NOW) == 0
    assert seen.calls == []
    assert set(Cursor.objects.values_list("position", flat=True)) == {2}


def test_events_are_read_once_for_all_who_stand_at_the_same_place(django_assert_num_queries):
    recorded(6)
    sequence()
    page = Page()
    with django_assert_num_queries(1):
        assert [e.position for e in page.read(0, 4)] == [0, 1, 2, 3]
        assert [e.position for e in page.read(1, 2)] == [1, 2]
    with django_assert_num_queries(1):  # the page ends before
        assert [e.position for e in page.read(3, 4)] == [3, 4, 5]
    with django_assert_num_queries(1):  # and begins after
        assert [e.position for e in page.read(2, 9)] == [2, 3, 4, 5]
