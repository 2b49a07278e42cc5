"""Days that are over hardly change: their sums are kept for a minute, today's are read anew.

An overview of thirty days would otherwise add up twenty-nine finished ones at every look. What
is shown of today is never older than the figures themselves.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import date, timedelta
from typing import TypeVar

FRESH_S = 60.0
MOST = 512
K = TypeVar("K", bound=Hashable)
_kept: dict[Hashable, tuple[float, Counter[Hashable]]] = {}


def summed(
    name: Hashable, since: date, until: date, read: Callable[[date, date], Counter[K]]
) -> Counter[K]:
    """What `read` gives for since..until, both included; the days before `until` from memory.

    Args:
        name: what is read, of which area; equal names must mean equal reading.
    """
    if since >= until:
        return read(since, until)
    key = (name, since, until)
    known = _kept.get(key)
    if known is None or time.monotonic() - known[0] > FRESH_S:
        past = read(since, until - timedelta(days=1))
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (time.monotonic(), past)  # type: ignore[assignment]
    else:
        past = known[1]  # type: ignore[assignment]
    total = Counter(past)
    total.update(read(until, until))
    return total


def forget() -> None:
    """Drop what is kept: between tests, after a recount."""
    _kept.clear()
