"""Small files for the tests."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl

from cityloop.engines.tables import Table


def made(folder: Path, data: bytes | str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def rows_of(table: Table) -> list[dict[str, object]]:
    return [values for _, values in table.rows()]


def refusals_of(table: Table) -> list[tuple[int, str]]:
    """(row, code) of each refused row; reads the table."""
    for _ in table.rows():
        pass
    return [(row.number, row.error.code) for row in table.refused]


def workbook(folder: Path, rows: list[list[object]], *, name: str = "file.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def changed_part(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """A copy of a workbook with something replaced in one part."""
    copy = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    return copy


def with_shared_texts(folder: Path) -> Path:
    """A workbook as Excel writes it: texts apart, cells refer to them by number."""
    path = workbook(folder, [["x", "y"]])
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>'
        % (row, row, row * 2 - 2, row, row * 2 - 1)
        for row in (1, 2)
    )
    parts = {
        "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>"
        % (main, cells),
        "xl/sharedStrings.xml": (
            "<si><t>编号</t></si><si><t>内容</t></si><si><r><t>two </t></r><r><t>runs</t></r>"
            "<rPh><t>sound</t></rPh></si><si><t>a_x000D_b</t></si>"
        ).encode(),
    }
    parts["xl/sharedStrings.xml"] = b"<sst %s>%s</sst>" % (main, parts["xl/sharedStrings.xml"])
    copy = path.with_name("shared.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for name in {*source.namelist(), *parts}:
            data = parts.get(name) or source.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                link = b'<Relationship Id="t" Type="%s" Target="sharedStrings.xml"/>' % kind
                data = data.replace(b"</Relationships>", link + b"</Relationships>")
            target.writestr(name, data)
    return copy
