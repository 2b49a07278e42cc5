"""What the city opens to everybody: [ogc] of profile.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

_NEVER = ("open_cases", "elements.household")


@dataclass(frozen=True, slots=True)
class OgcProfile:
    """enabled: /ogc/ answers at all. public: collections that need no log-in."""

    enabled: bool = True
    public: frozenset[str] = frozenset({"districts", "subdistricts", "communities", "cells"})


@lru_cache(maxsize=1)
def ogc_profile() -> OgcProfile:
    """The choices in force. Raises: DomainError("ogc.profile") for what may never be public."""
    given = load_profile().settings.get("ogc", {})
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
