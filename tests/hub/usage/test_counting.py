"""Nothing counted is lost on an orderly stop, nor when the database fails for a while."""

from __future__ import annotations

from collections import Counter as Sum
from collections.abc import Mapping
from datetime import date

import pytest

from cityloop.hub.usage.counting import Counter, Key

DAY = date(2026, 3, 16)


class Book:
    """Where counts are written; may be closed."""

    def __init__(self) -> None:
        self.written: Sum[Key] = Sum()
        self.closed = False

    def save(self, counts: Mapping[Key, int]) -> None:
        if self.closed:
            raise OSError("the database is away")
        self.written.update(counts)


def key(user: int, function: str = "file") -> Key:
    return (DAY, user, "acceptor", function)


def test_uses_are_added_up_before_they_are_written() -> None:
    book = Book()
    counter = Counter(book.save)
    for user in (1, 2, 1, 1):
        counter.add(key(user))

    assert counter.flush() == 2
    assert book.written == {key(1): 3, key(2): 1}
    assert counter.flush() == 0


def test_counts_that_could_not_be_written_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    book = Book()
    counter = Counter(book.save)
    counter.add(key(1))
    book.closed = True
    assert counter.flush() == 0
    counter.add(key(1))
    book.closed = False

    counter.flush()

    assert book.written == {key(1): 2}
    assert "could not be written" in caplog.text


def test_an_orderly_stop_writes_what_is_left() -> None:
    book = Book()
    counter = Counter(book.save, every_s=3600)
    assert not counter.runs
    counter.start()
    assert counter.runs
    for user in range(50):
        counter.add(key(user))

    counter.stop()

    assert sum(book.written.values()) == 50
    assert not counter.runs
