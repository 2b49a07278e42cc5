"""The city's numbers for hot issues."""

from __future__ import annotations

from functools import lru_cache

from cityloop.ai.hot_issues.domain import Limits, limits_of
from cityloop.city.profile import load_profile


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The numbers in force."""
    given = load_profile().settings
    return limits_of(given.get("hot_issues", {}), given.get("loop", {}))
