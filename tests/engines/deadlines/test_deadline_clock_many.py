"""The clock over columns gives the same answers as the clock over one row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.deadlines.made_up import calendars, instants, limits

from cityloop.engines.deadlines import (
    UNITS,
    Kind,
    Limit,
    Unit,
    WorkCalendar,
    add,
    add_many,
    elapsed,
    elapsed_many,
    unit_codes,
    work_flags,
)
from cityloop.kernel.errors import DomainError

START = np.array(["2025-09-19T02:00", "NaT", "2025-09-20T02:00"], dtype="datetime64[us]")


def column(times: list[datetime]) -> np.ndarray:
    return np.array([t.astimezone(UTC).replace(tzinfo=None) for t in times], "datetime64[us]")


@settings(deadline=None)
@given(st.lists(st.tuples(instants(), limits()), max_size=12), calendars())
def test_add_many_equals_add_row_by_row(
    rows: list[tuple[datetime, Limit]], calendar: WorkCalendar
) -> None:
    due = add_many(
        column([start for start, _ in rows]),
        [limit.value for _, limit in rows],
        unit_codes(np.array([limit.unit.value for _, limit in rows], dtype=str)),
        calendar,
    )
    np.testing.assert_array_equal(due, column([add(s, limit, calendar) for s, limit in rows]))


@settings(deadline=None)
@given(st.lists(st.tuples(instants(), instants(), limits()), max_size=12), calendars())
def test_elapsed_many_equals_elapsed_row_by_row(
    rows: list[tuple[datetime, datetime, Limit]], calendar: WorkCalendar
) -> None:
    pairs = [(*sorted((a, b)), limit) for a, b, limit in rows]
    passed = elapsed_many(
        column([a for a, _, _ in pairs]),
        column([b for _, b, _ in pairs]),
        work_flags(np.array([limit.unit.value for _, _, limit in pairs], dtype=str)),
        calendar,
    )
    assert passed.tolist() == [elapsed(a, b, limit.kind, calendar) for a, b, limit in pairs]


def test_add_many_more_rows_than_a_block_equals_scalar_at_the_seams() -> None:
    calendar = WorkCalendar()
    starts = np.datetime64("2024-12-30", "us") + np.arange(100_000) * np.timedelta64(97, "s")
    due = add_many(starts, 3.0, Unit.WORK_HOUR, calendar)
    for row in (0, 32_767, 32_768, 65_535, 65_536, 99_999):
        start = starts[row].astype(datetime).replace(tzinfo=UTC)
        assert due[row].astype(datetime).replace(tzinfo=UTC) == add(
            start, Limit(3, Unit.WORK_HOUR), calendar
        )


def test_add_many_missing_start_gives_missing_deadline() -> None:
    due = add_many(START, 1, Unit.WORK_DAY, WorkCalendar())
    wanted = np.array(["2025-09-22T02:00", "NaT", "2025-09-22T10:00"], dtype="datetime64[us]")
    np.testing.assert_array_equal(due, wanted)
    assert np.isnat(START).tolist() == [False, True, False]  # the input is left alone


def test_add_many_zero_limit_moves_nothing() -> None:
    np.testing.assert_array_equal(add_many(START, 0, Unit.WORK_HOUR, WorkCalendar()), START)


@pytest.mark.parametrize("rows", [START[:0], START[1:2]])
def test_add_many_nothing_to_add_gives_nothing(rows: np.ndarray) -> None:
    assert np.isnat(add_many(rows, 1, Unit.WORK_DAY, WorkCalendar())).all()
    assert np.isnan(elapsed_many(rows, rows, Kind.WORK, WorkCalendar())).all()


def test_add_many_other_time_resolutions_are_taken() -> None:
    for resolution in ("s", "ms", "ns", "h"):
        due = add_many(START.astype(f"M8[{resolution}]"), 1, "work_day", WorkCalendar())
        assert due[0] == np.datetime64("2025-09-22T02:00")


def test_elapsed_many_missing_or_reversed_rows_are_not_a_number() -> None:
    ends = np.array(["2025-09-19T03:00", "2025-09-19T03:00", "2025-09-19T02:00"], "M8[us]")
    passed = elapsed_many(START, ends, Kind.WORK, WorkCalendar())
    np.testing.assert_array_equal(passed, [3600.0, np.nan, np.nan])


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 1e12])
def test_add_many_wrong_value_names_its_row(value: float) -> None:
    with pytest.raises(DomainError) as refusal:
        add_many(START, [1.0, 1.0, value], Unit.WORK_DAY, WorkCalendar())
    assert (refusal.value.code, refusal.value.where) == ("deadlines.row_value", "row 2")


@pytest.mark.parametrize("units", ["fortnight", 6, -1, np.array(["work_day", "", "work_day"])])
def test_add_many_unknown_unit_is_refused(units: object) -> None:
    with pytest.raises(DomainError) as refusal:
        add_many(START, 1, units, WorkCalendar())  # type: ignore[arg-type]  # on purpose
    assert refusal.value.code == "deadlines.unit"


@pytest.mark.parametrize("text", ["1800-01-01", "2400-01-01", "294000-01-01"])
def test_add_many_time_out_of_range_is_refused(text: str) -> None:
    times = np.array(["2025-01-01", text], dtype="datetime64[s]")
    with pytest.raises(DomainError) as refusal:
        add_many(times, 1, Unit.WORK_DAY, WorkCalendar())
    assert refusal.value.code == "deadlines.out_of_range"


def test_add_many_column_that_is_no_time_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        add_many(np.array([1.0]), 1, Unit.WORK_DAY, WorkCalendar())
    assert refusal.value.code == "deadlines.not_times"


def test_unit_codes_are_positions_in_units() -> None:
    assert unit_codes(np.array([u.value for u in UNITS])).tolist() == list(range(len(UNITS)))
    assert work_flags(np.array([u.value for u in UNITS])).tolist() == [False] * 3 + [True] * 3


def test_elapsed_many_starts_years_apart_share_one_table() -> None:
    starts = np.array(["1970-01-05T00:00", "2199-01-07T00:00"], dtype="datetime64[us]")
    ends = starts + np.timedelta64(timedelta(days=1))
    calendar = WorkCalendar("UTC")
    assert elapsed_many(starts, ends, Kind.WORK, calendar).tolist() == [28800.0, 28800.0]
