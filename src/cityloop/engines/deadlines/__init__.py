"""Deadlines: limits, office calendars, stage clocks, verdicts (docs/algorithms/deadlines.md)."""

from cityloop.engines.deadlines.calendar import Season, WorkCalendar
from cityloop.engines.deadlines.china import china_calendar, china_years
from cityloop.engines.deadlines.clock import add, elapsed, limit_seconds, remaining, shift
from cityloop.engines.deadlines.clock_many import (
    UNITS,
    add_many,
    elapsed_many,
    unit_codes,
    work_flags,
)
from cityloop.engines.deadlines.limit import Kind, Limit, Unit
from cityloop.engines.deadlines.limit_text import format_limit, parse_limit, parse_limit_lenient
from cityloop.engines.deadlines.report import Verdicts, verdicts
from cityloop.engines.deadlines.stage import StageClock, pause, resume

__all__ = [
    "UNITS",
    "Kind",
    "Limit",
    "Season",
    "StageClock",
    "Unit",
    "Verdicts",
    "WorkCalendar",
    "add",
    "add_many",
    "china_calendar",
    "china_years",
    "elapsed",
    "elapsed_many",
    "format_limit",
    "limit_seconds",
    "parse_limit",
    "parse_limit_lenient",
    "pause",
    "remaining",
    "resume",
    "shift",
    "unit_codes",
    "verdicts",
    "work_flags",
]
