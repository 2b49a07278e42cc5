"""Texts and JSON that every database takes: PostgreSQL has no place for NUL or half characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def storable(text: str, most: int | None = None) -> str:
    """The text without NUL, half characters replaced, cut to so many characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def storable_json(value: Any) -> Any:
    """The same for every text inside a JSON value, keys included."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(item) for item in value]
    return value
