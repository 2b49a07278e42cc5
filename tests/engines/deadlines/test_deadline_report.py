"""Verdicts over columns against the definitions, row by row."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.deadlines import verdicts
from cityloop.kernel.errors import DomainError

NOW = datetime(2025, 9, 15, 12, tzinfo=UTC)
MOMENT = np.datetime64("2025-09-15T12:00", "us")
HOURS = st.one_of(st.none(), st.integers(-3, 3))
ROWS = st.lists(st.tuples(HOURS, HOURS, st.booleans(), st.booleans()), max_size=30)


def times(hours: list[int | None]) -> np.ndarray:
    nat = np.datetime64("NaT")
    return np.array(
        [nat if h is None else MOMENT + np.timedelta64(h, "h") for h in hours], "M8[us]"
    )


@given(ROWS)
def test_verdicts_every_row_follows_the_definitions(
    rows: list[tuple[int | None, int | None, bool, bool]],
) -> None:
    due, finished, exempt, suspended = ([row[i] for row in rows] for i in range(4))
    found = verdicts(
        times(due), times(finished), now=NOW, exempt=np.array(exempt), suspended=np.array(suspended)
    )
    for i, (due_h, end_h, is_exempt, is_suspended) in enumerate(rows):
        is_open = end_h is None
        in_time = not is_open and (due_h is None or end_h <= due_h)
        excluded = is_exempt or (is_open and is_suspended)
        missed = is_open and due_h is not None and due_h < 0
        assert found.on_time[i] == (in_time or is_exempt)
        assert found.counted_on_time[i] == (in_time and not excluded)
        assert found.overdue_finished[i] == (not is_open and not in_time and not is_exempt)
        assert found.overdue_pending[i] == (missed and not excluded)
        assert found.running[i] == (is_open and not missed and not excluded)
        assert found.excluded[i] == excluded
        assert found.was_overdue[i] == (is_exempt and (missed or not (is_open or in_time)))


@given(ROWS)
def test_verdicts_divide_the_rows_none_lost_none_twice(
    rows: list[tuple[int | None, int | None, bool, bool]],
) -> None:
    due, finished, exempt, suspended = ([row[i] for row in rows] for i in range(4))
    found = verdicts(
        times(due), times(finished), now=NOW, exempt=np.array(exempt), suspended=np.array(suspended)
    )
    counts = found.counts()
    parts = ("counted_on_time", "overdue_finished", "overdue_pending", "running", "excluded")
    assert sum(counts[part] for part in parts) == len(rows)


def test_verdicts_now_in_another_zone_is_the_same_moment() -> None:
    from zoneinfo import ZoneInfo

    local = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    due, nothing = times([-1, 0, 1]), times([None, None, None])
    assert verdicts(due, nothing, now=local).overdue_pending.tolist() == [True, False, False]


def test_verdicts_bad_columns_are_refused_by_name() -> None:
    due = times([1, 2])
    for bad, code in (
        (lambda: verdicts(due, due, now=NOW.replace(tzinfo=None)), "deadlines.naive"),
        (lambda: verdicts(np.array([1.0, 2.0]), due, now=NOW), "deadlines.not_times"),
        (lambda: verdicts(due, due[:1], now=NOW), "deadlines.shape"),
        (lambda: verdicts(due, due, now=NOW, exempt=[True]), "deadlines.shape"),
    ):
        with pytest.raises(DomainError) as refusal:
            bad()
        assert refusal.value.code == code
