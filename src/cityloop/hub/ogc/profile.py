"""What the city opens to everybody: [ogc] of profile.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

_NEVER = ("open_cases", "elements.household")
_AREAS = ("cities", "districts", "subdistricts", "communities", "cells")
_ELEMENTS = "elements."


@dataclass(frozen=True, slots=True)
class OgcProfile:
    """enabled: /ogc/ answers at all. public: collections that need no log-in."""

    enabled: bool = True
    public: frozenset[str] = frozenset({"districts", "subdistricts", "communities", "cells"})


@lru_cache(maxsize=1)
def ogc_profile() -> OgcProfile:
    """The choices in force. Raises: DomainError("ogc.profile") for what may never be public."""
    given = load_profile().settings.get("ogc", {})
    _check(given)
    public = frozenset(given.get("public", OgcProfile().public))
    wrong = sorted(public & set(_NEVER))
    if wrong:
        raise DomainError(
            "ogc.profile",
            f"profile.toml [ogc] public names {', '.join(wrong)}, which is never public.",
            f"profile.toml [ogc] 的 public 含 {'、'.join(wrong)}，此类数据不得公开。",
            where="ogc.public",
        )
    return OgcProfile(bool(given.get("enabled", True)), public)


def _check(given: Mapping[str, Any]) -> None:
    """Raises: DomainError("ogc.profile") naming the key, what it is and what it may be."""
    for key, value in given.items():
        if key not in ("enabled", "public"):
            raise _wrong(key, f"{key} is not known; known are enabled, public",
                         f"{key} 不支持；可用：enabled、public")  # fmt: skip
        if key == "enabled" and not isinstance(value, bool):
            raise _wrong(
                key, f"{key} is {value!r}; true or false", f"{key} 为 {value!r}，应为 true 或 false"
            )
    names = given.get("public", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _wrong("public", f"public is {names!r}; a list of collections",
                     f"public 为 {names!r}，应为集合名称列表")  # fmt: skip
    for name in names:
        if name not in (*_AREAS, *_NEVER) and not name.startswith(_ELEMENTS):
            raise _wrong(
                "public",
                f"public names {name!r}; allowed are {', '.join(_AREAS)} and elements.<kind>",
                f"public 含 {name!r}；可用：{'、'.join(_AREAS)} 及 elements.<类别>",
            )


def _wrong(key: str, en: str, zh: str) -> DomainError:
    return DomainError(
        "ogc.profile",
        f"profile.toml [ogc]: {en}.",
        f"profile.toml [ogc]：{zh}。",
        where=f"ogc.{key}",
    )
