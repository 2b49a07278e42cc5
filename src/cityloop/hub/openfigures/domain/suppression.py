"""Minimum counts, and nothing smaller by subtraction. See docs/algorithms/open-figures.md."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Table(Generic[K]):
    """What is published of a table; every number is a multiple of the minimum.

    Args:
        whole: the sum of all groups; None = below the minimum, nothing is published.
        shown: groups by name, the largest first.
        other: the groups not shown, together; None = there are none.
    """

    whole: int | None
    shown: dict[K, int]
    other: int | None


def rounded(n: int, minimum: int) -> int:
    """The nearest multiple of the minimum. Example: >>> rounded(17, 5), rounded(18, 5)
    (15, 20)
    """
    return (n + minimum // 2) // minimum * minimum


def published(counts: Mapping[K, int], *, whole: int, minimum: int) -> Table[K]:
    """The table with its small groups merged into "other", and all numbers rounded.

    Where "other" itself would be small, the smallest groups that might be shown go into it as
    well, equal ones together: else whole minus shown would give a small count away. Rounding
    closes what is left: that of (4, 6, 6) shown as 6 and "other 10" only 4 and 6 can be behind.

    Args:
        counts: matters a group, >= 0; groups do not overlap.
        whole: matters altogether; what is in no group counts as other.
        minimum: the smallest count that is published, >= 1; also the step of rounding.
    Example: >>> published({"a": 11, "b": 6, "c": 2}, whole=19, minimum=5)
        Table(whole=20, shown={'a': 10}, other=10)
    """
    if whole < minimum:
        return Table(None, {}, None)
    ranked = sorted(counts.items(), key=lambda group: (-group[1], str(group[0])))
    shown = [(key, n) for key, n in ranked if n >= minimum]
    hidden = whole - sum(n for _, n in shown)
    while 0 < hidden < minimum:
        smallest = shown[-1][1]
        while shown and shown[-1][1] == smallest:
            hidden += shown.pop()[1]
    return Table(
        rounded(whole, minimum),
        {key: rounded(n, minimum) for key, n in shown},
        rounded(hidden, minimum) or None,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A published share of about `of` answers. bound: "exact", "at_least" or "at_most"."""

    value: float
    bound: str
    of: int


def published_share(part: int, whole: int, *, minimum: int) -> Share | None:
    """A rate that tells of no small group: few who said yes or few who said no are rounded away.

    None where there are fewer than twice the minimum.
    Example: >>> published_share(39, 40, minimum=5)
        Share(value=0.87, bound='at_least', of=40)
    """
    if whole < 2 * minimum:
        return None
    of = rounded(whole, minimum)
    if whole - part < minimum:
        return Share(math.floor(100 * (whole - minimum) / whole) / 100, "at_least", of)
    if part < minimum:
        return Share(math.ceil(100 * minimum / whole) / 100, "at_most", of)
    return Share(round(part / whole, 2), "exact", of)


def median_or_none(values: Sequence[float], *, minimum: int) -> float | None:
    """The median; None of fewer than twice the minimum, where it would be nearly one person's."""
    return float(median(values)) if len(values) >= 2 * minimum else None
