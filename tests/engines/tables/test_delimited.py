"""CSV and TSV: encodings, separators, quotes, half-written files."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError
from tests.engines.tables.files_made import made, refusals_of, rows_of

TEXT = "编号,地点,内容\n1,幸福路,路灯不亮\n2,和平街,井盖丢失\n"
ROWS = [
    {"编号": "1", "地点": "幸福路", "内容": "路灯不亮"},
    {"编号": "2", "地点": "和平街", "内容": "井盖丢失"},
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
def test_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    table = open_table(made(tmp_path, TEXT.encode(encoding)))
    assert table.columns == ["编号", "地点", "内容"]
    assert rows_of(table) == ROWS
    assert table.refused == []


def test_declared_big5_is_read(tmp_path: Path) -> None:
    data = "編號,內容\n1,路燈不亮\n".encode("big5")
    table = open_table(made(tmp_path, data), encoding="big5")
    assert rows_of(table) == [{"編號": "1", "內容": "路燈不亮"}]


def test_chinese_after_a_million_plain_bytes_is_found(tmp_path: Path) -> None:
    plain = "id,text\n" + "1,nothing to see here\n" * 60_000
    table = open_table(made(tmp_path, plain.encode() + "2,路灯不亮\n".encode("gbk")))
    assert rows_of(table)[-1] == {"id": "2", "text": "路灯不亮"}


def test_rare_hanzi_and_emoji_survive(tmp_path: Path) -> None:
    text = "名,文\n𠮷野家𪚥,👨‍👩‍👧‍👦🇨🇳\n"
    for encoding in ("utf-8", "gb18030"):
        (row,) = rows_of(open_table(made(tmp_path, text.encode(encoding))))
        assert row == {"名": "𠮷野家𪚥", "文": "👨‍👩‍👧‍👦🇨🇳"}


@pytest.mark.parametrize(
    ("code", "char"),
    [
        ("a6d9", "\ufe10"), ("a6da", "\ufe12"), ("a6db", "\ufe11"), ("a6f3", "\ufe19"),
        ("a8bc", "\u1e3f"), ("fe59", "\u9fb4"), ("fe67", "\u9fb7"), ("fea0", "\u9fbb"),
    ],
)  # fmt: skip
def test_gb18030_follows_the_edition_of_2022(tmp_path: Path, code: str, char: str) -> None:
    data = "名,文\n张,路灯不亮".encode("gb18030") + bytes.fromhex(code) + b"\n"
    assert rows_of(open_table(made(tmp_path, data))) == [{"名": "张", "文": "路灯不亮" + char}]


def test_row_in_another_encoding_is_refused_with_byte_and_row(tmp_path: Path) -> None:
    data = TEXT.encode() + "3,新路,乱扔垃圾\n".encode("gbk") + "4,老街,积水\n".encode()
    table = open_table(made(tmp_path, data))
    assert [row["编号"] for row in rows_of(table)] == ["1", "2", "4"]
    (refused,) = table.refused
    assert (refused.number, refused.error.code) == (4, "table.undecodable")
    assert refused.error.details["byte"] == len(TEXT.encode()) + 2
    assert "第 4 行" in refused.error.zh


def test_header_in_another_encoding_refuses_the_file(tmp_path: Path) -> None:
    data = "编号,内容\n".encode("gbk") + "1,路灯\n2,井盖\n".encode()
    with pytest.raises(DomainError) as caught:
        open_table(made(tmp_path, data))
    assert (caught.value.code, caught.value.where) == ("table.undecodable", "row 1")


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_sample_that_ends_inside_a_character_tells_the_encoding(tmp_path: Path, shift: int) -> None:
    data = ("x" * shift + ",b\n" + "长" * 800_000 + ",1\n").encode()
    assert len(rows_of(open_table(made(tmp_path, data), delimiter=","))) == 1


def test_text_in_no_known_encoding_is_refused_whole(tmp_path: Path) -> None:
    data = b"a,b\n" + b"\xff\xff\xff,\x80\x80\n" * 20
    with pytest.raises(DomainError) as caught:
        open_table(made(tmp_path, data))
    assert caught.value.code == "table.encoding_unknown"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separator_is_found(tmp_path: Path, sign: str) -> None:
    text = sign.join(["id", "text", "n"]) + "\n" + sign.join(["1", "see, and; hear", "3"]) + "\n"
    if sign in ",;":
        text = text.replace("see, and; hear", '"see, and; hear"')
    assert rows_of(open_table(made(tmp_path, text))) == [
        {"id": "1", "text": "see, and; hear", "n": "3"}
    ]


def test_quoted_line_end_and_quote_stay_in_the_cell(tmp_path: Path) -> None:
    text = 'id,text\r\n1,"first ""line""\nsecond, line"\r\n2,x\r\n'
    table = open_table(made(tmp_path, text))
    assert list(table.rows()) == [
        (2, {"id": "1", "text": 'first "line"\nsecond, line'}),
        (3, {"id": "2", "text": "x"}),
    ]


def test_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert len(rows_of(open_table(made(tmp_path, TEXT.replace("\n", "\r"))))) == 2


def test_unclosed_quote_refuses_the_tail_and_keeps_what_was_before(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, 'id,text\n1,good\n2,"cut off here\nmore text'))
    assert rows_of(table) == [{"id": "1", "text": "good"}]
    (refused,) = table.refused
    assert (refused.number, refused.error.code) == (3, "table.quote_unclosed")
    assert refused.error.details == {"row": 3, "line": 3, "lines": 2}
    assert "cut off" in refused.value


def test_half_written_last_row_is_refused_and_the_end_remarked(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, "id,text,at\n1,good,now\n2,cut"))
    assert refusals_of(table) == [(3, "table.cells_missing")]
    assert any("no line end" in remark for remark in table.remarks)


def test_row_with_a_comma_too_many_is_refused_and_blank_extra_cells_are_not(
    tmp_path: Path,
) -> None:
    table = open_table(made(tmp_path, "id,text\n1,a,b\n2,c,,\n3,d\n"))
    assert [row["id"] for row in rows_of(table)] == ["2", "3"]
    assert [(row.number, row.error.code) for row in table.refused] == [(2, "table.cells_extra")]


def test_broken_quote_refuses_its_row_alone(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, 'id,text\n1,"he said "hi" to me"\n2,ok\n'))
    assert refusals_of(table) == [(2, "table.quote_broken")]
    assert rows_of(table) == [{"id": "2", "text": "ok"}]


def test_cell_of_ten_megabytes_is_refused_and_the_next_row_comes(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, "id,text\n1," + "长" * 10_000_000 + "\n2,ok\n"))
    assert rows_of(table) == [{"id": "2", "text": "ok"}]
    (refused,) = table.refused
    assert (refused.error.code, refused.column) == ("table.cell_too_long", "text")
    assert len(refused.value) < 3_000


def test_line_without_end_stops_at_the_limit(tmp_path: Path) -> None:
    from cityloop.engines.tables.delimited import DelimitedSource

    path = made(tmp_path, "id,text\n1,ok\n2," + "x" * 5_000)
    records = list(DelimitedSource(path, max_row_bytes=1_000).records())
    assert [record.number for record in records] == [1, 2, 3]
    assert records[2].error is not None
    assert records[2].error.code == "table.row_too_long"


def test_refused_rows_go_to_the_callback(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, "id,text\n1\n2,ok\n"))
    heard: list[int] = []
    assert len(list(table.rows(on_refused=lambda row: heard.append(row.number)))) == 1
    assert (heard, table.refused) == ([2], [])


def test_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    text = "2024年四月案件表,,\n\n编号,地点,内容\n1,a,b\n"
    for known in ((), ("地点", "内容")):
        table = open_table(made(tmp_path, text), known=known)
        assert table.columns == ["编号", "地点", "内容"]
        assert [number for number, _ in table.rows()] == [4]


def test_blank_and_double_names_are_made_up_and_remarked(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, "id,,text,id\n1,2,3,4\n"))
    assert table.columns == ["id", "column 2", "text", "id (2)"]
    assert sum("is read as" in remark for remark in table.remarks) == 2


def test_a_hundred_thousand_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as caught:
        open_table(made(tmp_path, "a," * 100_000 + "b\n"))
    assert caught.value.code == "table.too_many_columns"


def test_row_count_is_exact_for_small_and_near_for_large_files(tmp_path: Path) -> None:
    assert open_table(made(tmp_path, TEXT)).row_count_estimate == 2
    large = "id,text\n" + '17,"two\nlines"\n' * 5_000
    assert open_table(made(tmp_path, large)).row_count_estimate == pytest.approx(5_000, rel=0.05)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b"\n\n \n", "table.empty"),
        (bytes(range(256)) * 20, "table.not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table>", "table.not_a_table"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "table.kind_not_allowed"),
        (b"%PDF-1.7", "table.kind_not_allowed"),
        (b'[{"a": 1}, {"a": 2}]', "table.kind_not_allowed"),
    ],
)
def test_what_is_no_table_is_refused_whole(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        open_table(made(tmp_path, data, "reports.csv"))
    assert caught.value.code == code


def test_missing_file_and_unknown_settings_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, TEXT)
    for arguments, code in (
        ({"path": tmp_path / "none.csv"}, "table.file_missing"),
        ({"path": "a\0b"}, "table.file_missing"),
        ({"path": path, "encoding": "rot13"}, "table.encoding_not_allowed"),
        ({"path": path, "delimiter": "#"}, "table.delimiter_not_allowed"),
    ):
        with pytest.raises(DomainError) as caught:
            open_table(**arguments)  # type: ignore[arg-type]
        assert caught.value.code == code
