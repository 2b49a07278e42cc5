"""Yesterday's issue is today's issue when most of it went the same way."""

from __future__ import annotations

import numpy as np

from cityloop.engines.hot_issues.values import INTS


def keep_names(before: INTS, fresh: INTS, *, free: int) -> tuple[INTS, int]:
    """Give new groups the numbers of the old ones they continue.

    Args:
        before, fresh: old number and new label of each report, shape (n,); -1 = none.
        free: first number never used.
    Returns: number of each report, and the next free number. The pair that shares most reports
        is matched first (the older number on a tie); each number goes to one group at most, and
        a number is never used again for something else.
    """
    shared = (before >= 0) & (fresh >= 0)
    found, often = np.unique(np.stack([before[shared], fresh[shared]]), axis=1, return_counts=True)
    name: dict[int, int] = {}
    used: set[int] = set()
    for at in np.lexsort((found[1], found[0], -often)):
        old, new = int(found[0, at]), int(found[1, at])
        if old not in used and new not in name:
            name[new] = old
            used.add(old)
    for label in np.unique(fresh[fresh >= 0]).tolist():
        if label not in name:
            name[label] = free
            free += 1
    table = np.full(int(fresh.max(initial=-1)) + 2, -1, dtype=np.int64)  # the last stands for -1
    for label, number in name.items():
        table[label] = number
    return table[fresh], free
