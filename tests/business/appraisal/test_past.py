"""Finished days are remembered, today is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from cityloop.business.appraisal import past

MONDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 20)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    past.forget()
    yield
    past.forget()


def test_today_is_read_anew_and_the_days_before_once() -> None:
    asked: list[tuple[date, date]] = []

    def read(first: date, last: date) -> Counter[str]:
        asked.append((first, last))
        return Counter({"closed": (last - first).days + 1})

    for _ in range(3):
        assert past.summed("a", MONDAY, FRIDAY, read) == {"closed": 5}
    assert asked.count((MONDAY, date(2026, 3, 19))) == 1
    assert asked.count((FRIDAY, FRIDAY)) == 3


def test_one_day_alone_is_never_kept() -> None:
    found = iter([1, 2])

    def read(first: date, last: date) -> Counter[str]:
        return Counter({"closed": next(found)})

    assert past.summed("a", FRIDAY, FRIDAY, read) == {"closed": 1}
    assert past.summed("a", FRIDAY, FRIDAY, read) == {"closed": 2}


def test_what_is_kept_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 30.0, 100.0, 100.0])
    monkeypatch.setattr(past.time, "monotonic", lambda: next(clock))
    counts = iter(range(100))

    def read(first: date, last: date) -> Counter[str]:
        return Counter({"n": next(counts) if first != last else 0})

    seen = [past.summed("a", MONDAY, FRIDAY, read)["n"] for _ in range(3)]
    assert seen == [0, 0, 1]
