"""XLSX out, as a stream: texts are typed as texts, so that no cell can be a formula."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
_CHUNK_CHARS = 64 * 1024
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
_SAFE_INTEGER = 10**15

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_DATETIME, _DATE, _BOLD = 1, 2, 3


def xlsx_chunks(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Sheet1",
    zone: tzinfo = UTC,
) -> Iterator[bytes]:
    """An XLSX file in pieces, in constant memory; a new sheet begins where one is full.

    Args:
        rows: text, numbers, dates, aware datetimes (shown in `zone`), None. Whole numbers past 15
            digits and numbers that are not finite are written as text: a spreadsheet would change
            them.
    Texts over 32,767 characters, which no spreadsheet opens, are cut with a mark that says so.
    """
    pipe = _Pipe()
    names: list[str] = []
    pending = iter(rows)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        more = True
        while more:
            names.append(_sheet_name(sheet, len(names)))
            more = False
            part = archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True)
            with part:
                for text in _sheet_xml(columns, pending, zone):
                    if text is None:
                        more = True
                        break
                    part.write(text.encode("utf-8"))
                    yield pipe.taken()
        for name, text in _other_parts(names):
            archive.writestr(name, text)
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """Where the archive writes; it cannot seek, so each part carries its sizes behind it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


def _sheet_xml(
    columns: Sequence[str], rows: Iterator[Sequence[Any]], zone: tzinfo
) -> Iterator[str | None]:
    """The sheet in pieces; None when it is full and rows remain."""
    parts = [
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        "</sheetViews><sheetData><row>",
        *(_text_cell(name, _BOLD) for name in columns),
        "</row>",
    ]
    size, count, full = 0, 1, False
    for row in rows:
        text = "<row>" + "".join([_cell(value, zone) for value in row]) + "</row>"
        parts.append(text)
        size += len(text)
        count += 1
        if size > _CHUNK_CHARS:
            yield "".join(parts)
            parts, size = [], 0
        if count >= MAX_ROWS:
            full = True
            break
    yield "".join(parts) + "</sheetData></worksheet>"
    if full:
        yield None


def _cell(value: Any, zone: tzinfo) -> str:  # noqa: PLR0911 - one line for each type
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        return _text_cell(value)
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>" if abs(value) < _SAFE_INTEGER else _text_cell(str(value))
    if isinstance(value, float | Decimal):
        return f"<c><v>{value}</v></c>" if math.isfinite(value) else _text_cell(str(value))
    if isinstance(value, datetime):
        local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
        return _serial_cell(local, _DATETIME)
    if isinstance(value, date):
        return _serial_cell(datetime(value.year, value.month, value.day), _DATE)  # noqa: DTZ001
    return _text_cell(str(value))


def _serial_cell(moment: datetime, style: int) -> str:
    days = (moment - _EPOCH).total_seconds() / 86400
    if days < 61:  # before March 1900 the serials of spreadsheets are a day off
        return _text_cell(moment.isoformat(sep=" "))
    return f'<c s="{style}"><v>{days!r}</v></c>'


def _text_cell(text: str, style: int = 0) -> str:
    if len(text) > MAX_CELL:
        mark = f"…（截断，共 {len(text)} 字 / cut, {len(text)} characters）"
        text = text[: MAX_CELL - len(mark)] + mark
    text = _NOT_XML.sub("\ufffd", _LOOKS_ESCAPED.sub("_x005F_", text)).replace("\r", "_x000D_")
    return (
        f'<c t="inlineStr"{f" s={quoteattr(str(style))}" if style else ""}><is>'
        f'<t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def _sheet_name(name: str, index: int) -> str:
    """At most 31 characters, none of those that Excel forbids."""
    tail = f" {index + 1}" if index else ""
    bare = re.sub(r"[\[\]:*?/\\']", " ", _NOT_XML.sub("", name)).strip() or "Sheet1"
    return bare[: 31 - len(tail)] + tail


def _other_parts(names: list[str]) -> list[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        f'ContentType="{_KIND}.worksheet+xml"/>'
        for number in numbers
    )
    return [
        ("xl/workbook.xml", f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
         f"{sheets}</sheets></workbook>"),
        ("xl/styles.xml", _STYLES),
        ("xl/_rels/workbook.xml.rels",
         f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
         f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
         "</Relationships>"),
        ("_rels/.rels",
         f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
         f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("[Content_Types].xml",
         f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Default Extension="xml" ContentType="application/xml"/>'
         f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
         f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{types}'
         "</Types>"),
    ]  # fmt: skip
