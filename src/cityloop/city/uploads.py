"""A file that came in by upload, as a path for as long as it is read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Protocol

from cityloop.kernel.errors import DomainError

MOST_BYTES = 64 * 1024 * 1024
_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".json", ".geojson")


class Uploaded(Protocol):
    """What a framework hands over."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


@contextmanager
def as_file(given: Uploaded, *, most_bytes: int = MOST_BYTES) -> Iterator[Path]:
    """The upload under its own name in a folder that goes with it.

    Raises: DomainError("upload.too_big" | "upload.kind").
    """
    if not given.size or given.size > most_bytes:
        raise DomainError(
            "upload.too_big",
            f"The file has {given.size or 0:,} bytes; allowed: 1 to {most_bytes:,}.",
            f"文件为 {given.size or 0:,} 字节；应为 1 至 {most_bytes:,} 字节。",
            where="file",
        )
    name = PurePath((given.name or "file").replace("\\", "/")).name[-100:]
    if PurePath(name).suffix.lower() not in _SUFFIXES:
        raise DomainError(
            "upload.kind",
            f"{name!r}: a table is needed: {', '.join(_SUFFIXES)}.",
            f"{name!r} 不是表格文件，可用：{'、'.join(_SUFFIXES)}。",
            where="file",
        )
    with tempfile.TemporaryDirectory(prefix="cityloop-upload-") as folder:
        path = Path(folder) / name.replace("\0", "")
        with path.open("wb") as file:
            for piece in given.chunks():
                file.write(piece)
        yield path
