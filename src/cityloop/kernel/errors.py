"""One error for every refusal: a stable code, and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A refusal that a person can act on.

    Args:
        code: stable, dotted, lower case, e.g. "place.swapped".
        en: what, where, which value, what is allowed, what to do next (English).
        zh: the same in Chinese.
        where: field, row or object the error is about.
        status: HTTP status the web layer answers with (400 by default).
        details: values a client program may use (JSON-serialisable).
    """

    def __init__(
        self,
        code: str,
        en: str,
        zh: str = "",
        *,
        where: str | None = None,
        status: int = 400,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.en = en
        self.zh = zh or en
        self.where = where
        self.status = status
        self.details = dict(details or {})

    def message(self, language: str = "zh") -> str:
        """The sentence in the reader's language ("zh..." or anything else = English)."""
        return self.zh if language.startswith("zh") else self.en

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """The error as the API shows it."""
        shown: dict[str, Any] = {"code": self.code, "message": self.message(language)}
        if self.where:
            shown["where"] = self.where
        if self.details:
            shown["details"] = self.details
        return shown


class NotAllowed(DomainError):
    """The actor may not do this here (HTTP 403)."""

    def __init__(self, code: str, en: str, zh: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("status", 403)
        super().__init__(code, en, zh, **kwargs)


class NotFound(DomainError):
    """There is no such thing, or the viewer may not know of it (HTTP 404)."""

    def __init__(self, code: str, en: str, zh: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("status", 404)
        super().__init__(code, en, zh, **kwargs)


class Conflict(DomainError):
    """The thing is not in a state that allows this (HTTP 409)."""

    def __init__(self, code: str, en: str, zh: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("status", 409)
        super().__init__(code, en, zh, **kwargs)
