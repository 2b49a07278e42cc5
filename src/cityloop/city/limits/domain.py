"""Windows of time and what is allowed in one. Pure."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many visits of one source in a window of so many seconds."""

    visits: int
    seconds: int


def allowance_of(door: str, given: object) -> Allowance:
    """The allowance as profile.toml has it: `[visits, seconds]`.

    Raises: DomainError("limit.profile").
    """
    if (
        isinstance(given, list)
        and len(given) == 2
        and all(isinstance(n, int) and n > 0 for n in given)
    ):
        return Allowance(given[0], given[1])
    raise DomainError(
        "limit.profile",
        f"profile.toml [public.limits] {door} is {given!r}; it must be [visits, seconds], both "
        "whole numbers above 0.",
        f"profile.toml [public.limits] 的 {door} 为 {given!r}，应为 [次数, 秒数] 两个正整数。",
        where=f"public.limits.{door}",
    )


def window_end(now: datetime, seconds: int) -> datetime:
    """When the window that `now` lies in ends. Windows are counted from the epoch.

    Example: >>> window_end(datetime(2026, 3, 16, 2, 3, tzinfo=UTC), 600).minute
        10
    """
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def visit_key(door: str, source: str, ends_at: datetime, secret: str) -> str:
    """What is kept of a source: nobody can read the address from it."""
    said = f"{door}\n{source}\n{int(ends_at.timestamp())}"
    return hmac.new(secret.encode(), said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
