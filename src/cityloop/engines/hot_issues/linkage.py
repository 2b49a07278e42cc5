"""Average linkage on a sparse graph: groups join while the mean over all their pairs is enough.

A chain of pairwise likeness cannot make a giant: a group that joins must resemble the other one
as a whole, pairs that were not found counting 0.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

import numpy as np

from cityloop.engines.hot_issues.pairs import Pairs
from cityloop.engines.hot_issues.values import INTS


def groups(
    pairs: Pairs,
    count: int,
    *,
    least: float,
    together: Iterable[Sequence[int]] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> INTS:
    """Label of each of `count` reports; -1 for those alone.

    Args:
        least: mean similarity from which two groups are one.
        together: reports that a person said belong together; they start as one group.
        apart: pairs that a person said do not; their groups never join.
    Guarantees: deterministic; every group of two or more that was not given holds, at the moment
        of each joining, mean similarity >= least between its two halves.
    """
    state = _Groups(count)
    for known in together:
        state.put_together(known)
    state.fill(pairs)
    for a, b in apart:
        state.keep_apart(a, b)
    state.run(least)
    return state.labels()


class _Groups:
    def __init__(self, count: int) -> None:
        self.members: list[list[int]] = [[i] for i in range(count)]
        self.group = list(range(count))
        self.sums: list[dict[int, float]] = [{} for _ in range(count)]
        self.apart: dict[int, set[int]] = {}

    def put_together(self, reports: Sequence[int]) -> None:
        first = self.group[reports[0]]
        for report in reports[1:]:
            other = self.group[report]
            if other != first:
                self.members[first] += self.members[other]
                for member in self.members[other]:
                    self.group[member] = first
                self.members[other] = []

    def fill(self, pairs: Pairs) -> None:
        for left, right, value in zip(
            pairs.left.tolist(), pairs.right.tolist(), pairs.similarity.tolist(), strict=True
        ):
            a, b = self.group[left], self.group[right]
            if a != b:
                self.sums[a][b] = self.sums[a].get(b, 0.0) + value
                self.sums[b][a] = self.sums[a][b]

    def keep_apart(self, left: int, right: int) -> None:
        a, b = self.group[left], self.group[right]
        if a != b:
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def run(self, least: float) -> None:
        version = [0] * len(self.members)
        heap = [
            (-self._mean(a, b), a, b, 0, 0)
            for a, near in enumerate(self.sums)
            for b in near
            if a < b and self._mean(a, b) >= least
        ]
        heapq.heapify(heap)
        while heap:
            _, a, b, seen_a, seen_b = heapq.heappop(heap)
            if version[a] != seen_a or version[b] != seen_b or b in self.apart.get(a, ()):
                continue
            if len(self.sums[a]) < len(self.sums[b]):
                a, b = b, a
            self._join(a, b)
            version[a] += 1
            version[b] = -1
            for c in self.sums[a]:
                mean = self._mean(a, c)
                if mean >= least:
                    heapq.heappush(heap, (-mean, a, c, version[a], version[c]))

    def _mean(self, a: int, b: int) -> float:
        return self.sums[a][b] / (len(self.members[a]) * len(self.members[b]))

    def _join(self, a: int, b: int) -> None:
        self.members[a] += self.members[b]
        self.members[b] = []
        for c, value in self.sums[b].items():
            del self.sums[c][b]
            if c != a:
                self.sums[a][c] = self.sums[c][a] = self.sums[a].get(c, 0.0) + value
        self.sums[b] = {}
        for c in self.apart.pop(b, set()):
            self.apart[c].discard(b)
            self.apart[c].add(a)
            self.apart.setdefault(a, set()).add(c)

    def labels(self) -> INTS:
        labels = np.full(len(self.members), -1, dtype=np.int64)
        found = sorted(sorted(m) for m in self.members if len(m) > 1)
        for label, members in enumerate(found):
            labels[members] = label
        return labels
