"""The right reader for a file: by what is in it, not by its name alone."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cityloop.data.geography.domain.mapping import FileForm
from cityloop.data.geography.files.addresses import AddressSource
from cityloop.data.geography.files.archives import check_parts, unpack
from cityloop.data.geography.files.geojson import GeoJsonSource
from cityloop.data.geography.files.layers import LayerSource
from cityloop.data.geography.files.osm import OsmSource
from cityloop.data.geography.files.source import Source, file_error
from cityloop.data.geography.files.sumo import SumoSource
from cityloop.kernel.errors import DomainError

SUFFIXES = (
    ".osm", ".pbf", ".geojson", ".json", ".gpkg", ".zip", ".shp", ".csv", ".tsv", ".txt",
    ".xlsx", ".xml",
)  # fmt: skip
_SHAPE = b"\x00\x00\x27\x0a"
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """How to open: form of tables, place of a network without projection."""

    form: FileForm = field(default_factory=FileForm)
    anchor: tuple[float, float] | None = None


@contextmanager
def open_file(path: Path, how: OpenFile) -> Iterator[Source]:
    """The features of a file.

    Raises: DomainError geography.missing, geography.empty, geography.kind, geography.damaged,
        geography.not_installed, geography.parts_missing, geography.bomb, geography.no_anchor.
    """
    if not path.is_file():
        raise file_error("missing", f"There is no file {path.name}.", f"找不到文件 {path.name}。")
    if path.stat().st_size == 0:
        raise file_error("empty", f"{path.name} is empty (0 bytes).", f"{path.name} 为空文件。")
    with ExitStack() as stack:
        yield _source(path, how, stack)


def _source(path: Path, how: OpenFile, stack: ExitStack) -> Source:
    """GDAL opens many kinds, some of which name other files or hosts: only what begins as a
    shapefile or GeoPackage is handed to it."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    suffix, name = path.suffix.lower(), path.name.lower()
    if suffix == ".pbf" or (
        suffix == ".osm" and head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
    ):
        return OsmSource(path)
    if name.endswith(".net.xml") or (suffix == ".xml" and b"<net" in head):
        return SumoSource(path, how.anchor)
    if suffix in (".geojson", ".json"):
        return GeoJsonSource(path)
    if suffix in (".gpkg", ".shp"):
        return _by_gdal(path, head, how)
    if suffix == ".zip":
        return _archive(path, how, stack)
    if suffix in (".csv", ".tsv", ".txt", ".xlsx"):
        return AddressSource(path, how.form)
    raise _kind(path)


def _by_gdal(path: Path, head: bytes, how: OpenFile, shown: str = "") -> Source:
    is_shape = path.suffix.lower() == ".shp"
    if not head.startswith(_SHAPE if is_shape else _SQLITE):
        raise file_error(
            "damaged",
            f"{path.name} is not a {'shapefile' if is_shape else 'GeoPackage'} inside.",
            f"{path.name} 的内容不是 {'shapefile' if is_shape else 'GeoPackage'}。",
        )
    if is_shape:
        beside = {p.suffix.lower() for p in path.parent.glob(f"{path.stem}.*")}
        check_parts(shown or path.stem, beside)
    encoding, remark = _encoding(path, how) if is_shape else (how.form.encoding, None)
    source = LayerSource([(path, shown or (path.stem if is_shape else ""))], encoding)
    if remark:
        source.remarks.append(remark)
    return source


def _encoding(path: Path, how: OpenFile) -> tuple[str, tuple[str, str] | None]:
    """Declared, or as the .cpg says; else UTF-8 where the texts are UTF-8, GB18030 otherwise."""
    if how.form.encoding or path.with_suffix(".cpg").exists():
        return how.form.encoding, None
    with path.with_suffix(".dbf").open("rb") as stream:
        sample = stream.read(4 << 20)
    start = int.from_bytes(sample[8:10], "little")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample[start:])  # may end in a character
        encoding = "UTF-8"
    except UnicodeDecodeError:
        encoding = "GB18030"
    return encoding, (
        f"没有 .cpg，文字按 {encoding} 读取", f"no .cpg: texts were read as {encoding}"
    )  # fmt: skip


def _archive(path: Path, how: OpenFile, stack: ExitStack) -> Source:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cityloop-geo-")))
    found = unpack(path, folder)
    if len(found) == 1:
        inner, shown = found[0]
        if inner.suffix in (".geojson", ".json"):
            return GeoJsonSource(inner)
        return _by_gdal(inner, _head(inner), how, shown if inner.suffix == ".shp" else "")
    shapes = [(p, s) for p, s in found if p.suffix == ".shp"]
    if len(shapes) != len(found):
        names = ", ".join(f"{s}{p.suffix}" for p, s in found[:20])
        raise file_error(
            "several",
            f"{path.name} holds several files ({names}); pack one GeoPackage or GeoJSON, or "
            "shapefiles alone.",
            f"{path.name} 中有多个文件（{names}）；请只打包一个 GeoPackage 或 GeoJSON，或仅打包 "
            "shapefile。",
        )
    return _shapefiles(shapes, how)


def _shapefiles(shapes: list[tuple[Path, str]], how: OpenFile) -> Source:
    remarks = []
    encodings = set()
    for path, _ in shapes:
        if not _head(path).startswith(_SHAPE):
            raise file_error("damaged", f"{path.name} is no shapefile inside.",
                             f"{path.name} 的内容不是 shapefile。")  # fmt: skip
        encoding, remark = _encoding(path, how)
        encodings.add(encoding)
        remarks += [remark] if remark else []
    source = LayerSource(shapes, "" if encodings == {""} else sorted(encodings)[0])
    source.remarks += list(dict.fromkeys(remarks))
    return source


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64)


def _kind(path: Path) -> DomainError:
    return file_error(
        "kind",
        f"{path.name}: this kind of file is not read. Read are: {', '.join(SUFFIXES)} "
        "(.osm and .osm.pbf, GeoJSON, GeoPackage, zipped shapefiles, tables, SUMO networks).",
        f"{path.name}：不支持此类文件。支持：{'、'.join(SUFFIXES)}（OSM、GeoJSON、GeoPackage、"
        "shapefile 压缩包、表格、SUMO 路网）。",
    )
