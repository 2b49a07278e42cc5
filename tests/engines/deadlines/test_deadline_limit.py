"""Limits and the words for them."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.deadlines import (
    Kind,
    Limit,
    Unit,
    format_limit,
    parse_limit,
    parse_limit_lenient,
)
from cityloop.kernel.errors import DomainError

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("CITYLOOP_SHARED", ROOT.parent / "shared"))
CATALOGUE = SHARED / "data/yuncheng_case_standards/standards_muban_parsed.csv"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2紧急工作时", 2, Unit.CLOCK_HOUR),
        ("2紧急工作日", 2, Unit.CLOCK_DAY),
        ("15紧急分钟", 15, Unit.CLOCK_MINUTE),
        ("3自然日内", 3, Unit.CLOCK_DAY),
        ("4小时", 4, Unit.WORK_HOUR),
        ("4工作时", 4, Unit.WORK_HOUR),
        ("5天", 5, Unit.WORK_DAY),
        ("7 工作日", 7, Unit.WORK_DAY),
        ("15分钟", 15, Unit.WORK_MINUTE),
        ("２小时以内", 2, Unit.WORK_HOUR),
        ("两小时", 2, Unit.WORK_HOUR),
        ("十五个工作日", 15, Unit.WORK_DAY),
        ("一百二十分钟", 120, Unit.WORK_MINUTE),
        ("二四小时", 24, Unit.WORK_HOUR),
        ("半天", 0.5, Unit.WORK_DAY),
        ("半个小时", 0.5, Unit.WORK_HOUR),
        ("两个半小时", 2.5, Unit.WORK_HOUR),
        ("1天半", 1.5, Unit.WORK_DAY),
        ("1.5小时", 1.5, Unit.WORK_HOUR),
        ("4 work hours", 4, Unit.WORK_HOUR),
        ("2 clock hours", 2, Unit.CLOCK_HOUR),
        ("1 Calendar Day", 1, Unit.CLOCK_DAY),
        ("15 min", 15, Unit.WORK_MINUTE),
        ("2h", 2, Unit.WORK_HOUR),
        ("2 business days", 2, Unit.WORK_DAY),
        ("3 work_day", 3, Unit.WORK_DAY),
    ],
)
def test_parse_limit_text_in_use_gives_value_and_unit(text: str, value: float, unit: Unit) -> None:
    assert parse_limit(text) == Limit(value, unit)


def test_parse_limit_bare_unit_follows_the_callers_meaning() -> None:
    assert parse_limit("24h", bare=Kind.CLOCK) == Limit(24, Unit.CLOCK_HOUR)
    assert parse_limit("24小时", bare=Kind.CLOCK) == Limit(24, Unit.CLOCK_HOUR)
    assert parse_limit("24工作时", bare=Kind.CLOCK) == Limit(24, Unit.WORK_HOUR)


def test_parse_limit_lenient_words_after_limit_are_returned() -> None:
    assert parse_limit_lenient("1紧急工作时制止") == (Limit(1, Unit.CLOCK_HOUR), "制止")
    assert parse_limit_lenient("2h, then report") == (Limit(2, Unit.WORK_HOUR), ", then report")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "即时",
        "天",
        "小时2",
        "2",
        "2紧急",
        "1紧急工作时制止",
        "2 hats",
        "2hx",
        "-2小时",
        "1e3h",
        "2周",
        "\x002h",
        "9" * 600 + "天",
        "😀",
    ],
)
def test_parse_limit_text_that_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        parse_limit(text)
    assert refusal.value.code == "deadlines.limit_text"


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 1e9])
def test_limit_impossible_value_is_refused(value: float) -> None:
    with pytest.raises(DomainError) as refusal:
        Limit(value, Unit.WORK_DAY)
    assert refusal.value.code == "deadlines.limit_value"


def test_limit_unknown_unit_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(DomainError) as refusal:
        Limit(1, "fortnight")  # type: ignore[arg-type]  # as it comes from a file
    assert refusal.value.code == "deadlines.unit"
    assert "work_day" in refusal.value.details["allowed"]


@given(
    st.one_of(st.floats(1e-6, 800), st.integers(1, 800)),
    st.sampled_from(Unit),
    st.sampled_from(["zh", "en"]),
    st.sampled_from(Kind),
)
def test_format_limit_any_limit_is_read_back_equal(
    value: float, unit: Unit, language: str, bare: Kind
) -> None:
    limit = Limit(value, unit)
    assert parse_limit(format_limit(limit, language), bare=bare) == limit


@given(st.text(max_size=40))
def test_parse_limit_any_text_is_a_limit_or_a_refusal(text: str) -> None:
    try:
        assert parse_limit(text).value > 0
    except DomainError as refusal:
        assert refusal.code in {"deadlines.limit_text", "deadlines.limit_value"}


def test_parse_limit_real_catalogue_every_limit_is_read() -> None:
    if not CATALOGUE.exists():
        pytest.skip(f"real catalogue absent: {CATALOGUE.name} (set CITYLOOP_SHARED)")
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    remarks = []
    for row in rows:
        limit, remark = parse_limit_lenient(row["limit_raw"])
        if row["limit_value"]:
            assert limit == Limit(float(row["limit_value"]), Unit(row["limit_unit"]))
        if remark:
            remarks.append((row["limit_raw"], limit, remark))
    assert len(rows) == 519
    assert remarks == [("1紧急工作时制止", Limit(1, Unit.CLOCK_HOUR), "制止")]
