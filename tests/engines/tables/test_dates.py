"""Dates as offices write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

MORNING = datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)  # 11:25:05 in Shanghai


def read(text: Any, zone: str = "Asia/Shanghai", **options: Any) -> datetime:
    return parse_datetime(text, timezone=zone, **options)


def code_of(text: Any, **options: Any) -> str:
    with pytest.raises(DomainError) as caught:
        read(text, **options)
    assert caught.value.zh != caught.value.en
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "2019/2/28 11:25:05",
        "2019-02-28T11:25:05.000",
        "2019-02-28 11:25:05",
        "2019.2.28 11:25:05",
        "2019年2月28日 11时25分5秒",
        "2019年2月28日11:25:05",
        "2019年02月28日上午11点25分5秒",
        "２０１９／２／２８　１１：２５：０５",
        "20190228112505",
        "20190228T112505",
        "2019-02-28T11:25:05+08:00",
        "2019-02-28T03:25:05Z",
        "2019-02-28 03:25:05 UTC",
        "28/02/2019 11:25:05",
        "02/28/2019 11:25:05 AM",
        "  2019/2/28 11:25:05\n",
    ],
)
def test_way_of_writing_is_read(text: str) -> None:
    assert read(text) == MORNING
    assert read(text).tzinfo is UTC


def test_declared_order_is_kept() -> None:
    text = "04/12/2018 11:11:26 PM"
    assert read(text, "America/New_York", dayfirst=False) == datetime(
        2018, 4, 13, 3, 11, 26, tzinfo=UTC
    )
    assert read(text, dayfirst=True) == datetime(2018, 12, 4, 15, 11, 26, tzinfo=UTC)


def test_order_that_cannot_be_told_is_refused() -> None:
    assert code_of("04/12/2018 11:11:26 AM") == "date.ambiguous"
    assert read("04/04/2018") == datetime(2018, 4, 3, 16, tzinfo=UTC)
    assert code_of("28/02/2019", dayfirst=False) == "date.impossible"


@pytest.mark.parametrize(
    "text",
    ["2019-02-30", "2019-02-28 25:00", "2019-13-01", "20190230", "2019/2/28 11:60:00",
     "2019-02-28 24:01", "2019-02-28 13:00 AM", "2019年2月29日", "2019-02-28 11:25 +25:00"],
)  # fmt: skip
def test_time_that_does_not_exist_is_impossible(text: str) -> None:
    assert code_of(text) == "date.impossible"


@pytest.mark.parametrize(
    "text", ["", "yesterday", "12:00", "28/2/19", "2019", "nan", "1e9", "x" * 999]
)
def test_other_text_is_unknown(text: str) -> None:
    assert code_of(text) == "date.unknown_format"


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2019-1-1 12:30 AM", 0), ("2019-1-1 12:30 PM", 12), ("2019-1-1 3:30 pm", 15),
     ("2019-1-1 下午3:30", 15), ("2019-1-1 凌晨12:30", 0), ("2019-1-1 中午12:30", 12),
     ("2019-1-1 晚上8:30", 20)],
)  # fmt: skip
def test_halves_of_the_day(text: str, hour: int) -> None:
    assert read(text, "UTC") == datetime(2019, 1, 1, hour, 30, tzinfo=UTC)


def test_24_oclock_is_the_midnight_after() -> None:
    assert read("2019-02-28 24:00", "UTC") == datetime(2019, 3, 1, tzinfo=UTC)


def test_serials_of_spreadsheets_and_datetimes_are_local() -> None:
    assert read("43524.475752314815") == MORNING
    assert read(datetime(2019, 2, 28, 11, 25, 5)) == MORNING
    assert read(MORNING) == MORNING


def test_time_skipped_by_daylight_saving_moves_on_with_the_clock() -> None:
    zone = ZoneInfo("America/New_York")
    found = read("2024-03-10 02:30", "America/New_York")
    assert found.astimezone(zone).hour == 3


def test_time_that_comes_twice_is_its_first_unless_an_offset_tells() -> None:
    assert read("2024-11-03 01:30", "America/New_York").hour == 5
    assert read("2024-11-03T01:30-05:00", "America/New_York").hour == 6


def test_range_is_checked() -> None:
    now = datetime(2024, 5, 1, tzinfo=UTC)
    assert code_of("1989-12-31") == "date.out_of_range"
    assert code_of("2024-05-03", now=now) == "date.out_of_range"
    assert read("2024-05-02 07:59", now=now) == now + timedelta(hours=23, minutes=59)


def test_declared_formats_are_the_only_ones() -> None:
    assert read("28.02.19 11h25m05", formats=["%d.%m.%y %Hh%Mm%S"]) == MORNING
    assert read("1551324305", formats=["unix"]) == MORNING
    assert read("1551324305000", formats=["unix_ms"]) == MORNING
    assert code_of("2019-02-28", formats=["%d.%m.%y"]) == "date.unknown_format"
    assert code_of("inf", formats=["unix", "excel"]) == "date.unknown_format"


def test_unknown_zone_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        read("2019-02-28", "Mars/Base")
    assert caught.value.code == "date.unknown_timezone"


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1)),
    st.sampled_from(
        ["%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日 %H时%M分%S秒"]
    ),
)
def test_written_then_read_is_the_same(moment: datetime, form: str) -> None:
    local = moment.replace(microsecond=0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert read(local.strftime(form)) == local.astimezone(UTC)


@given(
    st.text(max_size=40)
    | st.from_regex(r"[0-9]{1,5}[-/.年][0-9]{1,3}[-/.月][0-9]{1,5}( [0-9:]{1,9})?")
)
def test_no_text_raises_anything_but_domain_error(text: str) -> None:
    try:
        assert read(text, now=datetime(2030, 1, 1, tzinfo=UTC)).tzinfo is UTC
    except DomainError as error:
        assert error.code.startswith("date.")
