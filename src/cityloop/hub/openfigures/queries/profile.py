"""What the city decided about its open figures: [public] of profile.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

NEAR = ("class", "title")


@dataclass(frozen=True, slots=True)
class PublicProfile:
    """[public]: smallest published count, hotline, and how much of single matters is shown."""

    minimum: int
    phone: str
    phone_zh: str
    phone_en: str
    near: str
    near_hides: tuple[str, ...]


@lru_cache(maxsize=1)
def public_profile() -> PublicProfile:
    """The choices in force. Raises: DomainError("public.profile")."""
    given = load_profile().settings.get("public", {})
    minimum, near = given.get("minimum_count", 5), str(given.get("near", "class"))
    if not isinstance(minimum, int) or minimum < 3:
        raise _refused("minimum_count", minimum, "a whole number from 3 on", "不小于 3 的整数")
    if near not in NEAR:
        raise _refused("near", near, " or ".join(NEAR), "、".join(NEAR))
    phone = str(given.get("phone", "12345"))
    return PublicProfile(
        minimum=minimum,
        phone=phone,
        phone_zh=str(given.get("phone_zh", phone)),
        phone_en=str(given.get("phone_en", phone)),
        near=near,
        near_hides=tuple(str(key) for key in given.get("near_hides", ())),
    )


def _refused(name: str, value: object, allowed_en: str, allowed_zh: str) -> DomainError:
    return DomainError(
        "public.profile",
        f"profile.toml [public] {name} is {value!r}; allowed: {allowed_en}.",
        f"profile.toml [public] 的 {name} 为 {value!r}，应为{allowed_zh}。",
        where=f"public.{name}",
    )
