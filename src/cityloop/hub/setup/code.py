"""The code that proves access to the machine while there is no administrator yet."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings

from cityloop.kernel.errors import NotAllowed


def code_path() -> Path:
    """Where the code stands."""
    return Path(settings.DATA) / "setup.code"


def setup_code() -> str:
    """The code, made at first asking (mode 0600)."""
    path = code_path()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(16))
    return path.read_text().strip()


def check_code(given: str) -> None:
    """Raises: NotAllowed("setup.code")."""
    if not hmac.compare_digest(given.strip().encode(), setup_code().encode()):
        raise NotAllowed(
            "setup.code",
            f"This is not the setup code. It stands in {code_path().name} in the data folder of "
            "the server; `cityloop setup code` prints it.",
            f"启用码不正确。启用码在服务器数据目录的 {code_path().name} 文件中，"
            "也可运行 cityloop setup code 查看。",
            where="code",
        )


def forget_code() -> None:
    """It has served."""
    code_path().unlink(missing_ok=True)
