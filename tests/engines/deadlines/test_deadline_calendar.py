"""Office calendars: what is allowed, which days and hours are worked."""

from __future__ import annotations

import builtins
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from cityloop.engines.deadlines import (
    Season,
    WorkCalendar,
    china_calendar,
    china_years,
    elapsed,
)
from cityloop.engines.deadlines.limit import Kind
from cityloop.kernel.errors import DomainError

SUMMER = Season((5, 1), (9, 30), ((time(8), time(12)), (time(15), time(19))))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"periods": ()}, "periods"),
        ({"periods": ((time(12), time(8)),)}, "periods"),
        ({"periods": ((time(8), time(8)),)}, "periods"),
        ({"periods": ((time(22), time(6)),)}, "periods"),
        ({"periods": ((time(8), time(12)), (time(11), time(18)))}, "periods"),
        ({"periods": ((time(8), time(0)), (time(9), time(10)))}, "periods"),
        ({"periods": ((time(8, tzinfo=UTC), time(12, tzinfo=UTC)),)}, "periods"),
        ({"weekend": frozenset(range(7))}, "weekend"),
        ({"weekend": frozenset({7})}, "weekend"),
        ({"holidays": frozenset({datetime(2025, 1, 1)})}, "holidays"),
        ({"holidays": {date(2025, 1, 1)}, "workdays": {date(2025, 1, 1)}}, "workdays"),
    ],
)
def test_work_calendar_wrong_field_is_refused_by_name(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(DomainError) as refusal:
        WorkCalendar(**fields)
    assert (refusal.value.code, refusal.value.where) == ("deadlines.calendar", where)


@pytest.mark.parametrize("first", [(2, 30), (13, 1), (0, 1)])
def test_season_impossible_day_is_refused(first: tuple[int, int]) -> None:
    with pytest.raises(DomainError):
        Season(first, (9, 30), SUMMER.periods)


def test_work_calendar_same_content_is_equal_and_hashes_equal() -> None:
    morning, afternoon = (time(8), time(12)), (time(14), time(18))
    one = WorkCalendar(periods=(morning, afternoon), holidays=frozenset({date(2025, 1, 1)}))
    other = WorkCalendar(periods=(afternoon, morning), holidays={date(2025, 1, 1)})  # type: ignore[arg-type]  # a set is taken too
    assert one == other
    assert hash(one) == hash(other)
    assert one != WorkCalendar()


def test_work_day_s_is_the_sum_of_normal_hours() -> None:
    assert WorkCalendar().work_day_s == 8 * 3600
    assert WorkCalendar(periods=((time(0), time(0)),)).work_day_s == 24 * 3600


def test_season_summer_hours_change_the_day() -> None:
    calendar = WorkCalendar(seasons=(SUMMER,))
    assert calendar.periods_on(date(2025, 7, 1)) == SUMMER.periods
    assert calendar.periods_on(date(2025, 10, 9)) == calendar.periods
    assert calendar.periods_on(date(2025, 7, 5)) == ()  # a Saturday


@pytest.mark.parametrize(
    ("day", "hours"), [("2025-04-30", 8), ("2025-05-02", 3), ("2025-09-30", 3), ("2025-10-01", 8)]
)
def test_season_table_has_its_hours_on_the_first_and_last_day(day: str, hours: int) -> None:
    calendar = WorkCalendar(
        "UTC", weekend=frozenset(), seasons=(Season((5, 1), (9, 30), ((time(9), time(12)),)),)
    )
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    passed = elapsed(midnight, midnight.replace(hour=23, minute=59), Kind.WORK, calendar)
    assert passed == hours * 3600


def test_season_over_new_year_covers_both_sides() -> None:
    winter = Season((11, 1), (2, 28), ((time(9), time(12)),))
    calendar = WorkCalendar("UTC", weekend=frozenset(), seasons=(winter,))
    for day, hours in (((2025, 1, 10), 3), ((2025, 6, 10), 8), ((2025, 12, 10), 3)):
        at = datetime(*day, tzinfo=UTC)
        assert elapsed(at, at.replace(hour=23), Kind.WORK, calendar) == hours * 3600


def test_china_calendar_national_day_2025_has_its_swapped_days() -> None:
    calendar = china_calendar([2025])
    assert not any(calendar.is_work_day(date(2025, 10, day)) for day in range(1, 9))
    assert calendar.is_work_day(date(2025, 9, 28))  # Sunday
    assert calendar.is_work_day(date(2025, 10, 11))  # Saturday
    assert not calendar.is_work_day(date(2025, 10, 12))


@pytest.mark.parametrize("years", [[2003], [2025, 2999], []])
def test_china_calendar_year_not_covered_is_refused(years: list[int]) -> None:
    with pytest.raises(DomainError) as refusal:
        china_calendar(years)
    assert refusal.value.code == "deadlines.year_not_covered"
    assert str(china_years()[-1]) in refusal.value.en


def test_china_calendar_package_missing_is_refused_clearly(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "chinese_calendar":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DomainError) as refusal:
        china_calendar([2025])
    assert refusal.value.code == "deadlines.no_holidays"


def test_is_provisional_only_after_the_last_published_local_day() -> None:
    calendar = china_calendar([2025])
    assert not calendar.is_provisional(datetime(2025, 12, 31, 15, 59, tzinfo=UTC))
    assert calendar.is_provisional(datetime(2025, 12, 31, 16, 0, tzinfo=UTC))
    assert not WorkCalendar().is_provisional(datetime(2099, 1, 1, tzinfo=UTC))
