"""Zip archives of shapefiles: unpacked under limits, with names that cannot lead elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from cityloop.data.geography.files.source import file_error
from cityloop.kernel.errors import DomainError

MOST_ENTRIES = 2_000
MOST_BYTES = 4 << 30
MOST_RATIO = 200
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_OTHERS = (".gpkg", ".geojson", ".json")


def unpack(path: Path, folder: Path) -> list[tuple[Path, str]]:
    """The readable files of an archive: (path, name shown), shapefiles with their parts beside.

    Raises: DomainError geography.damaged, geography.bomb, geography.empty,
        geography.parts_missing.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked(archive, path)
            return _unpacked(archive, entries, folder, path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, EOFError,
            NotImplementedError) as error:  # fmt: skip
        raise _damaged(path, error) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _damaged(path, error) from error
        raise


def _damaged(path: Path, error: Exception) -> DomainError:
    return file_error(
        "damaged",
        f"{path.name} is no whole zip archive: {error}. Pack or fetch it again.",
        f"{path.name} 不是完整的 zip 压缩包：{error}。请重新打包或获取。",
    )


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    entries = [e for e in archive.infolist() if not e.is_dir()]
    total = sum(e.file_size for e in entries)
    packed = max(1, sum(e.compress_size for e in entries))
    bomb = total > 50 << 20 and total > MOST_RATIO * packed
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or bomb:
        raise file_error(
            "bomb",
            f"{path.name} unpacks to {total:,} bytes in {len(entries):,} files; at most "
            f"{MOST_BYTES:,} bytes, {MOST_ENTRIES:,} files, {MOST_RATIO} to 1.",
            f"{path.name} 解压后为 {total:,} 字节、{len(entries):,} 个文件；至多 {MOST_BYTES:,} "
            f"字节、{MOST_ENTRIES:,} 个文件、压缩比 {MOST_RATIO}。",
        )
    return entries


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, path: Path
) -> list[tuple[Path, str]]:
    """Files get numbers for names: what an archive calls them never becomes a path."""
    groups: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        inside = PurePosixPath(_name(entry).replace("\\", "/"))
        suffix = inside.suffix.lower()
        if suffix in _PARTS or suffix in _OTHERS:
            groups.setdefault(str(inside.with_suffix("")), {})[suffix] = entry
    found = []
    for number, (stem, parts) in enumerate(sorted(groups.items()), 1):
        shown = PurePosixPath(stem).name
        for suffix, entry in parts.items():
            _write(archive, entry, folder / f"{number}{suffix}")
        if ".shp" in parts:
            check_parts(shown, parts)
            found.append((folder / f"{number}.shp", shown))
        found += [(folder / f"{number}{s}", shown) for s in _OTHERS if s in parts]
    if not found:
        raise file_error(
            "empty",
            f"{path.name} holds no .shp, .gpkg or .geojson.",
            f"{path.name} 中没有 .shp、.gpkg 或 .geojson 文件。",
        )
    return found


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path) -> None:
    """No more bytes than the entry declared: the size in the table of contents may lie."""
    left = entry.file_size
    with archive.open(entry) as source, to.open("wb") as target:
        while piece := source.read(1 << 20):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile("an entry is larger than it says")
            target.write(piece)


def check_parts(shown: str, suffixes: dict[str, zipfile.ZipInfo] | set[str]) -> None:
    """Raises: DomainError("geography.parts_missing") unless .shx and .dbf are there."""
    missing = [s for s in (".shx", ".dbf") if s not in suffixes]
    if missing:
        raise file_error(
            "parts_missing",
            f"The shapefile {shown} lacks {', '.join(missing)}. Pack all its parts (.shp, .shx, "
            ".dbf, .prj) together.",
            f"shapefile {shown} 缺少 {'、'.join(missing)}。请将 .shp、.shx、.dbf、.prj 一并打包。",
            missing=missing,
        )


def _name(entry: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are GB18030 in China; zipfile reads them as cp437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
