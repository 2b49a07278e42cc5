"""A secret on disk: written once, whole, for its owner alone."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cityloop.kernel.errors import DomainError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_secret(path: Path, new: Callable[[], str]) -> str:
    """The text of the file; on the first run made by `new` and kept with mode 0600.

    Two processes that start together end with the same secret: the file appears whole, and only
    one of them can put it there.
    Raises: DomainError("secret.open_to_others") when group or others may touch the file.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(path, new())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was first: its secret is the secret
        finally:
            draft.unlink()
    return read_secret(path)


def read_secret(path: Path) -> str:
    """The text of the file. Raises: DomainError("secret.open_to_others", "secret.missing")."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise DomainError(
            "secret.missing",
            f"The secret file {path} does not exist. Restore it from the safe copy.",
            f"密钥文件 {path} 不存在，请从备份恢复。",
            where=str(path),
        ) from error
    if os.name == "posix" and mode & OTHERS:
        raise DomainError(
            "secret.open_to_others",
            f"The secret file {path} has mode {stat.S_IMODE(mode):04o}: others than its owner may "
            f"touch it. Allowed: 0600 or 0400. Run chmod 600 {path}, then replace the keys in it.",
            f"密钥文件 {path} 权限为 {stat.S_IMODE(mode):04o}，属主以外的用户可访问。"
            f"只允许 0600 或 0400，请执行 chmod 600 {path} 并更换密钥。",
            where=str(path),
        )
    return path.read_text(encoding="utf-8")


def replace_secret(path: Path, text: str) -> None:
    """Put a new text in place of the old one; a crash leaves one of the two, whole."""
    draft = _draft(path, text)
    draft.replace(path)
    _sync_folder(path.parent)


def mark_of(path: Path) -> tuple[int, int] | None:
    """Something that is another when the file was replaced; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other processes from changing the file meanwhile (not where there are no locks)."""
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # other systems cannot open a folder
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
