"""The work calendar of China from its published holidays and swapped workdays (调休)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cityloop.engines.deadlines.calendar import OFFICE_HOURS, Period, Season, WorkCalendar
from cityloop.kernel.errors import DomainError


def china_calendar(
    years: Iterable[int],
    *,
    periods: tuple[Period, ...] = OFFICE_HOURS,
    seasons: tuple[Season, ...] = (),
) -> WorkCalendar:
    """Office calendar of mainland China for these years.

    Args:
        years: years whose holidays to take; a deadline past the last of them is provisional
            (`WorkCalendar.is_provisional`), since days beyond are plain weekdays and weekends.
        periods, seasons: office hours, see `WorkCalendar`.
    Raises: DomainError("deadlines.year_not_covered" | "deadlines.no_holidays").
    Source: yearly notices of the State Council, as collected by the package chinesecalendar.
    """
    wanted = sorted(set(years))
    known = china_years()
    if not wanted or any(year not in known for year in wanted):
        raise _not_covered([year for year in wanted if year not in known], known)
    holidays, workdays = _published()
    chosen = frozenset(wanted)
    return WorkCalendar(
        timezone="Asia/Shanghai",
        periods=periods,
        holidays=frozenset(day for day in holidays if day.year in chosen),
        workdays=frozenset(day for day in workdays if day.year in chosen),
        seasons=seasons,
        known_until=date(wanted[-1], 12, 31),
    )


def china_years() -> range:
    """Years whose holidays the installed package knows."""
    holidays, _ = _published()
    return range(min(holidays).year, max(holidays).year + 1)


def _published() -> tuple[frozenset[date], frozenset[date]]:
    try:
        import chinese_calendar
    except ImportError:
        raise DomainError(
            "deadlines.no_holidays",
            "The package chinesecalendar is missing, so China's holidays are unknown. Install it, "
            "or give holidays and workdays to WorkCalendar yourself.",
            "缺少 chinesecalendar 软件包，无法得知法定节假日。请安装，或自行提供节假日与调休日。",
        ) from None
    return frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)


def _not_covered(missing: list[int], known: range) -> DomainError:
    shown = ", ".join(str(year) for year in missing) or "no year"
    return DomainError(
        "deadlines.year_not_covered",
        f"Holidays of {shown} are not known; known: {known[0]} to {known[-1]}. Choose such years, "
        "update the package chinesecalendar, or give the days to WorkCalendar yourself.",
        f"没有 {shown} 年的节假日；已有 {known[0]} 至 {known[-1]} 年。"
        "请选择其中的年份、更新 chinesecalendar，或自行提供节假日与调休日。",
        where="years",
        details={"missing": list(missing), "known": [known[0], known[-1]]},
    )
