"""The readers on files that cities and sites really published; skipped where they are absent."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cityloop.engines.tables import open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.engines.tables.text import clean_text
from tests.engines.tables.files_made import rows_of

SHARED = Path(os.environ.get("CITYLOOP_SHARED", Path(__file__).parents[4] / "shared"))


def real(name: str) -> Path:
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"real file not present: {name}")
    return path


def test_chinese_reports_come_whole() -> None:
    table = open_table(real("citizen_messages/reports_4326.xlsx"))
    rows = rows_of(table)
    assert (len(rows), table.refused, table.row_count_estimate) == (4326, [], 4326)
    assert rows[0]["留言编号"] == "188006"
    moments = [parse_datetime(row["留言时间"], timezone="Asia/Shanghai") for row in rows]  # type: ignore[arg-type]
    assert moments[0] == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)
    assert all(2017 <= moment.year <= 2020 for moment in moments)


def test_text_of_chinese_reports_loses_its_outer_white_space() -> None:
    for row in rows_of(open_table(real("citizen_messages/reports_4326.xlsx"))):
        raw = str(row["留言详情"])
        text = clean_text(raw, where="text", max_chars=20_000, multiline=True, mode="import")
        assert text and text == text.strip()
        assert raw.startswith("\n") <= (len(text) < len(raw))


@pytest.mark.parametrize(
    ("name", "count", "column", "zone", "dayfirst"),
    [
        ("baltimore_311/requests_5000.csv", 5000, "CreatedDate", "America/New_York", False),
        ("nyc_311/requests_2024_04.csv", 1000, "created_date", "America/New_York", None),
        ("citizen_messages/labelled_dev.csv", 909, "created", "Asia/Shanghai", None),
    ],
)
def test_csv_comes_whole_with_all_its_times(
    name: str, count: int, column: str, zone: str, dayfirst: bool | None
) -> None:
    table = open_table(real(name))
    rows = rows_of(table)
    assert (len(rows), table.refused) == (count, [])
    for row in rows:
        assert parse_datetime(str(row[column]), timezone=zone, dayfirst=dayfirst).tzinfo is UTC


def test_order_of_baltimore_dates_must_be_declared() -> None:
    from cityloop.kernel.errors import DomainError

    row = rows_of(open_table(real("baltimore_311/requests_5000.csv")))[0]
    with pytest.raises(DomainError, match=r"date\.ambiguous"):
        parse_datetime(str(row["CreatedDate"]), timezone="America/New_York")


def test_catalogue_of_a_city_has_519_conditions_when_merged_cells_are_filled() -> None:
    path = real("yuncheng_case_standards/muban.xlsx")
    rows = [
        row
        for sheet in ("部件", "事件")
        for row in rows_of(
            open_table(path, sheet=sheet, fill_merged=True, known=["大类代码", "立案条件"])
        )
    ]
    assert len(rows) == 519
    for name in ("大类名称", "小类代码", "小类名称", "立案条件", "结案条件", "处置时限"):
        assert all(row[name] for row in rows), name
    # The file itself leaves the code of two rows open: its block ends before that of the name.
    assert sum(not row["大类代码"] for row in rows) == 2
    assert len({(row["大类名称"], row["小类名称"]) for row in rows}) > 180
    assert rows[1]["小类名称"] == "上水井盖"


def test_our_reading_agrees_with_another_reader() -> None:
    calamine = pytest.importorskip("python_calamine")
    path = real("citizen_messages/reports_4326.xlsx")
    book = calamine.CalamineWorkbook.from_path(str(path))
    others = list(book.get_sheet_by_index(0).iter_rows())[1:]
    for ours, theirs in zip(rows_of(open_table(path)), others, strict=True):
        for mine, cell in zip(ours.values(), theirs, strict=True):
            if isinstance(cell, float):
                assert mine == str(int(cell))
            elif isinstance(mine, datetime):
                assert (mine.date(), mine.hour) == (
                    (cell.date(), cell.hour) if isinstance(cell, datetime) else (cell, 0)
                )
            else:
                assert mine == cell
