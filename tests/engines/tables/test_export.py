"""Tables that go out: nothing a spreadsheet would run, nothing lost on the way."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.tables import export_xlsx, open_table
from cityloop.engines.tables.export import csv_chunks, harmless
from cityloop.engines.tables.export_xlsx import xlsx_chunks
from tests.engines.tables.files_made import made, rows_of

FORMULAS = ["=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1",
            "＋1", "－1+1", "＠SUM(1)", "+8613800138000"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_is_disarmed_in_csv(text: str) -> None:
    assert harmless(text) == "'" + text
    data = b"".join(csv_chunks(["a"], [[text]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline="")))[1] == ["'" + text]


@pytest.mark.parametrize("value", ["路灯", "-12.5", "1=1", "a@b.cn", -3, 2.5, Decimal("1.10")])
def test_harmless_value_stays(value: object) -> None:
    assert harmless(value) == value


def test_csv_has_bom_and_typed_values() -> None:
    rows = [[None, True, datetime(2024, 1, 2, 3, 4, tzinfo=UTC), float("-inf"), "x\ud800"]]
    data = b"".join(csv_chunks(["编号", "=b", "c", "d", "e"], rows))
    assert data == ("\ufeff编号,'=b,c,d,e\r\n,TRUE,2024-01-02 03:04:00+00:00,'-inf,x?\r\n".encode())


def test_csv_comes_in_pieces_of_a_stream() -> None:
    pieces = list(csv_chunks(["a"], (["x" * 1_000] for _ in range(1_000))))
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 200_000


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_is_a_text_in_xlsx(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_chunks(["a"], [[text]]))))
    cell = book.active["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value).replace("_x000D_", "\r") == text


def test_xlsx_keeps_types() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    moment = datetime(2024, 1, 1, 16, 30, 15, tzinfo=UTC)
    row = ["𠮷 👍 <&>", 7, 2.5, True, moment, date(2024, 1, 2), None, 440105199001011234]
    data = b"".join(xlsx_chunks(list("abcdefgh"), [row], sheet="案件/一", zone=shanghai))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["案件 一"]
    assert [cell.value for cell in book.active[2]] == [
        "𠮷 👍 <&>", 7, 2.5, True, datetime(2024, 1, 2, 0, 30, 15), datetime(2024, 1, 2), None,
        "440105199001011234",
    ]  # fmt: skip


def test_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "MAX_ROWS", 4)
    data = b"".join(xlsx_chunks(["n"], ([number] for number in range(7))))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [[row[0].value for row in sheet.rows] for sheet in book] == [
        ["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6],
    ]  # fmt: skip


def test_text_no_spreadsheet_opens_is_cut_with_a_mark() -> None:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_chunks(["a"], [["长" * 40_000]]))))
    text = str(book.active["A2"].value)
    assert len(text) == 32_767
    assert text.endswith("共 40000 字 / cut, 40000 characters）")


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_xlsx_written_then_read_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("x")
    table = open_table(made(folder, b"".join(xlsx_chunks(["a", "b"], rows)), "out.xlsx"))
    clean = [[cell.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") for cell in row]
             for row in rows]  # fmt: skip
    assert [list(row.values()) for row in rows_of(table)] == [row for row in clean if any(row)]
