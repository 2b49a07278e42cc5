"""Which router stands where."""

from __future__ import annotations

from ninja import Router

PRIVATE: list[tuple[str, Router]] = []
PUBLIC: list[tuple[str, Router]] = []
