"""A file between its dry run and the confirmation: kept a day, found by a signed key alone."""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import default_storage

from cityloop.data.geography.files.opening import SUFFIXES
from cityloop.kernel.errors import DomainError, NotFound

FOLDER = "geography"
MOST_BYTES = 256 * 1024 * 1024
KEPT = timedelta(days=1)
_SALT = "cityloop.geography.upload"


def keep(file: File[bytes], name: str) -> str:
    """Store an upload; returns where.

    Raises: DomainError upload.too_big, geography.kind.
    """
    size = file.size or 0
    if not 0 < size <= MOST_BYTES:
        raise DomainError(
            "upload.too_big",
            f"The file has {size:,} bytes; by upload 1 to {MOST_BYTES:,}. Import larger ones on "
            "the server: `cityloop geography import`.",
            f"文件为 {size:,} 字节，上传应为 1 至 {MOST_BYTES:,} 字节；更大的文件请在服务器上使用 "
            "cityloop geography import。",
            where="file",
        )
    plain = PurePath(name.replace("\\", "/")).name[-80:]
    plain = re.sub(r"[^\w.\-]", "_", plain) or "file"
    if PurePath(plain).suffix.lower() not in SUFFIXES:
        raise DomainError(
            "geography.kind",
            f"{plain!r}: this kind of file is not read; read are {', '.join(SUFFIXES)}.",
            f"{plain!r}：不支持此类文件，支持：{'、'.join(SUFFIXES)}。",
            where="file",
        )
    return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}/{plain}", file)


def signed(told: dict[str, Any]) -> str:
    """A key that carries what the dry run was asked, so that just this is confirmed."""
    return signing.dumps(told, salt=_SALT, compress=True)


def opened(key: str, *, user_id: int | None) -> dict[str, Any]:
    """What a key says. Raises: NotFound("geography.upload_gone")."""
    try:
        told: dict[str, Any] = signing.loads(key, salt=_SALT, max_age=KEPT)
    except signing.BadSignature:
        raise gone() from None
    if told.get("user") != user_id or not default_storage.exists(told.get("file", "")):
        raise gone()
    return told


@contextmanager
def local_path(stored: str) -> Iterator[Path]:
    """The stored file as a path: itself on a disk, a copy under its name elsewhere."""
    try:
        found = Path(default_storage.path(stored))
    except NotImplementedError:
        found = None  # type: ignore[assignment]
    if found is not None:
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="cityloop-geo-") as folder:
        path = Path(folder) / PurePath(stored).name
        with default_storage.open(stored, "rb") as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        yield path


def forget(stored: str) -> None:
    """Delete an upload."""
    default_storage.delete(stored)
    default_storage.delete(str(PurePath(stored).parent))


def forget_old(now: datetime) -> int:
    """Delete uploads that nobody confirmed within a day; returns how many."""
    if not default_storage.exists(FOLDER):
        return 0
    count = 0
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            stored = f"{FOLDER}/{folder}/{name}"
            if default_storage.get_modified_time(stored) < now - KEPT:
                forget(stored)
                count += 1
    return count


def gone() -> NotFound:
    """No such upload for this person."""
    return NotFound(
        "geography.upload_gone",
        "The upload is no longer there, or is not yours. Upload the file again.",
        "上传的文件已不存在，或不是您上传的，请重新上传。",
        where="key",
    )
