"""Files of an import: their hash, the mappings that a city keeps, uploads."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from cityloop.business.intake.domain import ReportMap, parse_map
from cityloop.engines.tables import Table, open_table
from cityloop.kernel.errors import DomainError, NotFound

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
MAP_MAX_BYTES = 512 * 1024


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def maps_folder() -> Path:
    """Where the mapping files of this deployment are (profiles/mappings)."""
    return Path(settings.PROFILES) / "mappings"


def map_names() -> list[str]:
    """Mappings that can be asked for by name."""
    return sorted(p.stem for p in maps_folder().glob("*.toml") if NAME.fullmatch(p.stem))


def named_map(name: str) -> str:
    """The text of a mapping by its name. Raises: NotFound("map.unknown")."""
    path = maps_folder() / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(
            "map.unknown",
            f"There is no mapping '{name[:60]}'. There are: {', '.join(map_names()) or 'none'}.",
            f"没有名为“{name[:60]}”的映射，可用：{'、'.join(map_names()) or '无'}。",
            where="map",
        )
    return path.read_text("utf-8")


def map_text_of(path: Path) -> str:
    """The text of a mapping file given by its path.

    Raises: DomainError("map.unreadable").
    """
    try:
        raw = path.read_bytes()
        if len(raw) <= MAP_MAX_BYTES:
            return raw.decode("utf-8-sig")
        reason = f"{len(raw):,} bytes, more than {MAP_MAX_BYTES:,}"
    except (OSError, UnicodeDecodeError) as error:
        reason = str(error)
    raise DomainError(
        "map.unreadable",
        f"The mapping file {path.name} cannot be read: {reason}. It must be TOML in UTF-8.",
        f"无法读取映射文件 {path.name}：{reason}。应为 UTF-8 编码的 TOML 文件。",
        where="map",
    )


def opened(path: Path, mapping: ReportMap) -> Table:
    """The table of a file, opened as its mapping says. Raises: what `open_table` raises."""
    form = mapping.file
    return open_table(
        path,
        encoding=form.encoding or None,
        delimiter=form.delimiter or None,
        sheet=form.sheet or None,
        fill_merged=form.fill_merged,
        known=mapping.columns(),
    )


def keep_upload(file: File[bytes], name: str) -> str:
    """Store an uploaded file until its job has read it; returns where."""
    suffix = Path(name).suffix.lower()
    suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
    return default_storage.save(f"imports/upload{suffix}", file)


@contextmanager
def local_copy(stored: str) -> Iterator[Path]:
    """A stored file as a path: the file itself on disk, a copy where storage is elsewhere.

    Raises: NotFound("import.file_gone").
    """
    if not stored or not default_storage.exists(stored):
        raise NotFound(
            "import.file_gone",
            "The uploaded file is no longer there. Upload it again; rows that are in are not "
            "doubled.",
            "上传的文件已不存在，请重新上传；已入库的行不会重复。",
        )
    try:
        yield Path(default_storage.path(stored))
        return
    except NotImplementedError:
        pass
    with tempfile.NamedTemporaryFile(suffix=Path(stored).suffix) as copy:
        with default_storage.open(stored, "rb") as source:
            shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        yield Path(copy.name)


def forget_upload(stored: str) -> None:
    """Delete an uploaded file; nothing happens when it is gone."""
    if stored:
        default_storage.delete(stored)


def map_of(text: str) -> ReportMap:
    """The mapping in a text; refused when it is longer than any mapping is."""
    if len(text.encode("utf-8", "replace")) > MAP_MAX_BYTES:
        raise DomainError(
            "map.unreadable",
            f"The mapping is longer than {MAP_MAX_BYTES:,} bytes.",
            f"映射超过 {MAP_MAX_BYTES:,} 字节。",
            where="map",
        )
    return parse_map(text)
