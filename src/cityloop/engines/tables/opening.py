"""open_table: the right reader for a file, by what is in it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from cityloop.engines.tables import refusals
from cityloop.engines.tables.delimited import DelimitedSource
from cityloop.engines.tables.encodings import not_a_table
from cityloop.engines.tables.json_lines import JsonLinesSource
from cityloop.engines.tables.table import MAX_CELL_CHARS, Source, Table, existing_file, table_of
from cityloop.engines.tables.xlsx_rows import XlsxSource
from cityloop.kernel.errors import DomainError

_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "xls", "an old or locked Excel file", "旧版或加密的 Excel 文件"),
    (b"%PDF", "pdf", "a PDF document", "PDF 文档"),
    (b"\x1f\x8b", "gzip", "a gzip archive", "gzip 压缩包"),
    (b"7z\xbc\xaf", "7z", "a 7z archive", "7z 压缩包"),
    (b"Rar!", "rar", "a RAR archive", "RAR 压缩包"),
    (b"\x89PNG", "png", "a picture", "图片"),
    (b"\xff\xd8\xff", "jpeg", "a picture", "图片"),
    (b"PAR1", "parquet", "a Parquet file", "Parquet 文件"),
)


def open_table(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    fill_merged: bool = False,
    known: Collection[str] = (),
    max_cell_chars: int = MAX_CELL_CHARS,
) -> Table:
    """A table of a CSV, TSV, XLSX or JSON-lines file of any size, streamed.

    Args:
        encoding: of a text file; found out when None (UTF-8, UTF-16, GB18030; declare Big5).
        delimiter: of a CSV file; one of , ; | and tab, found out when None.
        sheet: of an XLSX file; the first when None.
        fill_merged: XLSX: cells of a merged block all get its value.
        known: column names the caller waits for; they tell the header row from titles above it.
        max_cell_chars: rows with a longer cell are refused.
    Raises: DomainError table.file_missing, table.empty, table.not_a_table,
        table.kind_not_allowed, table.damaged, table.no_such_sheet, table.encoding_unknown,
        table.encoding_not_allowed, table.delimiter_not_allowed. Single bad rows do not raise:
        Table.rows reports them.
    Example: for number, row in open_table("reports.xlsx").rows(): ...
    """
    file = existing_file(path)
    with file.open("rb") as stream:
        head = stream.read(4096)
    source: Source
    if head.startswith(b"PK\x03\x04"):
        source = XlsxSource(file, sheet=sheet, fill_merged=fill_merged)
    else:
        _refuse_others(head)
        source = _text_source(file, head, encoding, delimiter, known)
    return table_of(source, known, max_cell_chars)


def _text_source(
    file: Path, head: bytes, encoding: str | None, delimiter: str | None, known: Collection[str]
) -> Source:
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith(b"{"):
        return JsonLinesSource(file, encoding=encoding)
    if start.startswith(b"[") and start[1:].lstrip().startswith(b"{"):
        raise _kind_not_allowed("json", "one JSON array", "一个 JSON 数组")
    return DelimitedSource(file, encoding=encoding, delimiter=delimiter, known=known)


def _refuse_others(head: bytes) -> None:
    for signature, kind, en, zh in _REFUSED:
        if head.startswith(signature):
            raise _kind_not_allowed(kind, en, zh)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise not_a_table("a web page or XML, whatever its name says", "网页或 XML 文件")


def _kind_not_allowed(kind: str, en: str, zh: str) -> DomainError:
    return refusals.file_error(
        "kind_not_allowed",
        f"The file is {en}. Save it as XLSX or CSV (for JSON: one object per line) and try again.",
        f"文件是{zh}。请另存为 XLSX 或 CSV（JSON 请每行一个对象）后重试。",
        kind=kind,
    )
