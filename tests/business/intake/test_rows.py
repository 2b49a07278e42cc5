from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cityloop.business.intake.domain import RowReader, RowResult, bind, parse_map
from cityloop.business.intake.domain.rows import content_id
from tests.business.intake.conftest import MAP

GOOD = {
    "id": "7",
    "title": "路灯不亮",
    "body": "\n\t\t\t门口\x00路灯\u200b坏了\n\t\t\t",
    "when": "2019/2/28 11:25:05",
    "x": "116.9",
    "y": "39.1",
}


def read(row: dict[str, Any], now: datetime, extra: str = "") -> RowResult:
    mapping = parse_map(MAP + extra)
    reader = RowReader(mapping, bind(mapping, list(row)), "hotline")
    return reader.read(5, row, now=now)


def test_good_row_becomes_a_report(now: datetime) -> None:
    report = read(GOOD, now).report
    assert report is not None
    assert (report.external_id, report.title, report.text) == ("7", "路灯不亮", "门口路灯坏了")
    assert report.happened_at == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)
    assert (report.lon, report.lat, report.channel) == (116.9, 39.1, "hotline")
    assert report.extra == {"row": 5, "remarks": ["text.cleaned"]}


def test_spreadsheet_date_is_taken_whatever_the_formats(now: datetime) -> None:
    row = {**GOOD, "when": datetime(2019, 2, 28, 11, 25, 5)}
    result = read(row, now, 'formats = ["%Y/%m/%d %H:%M:%S"]')
    assert result.report is not None
    assert result.report.happened_at == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("when", "2019/2/30", "date.impossible"),
        ("when", "2031-01-01", "date.out_of_range"),
        ("when", "04/12/2018", "date.ambiguous"),
        ("when", "gestern", "date.unknown_format"),
        ("x", "NaN", "coords.not_a_number"),
        ("y", "", "coords.half"),
        ("title", "长" * 301, "text.too_long"),
        ("id", "9" * 121, "text.too_long"),
    ],
)
def test_bad_cell_is_refused_with_column_and_value(
    now: datetime, cell: str, value: str, code: str
) -> None:
    result = read({**GOOD, cell: value}, now)
    assert result.report is None and result.error is not None
    assert (result.error.code, result.column) == (code, cell)
    assert result.value == value[:200]


def test_time_that_cannot_be_read_is_missing_where_the_mapping_says_so(now: datetime) -> None:
    result = read({**GOOD, "when": "2019/2/30"}, now, 'unusable = "missing"')
    assert result.report is not None
    assert (result.report.happened_at, result.remarks[0]) == (None, "date.unusable")


def test_row_without_id_gets_one_of_its_content_whatever_the_order_of_columns(
    now: datetime,
) -> None:
    row = {**GOOD, "id": " "}
    result = read(row, now)
    assert result.report is not None
    assert result.report.external_id == content_id(dict(reversed(row.items())))
    assert content_id(row) != content_id({**row, "title": "路灯亮了"})


CLASSES = """
[class]
columns = ["{title}: {body}", "title"]
[class.values]
"Noise: Music" = "E9981"
"noise" = "E0128"
"""


@pytest.mark.parametrize(
    ("title", "body", "key", "unmapped"),
    [
        ("NOISE", "music ", "E9981", ""),
        ("Noise", "Truck", "E0128", ""),
        ("Tree", "fell", "", "Tree"),
    ],
)
def test_class_is_looked_up_from_the_narrow_to_the_broad(
    now: datetime, title: str, body: str, key: str, unmapped: str
) -> None:
    result = read({**GOOD, "title": title, "body": body}, now, CLASSES)
    assert result.report is not None
    assert (result.report.class_key, result.unmapped) == (key, unmapped)


def test_reporter_area_language_and_kept_columns_are_taken(now: datetime) -> None:
    row = {**GOOD, "who": "张三", "tel": "13800138000", "zone": "东", "likes": "3", "hide": "Y"}
    more = """
[reporter]
name = "who"
phone = "tel"
[area]
column = "zone"
values = { "东" = "990100001002" }
[language]
fixed = "en"
[keep]
columns = ["likes"]
[confidential]
column = "hide"
values = ["y"]
"""
    report = read(row, now, more).report
    assert report is not None and report.reporter is not None
    assert (report.reporter.name, report.reporter.phone) == ("张三", "13800138000")
    assert (report.area_code, report.language, report.confidential) == ("990100001002", "en", True)
    assert report.extra["kept"] == {"likes": "3"}


SKIP = """
[[skip]]
name = "twice"
column = "title"
equals = ["Duplicate"]
[[skip]]
column = "body"
empty = true
"""


@pytest.mark.parametrize(
    ("title", "body", "rule"), [("duplicate", "a", "twice"), ("b", "", "body #2"), ("b", "a", "")]
)
def test_row_that_a_rule_leaves_out_names_the_rule(
    now: datetime, title: str, body: str, rule: str
) -> None:
    result = read({**GOOD, "title": title, "body": body}, now, SKIP)
    assert result.skipped == rule
    assert (result.report is None) == bool(rule)
