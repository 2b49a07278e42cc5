"""The code that proves access to the machine while there is no administrator yet."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from django.conf import settings

from cityloop.engines.sealing.secret_file import open_secret
from cityloop.kernel.errors import NotAllowed


def code_path() -> Path:
    """Where the code stands."""
    return Path(settings.DATA) / "setup.code"


def setup_code() -> str:
    """The code, made at first asking (mode 0600)."""
    return open_secret(code_path(), lambda: secrets.token_urlsafe(16)).strip()


def check_code(given: str) -> None:
    """Raises: NotAllowed("setup.code")."""
    code = setup_code()
    if not code or not hmac.compare_digest(given.strip().encode(), code.encode()):
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
