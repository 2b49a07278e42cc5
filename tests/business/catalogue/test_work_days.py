"""Holidays and swapped workdays."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from cityloop.business.catalogue.commands.calendar import (
    Day,
    china_days,
    read_days,
    remove_work_day,
    set_work_days,
)
from cityloop.business.catalogue.models import WorkDay
from cityloop.business.catalogue.queries import work_calendar
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import DomainError


def test_published_days_hold_the_national_day_and_its_swapped_workday() -> None:
    days = {d.day: d.works for d in china_days([2025])}
    assert days[date(2025, 10, 1)] is False
    assert days[date(2025, 10, 11)] is True


@pytest.mark.django_db
def test_entered_days_change_the_work_calendar_at_once(now: datetime) -> None:
    monday, saturday = date(2026, 3, 16), date(2026, 3, 21)
    assert (monday in work_calendar().holidays) is False
    set_work_days([Day(monday, False), Day(saturday, True)], actor=SYSTEM, now=now)
    assert monday in work_calendar().holidays and saturday in work_calendar().workdays
    remove_work_day(monday, actor=SYSTEM, now=now)
    assert monday not in work_calendar().holidays


@pytest.mark.django_db
def test_day_entered_again_is_replaced(now: datetime) -> None:
    day = date(2026, 3, 16)
    for works in (True, False):
        set_work_days([Day(day, works, "x")], actor=SYSTEM, now=now)
    assert list(WorkDay.objects.values_list("works", flat=True)) == [False]


@pytest.mark.django_db
def test_day_that_is_both_is_refused(now: datetime) -> None:
    day = date(2026, 3, 16)
    with pytest.raises(DomainError, match=r"calendar\.twice"):
        set_work_days([Day(day, True), Day(day, False)], actor=SYSTEM, now=now)


def test_file_of_days_is_read_or_refused_at_its_row(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("day,works,name\n2026-10-01,休,国庆\n2026-10-10,班,\n", encoding="utf-8")
    assert read_days(path) == [
        Day(date(2026, 10, 1), False, "国庆"),
        Day(date(2026, 10, 10), True, ""),
    ]
    path.write_text("day,works\n2026-02-30,休\n2026-10-10,maybe\n", encoding="utf-8")
    with pytest.raises(DomainError) as refused:
        read_days(path)
    assert refused.value.where == "row 2"
