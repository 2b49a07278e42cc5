"""The worked table of the page, and the examples of the docstrings, are what the engine does."""

from __future__ import annotations

import doctest
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cityloop.engines.deadlines import (
    WorkCalendar,
    add,
    china_calendar,
    clock,
    elapsed,
    limit,
    limit_seconds,
    limit_text,
    parse_limit,
)

PAGE = Path(__file__).parents[3] / "docs/algorithms/deadlines.md"
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Amsterdam")


def worked_rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in rows if row[0] in ZONES]


def test_page_has_the_worked_cases() -> None:
    assert len(worked_rows()) >= 18


@pytest.mark.parametrize(("zone", "start", "text", "due", "why"), worked_rows())
def test_page_worked_case_is_what_the_engine_answers(
    zone: str, start: str, text: str, due: str, why: str
) -> None:
    calendar = china_calendar([2025]) if zone == "Asia/Shanghai" else WorkCalendar(zone)
    start_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    wanted = datetime.fromisoformat(due).replace(tzinfo=ZoneInfo(zone))
    given = parse_limit(text)
    assert add(start_at, given, calendar) == wanted, why
    assert elapsed(start_at, wanted, given.kind, calendar) == limit_seconds(given, calendar)


@pytest.mark.parametrize("module", [limit, limit_text, clock])
def test_docstring_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]  # the three are modules
    assert result.attempted > 0
    assert result.failed == 0
