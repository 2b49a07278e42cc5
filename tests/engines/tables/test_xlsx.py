"""XLSX: texts stay texts, dates become dates, merged cells fill, broken files say so."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cityloop.engines.tables import open_table
from cityloop.engines.tables.xlsx_rows import number_value, serial_datetime
from cityloop.kernel.errors import DomainError
from tests.engines.tables.files_made import (
    changed_part,
    refusals_of,
    rows_of,
    with_shared_texts,
    workbook,
)

SHEET = "xl/worksheets/sheet1.xml"


def refused(path: Path, **options: object) -> DomainError:
    with pytest.raises(DomainError) as caught:
        open_table(path, **options)  # type: ignore[arg-type]
    return caught.value


def test_values_come_as_text_and_dates_as_dates(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ["编号", "名", "时间", "数", "真"],
            [188006, "𠮷 👍", datetime(2019, 2, 28, 11, 25, 5), 0.1, True],
            [None, " =1+1", None, -1.5e-7, False],
        ],
    )
    assert list(open_table(path).rows()) == [
        (2, {"编号": "188006", "名": "𠮷 👍", "时间": datetime(2019, 2, 28, 11, 25, 5), "数": "0.1",
             "真": "TRUE"}),
        (3, {"编号": "", "名": " =1+1", "时间": "", "数": "-0.00000015", "真": "FALSE"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        ("188006", "", "188006"),
        ("1E5", "", "100000"),
        ("1.0E5", "", "100000"),
        ("0.10000000000000001", "", "0.1"),
        ("113.121399999", "", "113.121399999"),
        ("4.40105199001011E+17", "", "440105199001011000"),
        ("7", "000000", "000007"),
        ("-3", "", "-3"),
        ("-5", "date", "-5"),
    ],
)
def test_number_is_shown_as_written(raw: str, form: str, text: str) -> None:
    assert number_value(raw, form) == text


@pytest.mark.parametrize("raw", ["NaN", "inf", "1e999", "abc", ""])
def test_what_is_no_finite_number_raises(raw: str) -> None:
    with pytest.raises(ValueError):
        number_value(raw, "")


@pytest.mark.parametrize(
    ("serial", "moment"),
    [
        (43524.475752314815, datetime(2019, 2, 28, 11, 25, 5)),
        (59, datetime(1900, 2, 28)),
        (60, None),
        (61, datetime(1900, 3, 1)),
        (2_958_465, datetime(9999, 12, 31)),
        (2_958_466, None),
        (0.5, None),
    ],
)
def test_serial_follows_the_spreadsheet_calendar(serial: float, moment: datetime | None) -> None:
    assert serial_datetime(serial) == moment


def test_mac_epoch_is_four_years_later(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["when", "what"])
    book.active.append([datetime(2020, 5, 6, 7, 8, 9), "x"])
    book.save(tmp_path / "mac.xlsx")
    assert rows_of(open_table(tmp_path / "mac.xlsx"))[0]["when"] == datetime(2020, 5, 6, 7, 8, 9)


def test_named_sheet_is_read_and_an_unknown_one_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.create_sheet("事件").append(["c", "d"])
    book.save(tmp_path / "two.xlsx")
    assert open_table(tmp_path / "two.xlsx").columns == ["a", "b"]
    assert open_table(tmp_path / "two.xlsx", sheet="事件").columns == ["c", "d"]
    assert refused(tmp_path / "two.xlsx", sheet="none").code == "table.no_such_sheet"


def test_merged_cells_fill_down_and_continuation_rows_are_no_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["标准表", None, None], ["大类", "小类", "条件"], ["公用", "井盖", "缺失"],
                [None, None, "破损"], [None, None, None], [None, "路灯", "不亮"]):  # fmt: skip
        sheet.append(row)
    for block in ("A1:C1", "A3:A6", "B3:B5", "C4:C5"):
        sheet.merge_cells(block)
    book.save(tmp_path / "merged.xlsx")
    filled = open_table(tmp_path / "merged.xlsx", fill_merged=True)
    assert [tuple(row.values()) for row in rows_of(filled)] == [
        ("公用", "井盖", "缺失"),
        ("公用", "井盖", "破损"),
        ("公用", "路灯", "不亮"),
    ]
    plain = open_table(tmp_path / "merged.xlsx")
    assert [tuple(row.values()) for row in rows_of(plain)][1] == ("", "", "破损")


def test_sheet_with_a_cell_in_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "a", "b"
    book.active["XFD1048576"] = "z"
    book.save(tmp_path / "sparse.xlsx")
    assert refusals_of(open_table(tmp_path / "sparse.xlsx")) == [(1048576, "table.cells_extra")]


def test_truncated_zip_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], [1, 2]])
    data = path.read_bytes()
    for kept in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(data[: int(len(data) * kept)])
        assert refused(path).code == "table.damaged"


def test_sheet_cut_in_the_middle_gives_good_rows_and_a_refused_tail(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["a", "b"], *([number, "x"] for number in range(50))])
    cut = changed_part(path, SHEET, b'<row r="40"', b"<row r=")
    table = open_table(cut)
    assert len(rows_of(table)) == 38
    assert [(row.number, row.error.code) for row in table.refused] == [(40, "table.tail_lost")]


@pytest.mark.parametrize("bad", [b"NaN", b"1e999", b"inf"])
def test_number_that_is_not_finite_refuses_its_row(tmp_path: Path, bad: bytes) -> None:
    path = workbook(tmp_path, [["a", "b"], [12345, "x"], [6, "y"]])
    table = open_table(changed_part(path, SHEET, b"<v>12345</v>", b"<v>" + bad + b"</v>"))
    assert refusals_of(table) == [(2, "table.cell_unreadable")]
    assert rows_of(table) == [{"a": "6", "b": "y"}]


def test_shared_texts_are_read_and_a_wrong_reference_refuses_its_row(tmp_path: Path) -> None:
    path = with_shared_texts(tmp_path)
    assert rows_of(open_table(path)) == [{"编号": "two runs", "内容": "a\rb"}]
    table = open_table(changed_part(path, SHEET, b"<v>3</v>", b"<v>99</v>"))
    assert refusals_of(table) == [(2, "table.cell_unreadable")]


def test_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = with_shared_texts(tmp_path)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst '
    assert refused(changed_part(path, "xl/sharedStrings.xml", b"<sst ", bomb)).code == (
        "table.damaged"
    )


def test_part_that_unpacks_to_a_thousandfold_is_refused(tmp_path: Path) -> None:
    path = with_shared_texts(tmp_path)
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data + b" " * (60 << 20) if "sharedStrings" in name else data)
    error = refused(tmp_path / "bomb.xlsx")
    assert error.code == "table.damaged" and "unpacks to" in error.en


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(tmp_path / "other.xlsx").code == "table.kind_not_allowed"


def test_prefixed_names_and_inline_texts_are_read(tmp_path: Path) -> None:
    """As written by .NET libraries: x: before every name, no shared texts, no cell places."""
    path = workbook(tmp_path, [["a", "b"]])
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        b'<x:worksheet xmlns:x="' + main + b'"><x:sheetData><x:row>'
        b'<x:c t="inlineStr"><x:is><x:t>name</x:t></x:is></x:c>'
        b'<x:c t="str"><x:v>n</x:v></x:c></x:row><x:row><x:c t="inlineStr"><x:is>'
        b"<x:r><x:t>two </x:t></x:r><x:r><x:t>runs</x:t></x:r>"
        b"<x:rPh><x:t>sound</x:t></x:rPh></x:is></x:c>"
        b"<x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "net.xlsx", "w") as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == SHEET else source.read(name))
    assert rows_of(open_table(tmp_path / "net.xlsx")) == [{"name": "two runs", "n": "7"}]
