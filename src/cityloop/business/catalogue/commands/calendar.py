"""Holidays and swapped workdays (调休) of years, from the published calendar or a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cityloop.business.catalogue.models import WorkDay
from cityloop.business.catalogue.queries import forget
from cityloop.business.catalogue.rules import need_writer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.engines.deadlines import china_calendar
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

WORKS = {"1": True, "true": True, "班": True, "上班": True, "work": True, "workday": True}
RESTS = {"0": False, "false": False, "休": False, "放假": False, "off": False, "holiday": False}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the week's pattern. works: a swapped workday; else a holiday."""

    day: date
    works: bool
    name: str = ""


def china_days(years: Iterable[int]) -> list[Day]:
    """Public holidays and swapped workdays of mainland China.

    Raises: DomainError("deadlines.year_not_covered") for years not published yet.
    """
    said = china_calendar(years)
    days = [Day(d, False) for d in said.holidays] + [Day(d, True) for d in said.workdays]
    return sorted(days, key=lambda d: d.day)


def set_work_days(days: Sequence[Day], *, actor: Viewer, now: datetime) -> int:
    """Enter these days; a day entered before is replaced. Returns how many there are.

    Deadlines worked out before keep what they were worked out by. Raises: NotAllowed.
    """
    need_writer(actor)
    _refuse_twice(days)
    with write():
        for day in days:
            values = {"works": day.works, "name": day.name[:60]}
            WorkDay.objects.update_or_create(day=day.day, defaults=values)
        if days:
            said = {
                "days": len(days),
                "first": min(d.day for d in days).isoformat(),
                "last": max(d.day for d in days).isoformat(),
            }
            record(Draft("calendar.entered", "calendar", 0, said), actor=actor, now=now)
    forget()
    return len(days)


def remove_work_day(day: date, *, actor: Viewer, now: datetime) -> None:
    """Let a day follow the week's pattern again. Raises: NotAllowed."""
    need_writer(actor)
    with write():
        WorkDay.objects.filter(day=day).delete()
        draft = Draft("calendar.removed", "calendar", 0, {"day": day.isoformat()})
        record(draft, actor=actor, now=now)
    forget()


def read_days(path: Path | str) -> list[Day]:
    """Days of a CSV or XLSX file with the columns day, works (1 = 班, 0 = 休) and, if wanted, name.

    Raises: DomainError("calendar.row") at the first row that cannot be read.
    """
    table = open_table(path, known=("day", "works", "name"))
    if not {"day", "works"} <= set(table.columns):
        raise DomainError(
            "calendar.columns",
            f"The file needs the columns day and works; it has: {', '.join(table.columns)}.",
            f"文件须有 day 与 works 两列，现有：{'、'.join(table.columns)}。",
            where="columns",
        )
    days = [_day(number, row["day"], str(row["works"]), row) for number, row in table.rows()]
    if table.refused:
        raise table.refused[0].error
    return days


def _day(number: int, value: object, works: str, row: dict[str, object]) -> Day:
    said = (WORKS | RESTS).get(works.strip().casefold())
    if said is None:
        raise _fault(number, "works", works, "1 (班) or 0 (休)")
    if isinstance(value, datetime):
        return Day(value.date(), said, str(row.get("name") or ""))
    try:
        return Day(date.fromisoformat(str(value).strip()), said, str(row.get("name") or ""))
    except ValueError:
        raise _fault(number, "day", str(value), "a date such as 2026-10-01") from None


def _refuse_twice(days: Sequence[Day]) -> None:
    seen: dict[date, bool] = {}
    for day in days:
        if seen.setdefault(day.day, day.works) != day.works:
            raise DomainError(
                "calendar.twice",
                f"{day.day} is both a holiday and a workday. Keep one of the rows.",
                f"{day.day} 同时标为放假与上班，请保留一行。",
                where=str(day.day),
            )


def _fault(row: int, column: str, value: str, allowed: str) -> DomainError:
    return DomainError(
        "calendar.row",
        f"Row {row}, {column}: {value!r:.60}; allowed: {allowed}. Correct the row.",
        f"第 {row} 行 {column} 列：{value!r:.60} 无效；应为 {allowed}。请更正。",
        where=f"row {row}",
    )
