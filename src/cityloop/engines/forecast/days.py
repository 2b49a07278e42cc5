"""What kind of day a day is: its weekday, unless it is off or swapped."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

KINDS = 7
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def day_kinds(
    first_day: date, days: int, *, off: Collection[date] = (), swapped: Collection[date] = ()
) -> NDArray[np.int64]:
    """0 Monday .. 6 Sunday, shape (days,).

    Args:
        off: public holidays; they count as Sundays.
        swapped: weekend days worked (调休); they count as Mondays.
    """
    kinds = (first_day.weekday() + np.arange(days)) % KINDS
    for given, kind in ((off, SUNDAY), (swapped, MONDAY)):
        for day in given:
            place = (day - first_day).days
            if 0 <= place < days:
                kinds[place] = kind
    return kinds


def days_off(name: str, years: Iterable[int]) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and swapped workdays of a country: "none", "cn" or "us".

    Raises: DomainError("forecast.holidays") for another name.
    Source: cn: yearly notices of the State Council; us: 5 U.S.C. 6103, observed days.
    """
    wanted = sorted(set(years))
    if name == "none":
        return frozenset(), frozenset()
    if name == "us":
        return frozenset(day for year in wanted for day in _us(year)), frozenset()
    if name == "cn":
        from cityloop.engines.deadlines.china import china_calendar, china_years

        covered = [year for year in wanted if year in china_years()]
        if not covered:
            return frozenset(), frozenset()
        found = china_calendar(covered)
        return frozenset(found.holidays), frozenset(found.workdays)
    raise DomainError(
        "forecast.holidays",
        f"Holidays '{name}' are not known; choose none, cn or us.",
        f"不认识的节假日方案“{name}”，可选 none、cn、us。",
        where="holidays",
    )


def _us(year: int) -> list[date]:
    def nth(month: int, weekday: int, n: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))

    memorial = max(
        date(year, 5, 31) - timedelta(days=n)
        for n in range(7)
        if (date(year, 5, 31) - timedelta(days=n)).weekday() == MONDAY
    )
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    shift = {SATURDAY: -1, SUNDAY: 1}
    observed = [day + timedelta(days=shift.get(day.weekday(), 0)) for day in fixed]
    moving = [nth(1, 0, 3), nth(2, 0, 3), memorial, nth(9, 0, 1), nth(10, 0, 2), nth(11, 3, 4)]
    return sorted({*fixed, *observed, *moving})
