"""The encoding of a text file, and its lines, decoded one by one so that one bad line stays one.

GB 18030: the codec of CPython (3.11, 3.13) follows the edition of 2000. 18 double-byte codes of
the 2022 edition, and one of 2005, come out as private-use characters that no font shows; they are
moved to where the standard has them now (Unicode L2/23-003R recommends the same table).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cityloop.kernel.errors import DomainError

GB18030_2022 = str.maketrans(
    {
        0xE78D: "\ufe10", 0xE78E: "\ufe12", 0xE78F: "\ufe11", 0xE790: "\ufe13",
        0xE791: "\ufe14", 0xE792: "\ufe15", 0xE793: "\ufe16", 0xE794: "\ufe17",
        0xE795: "\ufe18", 0xE796: "\ufe19", 0xE7C7: "\u1e3f", 0xE81E: "\u9fb4",
        0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7", 0xE832: "\u9fb8",
        0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE864: "\u9fbb",
    }
)  # fmt: skip

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 1 << 20
# Every encoding here keeps line ends, commas and quotes to themselves, so lines can be cut first.
_ALLOWED = {
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "big5hkscs", "cp950",
    "ascii", "iso8859-1", "cp1252",
}  # fmt: skip
_AS = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "hz": "", "ascii": "utf-8"}


@dataclass(frozen=True)
class TextForm:
    """How the bytes of a file become lines."""

    encoding: str
    bom_bytes: int
    newline: bytes

    @property
    def unit(self) -> int:
        return len(self.newline)


@dataclass(frozen=True)
class Line:
    """One physical line. `bad_byte` is its position in the file when it could not be decoded."""

    text: str
    offset: int
    bad_byte: int | None = None
    bad_value: str = ""


def text_form(stream: BinaryIO, declared: str | None) -> TextForm:
    """The form of the file; reads as far as the first characters that tell.

    Raises: DomainError table.encoding_not_allowed, table.encoding_unknown, table.not_a_table.
    """
    wanted = _known(declared) if declared else None
    head = stream.read(_SAMPLE)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _form(encoding, len(bom), head)
    encoding = wanted or _utf16_without_bom(head) or ""
    if encoding == "utf-16":
        encoding = "utf-16-le"
    if encoding:
        return _form(encoding, 0, head)
    _refuse_binary(head)
    sample = head if not head.isascii() else _first_telling(stream)
    return _form(_by_content(sample), 0, head)


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    name = _AS.get(name, name)
    if name not in _ALLOWED:
        raise DomainError(
            "table.encoding_not_allowed",
            f"The encoding {declared[:40]!r} is not known here. Allowed: utf-8, utf-16, gb18030 "
            "(also gbk), big5, latin-1, cp1252.",
            f"不支持编码 {declared[:40]!r}。可用：utf-8、utf-16、gb18030（含 gbk）、big5、"
            "latin-1、cp1252。",
            where="encoding",
        )
    return name


def _form(encoding: str, bom_bytes: int, head: bytes) -> TextForm:
    end, carriage = "\n".encode(encoding), "\r".encode(encoding)
    old_mac = end not in head and carriage in head
    return TextForm(encoding, bom_bytes, carriage if old_mac else end)


def _utf16_without_bom(head: bytes) -> str | None:
    """UTF-16 shows by the zero half of its ASCII characters, all at odd or all at even places."""
    even, odd = head[0:20_000:2].count(0), head[1:20_000:2].count(0)
    enough = max(1, min(len(head), 20_000) // 100)
    if odd >= enough and even * 20 < odd:
        return "utf-16-le"
    if even >= enough and odd * 20 < even:
        return "utf-16-be"
    return None


def _refuse_binary(head: bytes) -> None:
    control = sum(head.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    # A few stray control characters are dirt; a table half made of zeros (power cut) is damage.
    if control - head.count(0) > len(head) // 50 or head.startswith(b"\0\0\0\0"):
        raise not_a_table("binary data", "二进制数据")


def not_a_table(en: str, zh: str) -> DomainError:
    return DomainError(
        "table.not_a_table",
        f"The file is not a table ({en}). Send CSV, TSV, XLSX or JSON lines.",
        f"文件内容不是表格（{zh}）。请使用 CSV、TSV、XLSX 或 JSON Lines。",
        where="file",
    )


def _first_telling(stream: BinaryIO) -> bytes:
    """A sample around the first byte beyond ASCII; Chinese may begin after a million plain rows."""
    while chunk := stream.read(_SAMPLE):
        if not chunk.isascii():
            first = next(i for i, code in enumerate(chunk) if code > 127)
            start = chunk.rfind(b"\n", 0, first) + 1
            return chunk[start:] + stream.read(_SAMPLE // 4)
    return b""  # plain ASCII, which is UTF-8


def _by_content(sample: bytes) -> str:
    lines = [line for line in sample.splitlines() if not line.isascii()]
    utf8 = sum(_decodes(line, "utf-8") for line in lines)
    if utf8 * 2 >= len(lines):
        return "utf-8"
    if sum(_decodes(line, "gb18030") for line in lines) * 2 >= len(lines):
        return "gb18030"
    raise DomainError(
        "table.encoding_unknown",
        f"The text is neither UTF-8 nor GB18030: of {len(lines)} lines beyond ASCII at the start, "
        f"{utf8} read as UTF-8. Declare the encoding (for example big5), or save it as UTF-8.",
        f"文本既不是 UTF-8 也不是 GB18030：开头 {len(lines)} 行非 ASCII 文本中仅 {utf8} 行可按 "
        "UTF-8 读取。请声明编码（如 big5），或另存为 UTF-8。",
        where="file",
    )


def _decodes(line: bytes, encoding: str) -> bool:
    """Whether it may be of that encoding; a character cut by the end of the sample may be."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(line, False)
    except UnicodeDecodeError:
        return False
    return True


class LineTooLong(Exception):
    """A line without an end within the limit; nothing after it can be told apart."""


def lines_of(stream: BinaryIO, form: TextForm, limit: int) -> Iterator[Line]:
    """The lines with their ends, from the start of the file.

    Raises: LineTooLong past `limit` bytes.
    """
    stream.seek(form.bom_bytes)
    offset = form.bom_bytes
    cut = _cut_at_newline if form.newline == b"\n" else _cut_anywhere
    for raw in cut(stream, form, limit):
        yield decoded(raw, offset, form.encoding)
        offset += len(raw)


def _cut_at_newline(stream: BinaryIO, form: TextForm, limit: int) -> Iterator[bytes]:
    while raw := stream.readline(limit + 1):
        if len(raw) > limit:
            raise LineTooLong
        yield raw


def _cut_anywhere(stream: BinaryIO, form: TextForm, limit: int) -> Iterator[bytes]:
    """Lines of UTF-16, or with the line end of old Macintoshes."""
    held = b""
    while chunk := stream.read(_SAMPLE):
        held += chunk
        start = search = 0
        while (at := held.find(form.newline, search)) >= 0:
            if at % form.unit:
                search = at + 1
                continue
            search = at + form.unit
            yield held[start:search]
            start = search
        held = held[start:]
        if len(held) > limit:
            raise LineTooLong
    if held:
        yield held


def decoded(raw: bytes, offset: int, encoding: str) -> Line:
    """The line as text; bytes that do not fit are shown escaped, and reported."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        text = raw.decode(encoding, "backslashreplace")
        shown = raw[error.start : error.start + 8].hex(" ")
        return Line(text, offset, offset + error.start, shown)
    if encoding == "gb18030":
        text = text.translate(GB18030_2022)
    return Line(text, offset)
