"""Passwords that must not be chosen: words of this place, and passwords that leaked elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

OWN_WORDS = ("cityloop", "chenghuan", "城环", "wangge", "网格", "chengguan", "城管")
_LONGEST_LINE = 128


class OwnWords:
    """No password made of the platform's or the place's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.casefold()
        for word in (*OWN_WORDS, *_profile_words()):
            if word in plain and len(plain) - len(word) < 8:
                raise ValidationError(
                    f"密码主要由“{word}”组成，容易被猜到。"
                    f"The password is little more than “{word}”, which is easily guessed.",
                    code="password_own_word",
                )

    def get_help_text(self) -> str:
        return "不得以平台或本地名称为主。Not made of the platform's or the place's name."


class Breached:
    """No password of the file settings.BREACHED_PASSWORDS (SHA-1, sorted); without one: passes.

    The twenty thousand commonest are refused by Django's own list in any case.
    """

    def validate(self, password: str, user: Any = None) -> None:
        path = str(getattr(settings, "BREACHED_PASSWORDS", ""))
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if path and is_listed(Path(path), wanted.encode()):
            raise ValidationError(
                "该密码已在公开泄露的密码库中，请另设。"
                "This password is in a published list of leaked ones. Choose another.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "不得为已泄露的密码。Not one that leaked elsewhere."


def is_listed(path: Path, wanted: bytes) -> bool:
    """Whether a sorted file has a line that begins with `wanted`: found by halving, unread."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            start, line = _line_after(file, middle)
            if not line or line[: len(wanted)].upper() >= wanted:
                high = middle
            else:
                low = start + len(line)
        return _line_after(file, low, whole=True)[1][: len(wanted)].upper() == wanted


def _line_after(file: BinaryIO, at: int, *, whole: bool = False) -> tuple[int, bytes]:
    """The first line that begins at or after a place; `whole`: the place begins a line."""
    if at and not whole:
        file.seek(at - 1)
        file.readline(_LONGEST_LINE)
    else:
        file.seek(at)
    return file.tell(), file.readline(_LONGEST_LINE)


def _profile_words() -> list[str]:
    from cityloop.city.profile import load_profile

    names = load_profile().settings.get("name", {})
    return [str(name).casefold() for name in names.values() if 2 <= len(str(name)) <= 12]
