"""Sets of entry numbers as sorted, disjoint half-open intervals: a million rows moved by one
are one interval, not a million numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Interval = tuple[int, int]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, without overlaps, neighbours joined, empty ones dropped."""
    out: list[Interval] = []
    for low, high in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def holds(intervals: list[Interval], number: int) -> bool:
    """Is the number inside? `intervals` as `merged` gives them."""
    at = bisect_right(intervals, number, key=lambda pair: pair[0]) - 1
    return at >= 0 and number < intervals[at][1]


def without(intervals: list[Interval], taken: list[Interval]) -> list[Interval]:
    """What is in the first and not in the second; both as `merged` gives them."""
    out: list[Interval] = []
    at = 0
    for start, high in intervals:
        low = start
        while at < len(taken) and taken[at][1] <= low:
            at += 1
        following = at
        while following < len(taken) and taken[following][0] < high:
            if taken[following][0] > low:
                out.append((low, taken[following][0]))
            low = max(low, taken[following][1])
            following += 1
        if low < high:
            out.append((low, high))
    return out


def common(first: list[Interval], second: list[Interval]) -> list[Interval]:
    """What is in both; both as `merged` gives them."""
    return without(first, without(first, second))
