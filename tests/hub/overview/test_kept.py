"""Kept values: fresh, stale, too old, and asked by many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from cityloop.hub.overview.kept import Kept


class Desk:
    """A kept value, a clock to set, and the work put off for later."""

    def __init__(self) -> None:
        self.at, self.asked = 0.0, 0
        self.later: list[Callable[[], None]] = []
        self.kept = Kept[int](
            fresh_s=1.0, stale_s=3.0, most=2, clock=lambda: self.at, later=self.later.append
        )

    def reckon(self) -> int:
        self.asked += 1
        return self.asked

    def look(self, at: float, key: str = "a") -> int:
        self.at = at
        return self.kept.get(key, self.reckon)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    return Desk()


def test_a_fresh_value_is_given_as_it_is(desk: Desk) -> None:
    assert [desk.look(0), desk.look(0.9)] == [1, 1]
    assert desk.later == []


def test_a_stale_value_is_given_and_reckoned_anew_once_afterwards(desk: Desk) -> None:
    desk.look(0)
    assert [desk.look(1.5), desk.look(1.6)] == [1, 1]
    assert len(desk.later) == 1
    desk.later.pop()()
    assert desk.look(1.7) == 2
    desk.look(2.8)
    assert len(desk.later) == 1  # the next time it is put off again


def test_what_is_too_old_is_not_given(desk: Desk) -> None:
    assert [desk.look(0), desk.look(3.0)] == [1, 2]


def test_in_a_transaction_nothing_is_put_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.look(0)
    monkeypatch.setattr(connections["default"], "in_atomic_block", True)
    assert desk.look(1.5) == 2
    assert desk.later == []


def test_a_failure_in_the_background_leaves_the_value_until_it_is_too_old(desk: Desk) -> None:
    desk.look(0)

    def fails() -> int:
        raise OSError("gone")

    desk.at = 1.5
    assert desk.kept.get("a", fails) == 1
    desk.later.pop()()
    assert desk.look(1.6) == 1
    assert len(desk.later) == 1


def test_many_who_ask_at_once_for_what_is_not_there_wait_for_one_reckoning(desk: Desk) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert may_end.wait(60)
        return desk.reckon()

    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.append(desk.kept.get("a", slow))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    may_end.set()
    for thread in threads:
        thread.join(60)
    assert (seen, desk.asked) == ([1, 1, 1, 1], 1)


def test_what_was_forgotten_while_it_was_reckoned_is_not_kept(desk: Desk) -> None:
    def forgotten() -> int:
        desk.kept.forget()
        return desk.reckon()

    assert desk.kept.get("a", forgotten) == 1
    assert desk.look(0.5) == 2


def test_no_more_than_most_are_kept(desk: Desk) -> None:
    assert [desk.look(0, key) for key in ("a", "b", "c", "a")] == [1, 2, 3, 4]
