"""The parts of an XLSX file that are not rows: sheets, shared texts, number formats.

Read with expat, part by part, under limits: a small zip may claim gigabytes, and a sheet with one
cell at the far corner has made readers that lay sheets out in memory end the whole process.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from cityloop.engines.tables import refusals

CHUNK = 1 << 16
_SMALL_PART = 64 << 20
_TEXTS_PART = 512 << 20
_MAX_TEXTS = 10_000_000
_SILENT_BYTES = 64 << 20
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))

Attributes = dict[str, str]


class BrokenPart(Exception):
    """A part that is not what it should be; the text says how."""


class XmlReader:
    """Feeds one XML part to handlers by local element name. No document types, no entities."""

    def __init__(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
    ) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._start, self._end, self._text = start, end, text
        self._alive = True
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        if text is not None:
            self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = self._on_doctype

    def _on_start(self, name: str, attributes: Attributes) -> None:
        self._alive = True
        self._start(name.rpartition(":")[2], attributes)

    def _on_end(self, name: str) -> None:
        self._end(name.rpartition(":")[2])

    def _on_doctype(self, *_: object) -> None:
        raise BrokenPart("document type declarations are not allowed")

    def feed(self, stream: IO[bytes]) -> Iterator[None]:
        """Parse chunk by chunk; yields after each, so that finished rows can be handed on.

        Raises: BrokenPart.
        """
        silent = 0
        try:
            while chunk := stream.read(CHUNK):
                self._alive = False
                self._parser.Parse(chunk, False)
                silent = 0 if self._alive else silent + len(chunk)
                if silent > _SILENT_BYTES:
                    raise BrokenPart("one element is longer than 64 MB")
                yield
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BrokenPart(f"XML: {error}") from None
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise BrokenPart(f"zip: {error}") from None
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise BrokenPart(f"zip: {error}") from None
            raise
        yield


class Package:
    """An opened XLSX file.

    sheets: (name, part) in order. texts: shared texts. formats: number format of each cell
    style: "date", "" or zeros ("000000", how many digits are shown). from_1904: the Mac epoch.
    """

    def __init__(self, path: Path, *, texts: bool = True) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BrokenPart(f"zip: {error}") from None
        try:
            self._load(texts=texts)
        except BaseException:
            self.close()
            raise

    def _load(self, *, texts: bool) -> None:
        self._names = {name.lower().lstrip("/"): name for name in self._zip.namelist()}
        if len(self._names) > 10_000:
            raise BrokenPart("more than 10,000 parts")
        if "xl/workbook.xml" not in self._names and not self._workbook_part():
            raise refusals.file_error(
                "kind_not_allowed",
                "The file is a zip archive but not an XLSX workbook. Send CSV or XLSX.",
                "文件是压缩包，但不是 XLSX 工作簿。请使用 CSV 或 XLSX。",
            )
        self.from_1904 = False
        workbook = self._workbook_part() or "xl/workbook.xml"
        self._targets = self._relations(workbook)
        self.sheets = self._sheets(workbook)
        self.formats = self._formats()
        self.texts = self._texts() if texts else []

    def close(self) -> None:
        self._zip.close()

    def _workbook_part(self) -> str | None:
        for kind, target in self._relation_list("", "_rels/.rels"):
            if kind.endswith("/officeDocument"):
                return target if target in self._names else None
        return None

    def open_part(self, part: str, limit: int | None = None) -> IO[bytes]:
        """A part as a stream. Raises: BrokenPart when absent or beyond the limit."""
        name = self._names.get(part.lower())
        if name is None:
            raise BrokenPart(f"part {part[:80]!r} is missing")
        info = self._zip.getinfo(name)
        # What deflate packs in a real sheet stays below 100 to 1; it could pack zeros 1000 to 1.
        bomb = info.file_size > 50 << 20 and info.file_size > 200 * max(1, info.compress_size)
        if bomb or (limit is not None and info.file_size > limit):
            raise BrokenPart(f"part {part[:80]!r} unpacks to {info.file_size:,} bytes")
        try:
            return self._zip.open(info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise BrokenPart(f"zip: {error}") from None

    def _scan(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] | None = None,
        limit: int = _SMALL_PART,
    ) -> None:
        with self.open_part(part, limit) as stream:
            for _ in XmlReader(start, end, text).feed(stream):
                pass

    def _relation_list(self, folder: str, part: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        self._relation_ids: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = _joined(folder, attributes.get("Target", ""))
                found.append((attributes.get("Type", ""), target))
                self._relation_ids[attributes.get("Id", "")] = target

        if part in self._names:
            self._scan(part, start)
        return found

    def _relations(self, workbook: str) -> dict[str, str]:
        """Part by kind of relation; relation ids are kept beside."""
        place = PurePosixPath(workbook)
        part = f"{place.parent}/_rels/{place.name}.rels".lower()
        return {
            kind.rpartition("/")[2]: target
            for kind, target in self._relation_list(str(place.parent), part)
        }

    def _sheets(self, workbook: str) -> list[tuple[str, str]]:
        sheets: list[tuple[str, str]] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                wanted = next((v for k, v in attributes.items() if k.endswith(":id")), "")
                part = self._relation_ids.get(wanted, "")
                if "worksheets/" in part:
                    sheets.append((attributes.get("name", ""), part))
            elif name == "workbookPr":
                self.from_1904 = attributes.get("date1904", "0") in ("1", "true")

        self._scan(workbook, start)
        if not sheets:
            raise BrokenPart("the workbook has no sheet of cells")
        return sheets

    def _formats(self) -> list[str]:
        part = self._targets.get("styles", "")
        codes: dict[int, str] = {}
        formats: list[str] = []
        inside = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal inside
            if name == "numFmt":
                codes[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                formats.append(_format(_integer(attributes.get("numFmtId")), codes))

        def end(name: str) -> None:
            nonlocal inside
            if name == "cellXfs":
                inside = False

        if part in self._names:
            self._scan(part, start, end)
        return formats

    def _texts(self) -> list[str]:
        part = self._targets.get("sharedStrings", "")
        texts: list[str] = []
        parts: list[str] = []
        reading = phonetic = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal reading, phonetic
            if name == "t":
                reading = not phonetic
            elif name == "rPh":  # reading aids above hanzi, not part of the text
                phonetic = True

        def end(name: str) -> None:
            nonlocal reading, phonetic
            if name == "si":
                texts.append(unescaped("".join(parts)))
                if len(texts) > _MAX_TEXTS:
                    raise BrokenPart(f"more than {_MAX_TEXTS:,} shared texts")
                parts.clear()
            elif name == "t":
                reading = False
            elif name == "rPh":
                phonetic = False

        def text(data: str) -> None:
            if reading:
                parts.append(data)

        if part in self._names:
            self._scan(part, start, end, text, _TEXTS_PART)
        return texts


def unescaped(text: str) -> str:
    """_x000D_ and the like as characters; XLSX writes so what XML may not hold."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _joined(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/").lower()
    steps: list[str] = []
    for step in f"{folder}/{target}".split("/"):
        if step == "..":
            steps[-1:] = []
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps).lower()


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _format(number: int, codes: dict[int, str]) -> str:
    code = codes.get(number, "")
    if not code:
        return "date" if number in _DATE_FORMATS else ""
    if re.fullmatch(r"0{2,30}", code):
        return code
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code.split(";", maxsplit=1)[0]).lower()
    elapsed = re.search(r"\[[hms]+\]", code.lower())
    is_date = any(letter in bare for letter in "ydhs") or ("m" in bare and "#" not in bare)
    return "date" if is_date and not elapsed and "general" not in bare else ""
