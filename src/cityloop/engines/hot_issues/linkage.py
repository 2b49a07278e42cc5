"""Average linkage on a sparse graph: groups join while the mean over all their pairs is enough.

A chain of pairwise likeness cannot make a giant: a group that joins must resemble the other one
as a whole, pairs that were not found counting 0.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

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

    Two groups without one pair of at least `least` between them can never join; so each part
    that such pairs hold together is grouped by itself, in the memory of that part.
    """
    given = [list(known) for known in together if len(known) > 1]
    part_of = _parts(pairs, count, least, given)
    labels = np.full(count, -1, dtype=np.int64)
    order = np.argsort(part_of, kind="stable")
    near = _inside(pairs, part_of)
    own_given, own_apart = _by_part(given, part_of), _by_part(list(apart), part_of)
    found: list[list[int]] = []
    for members in np.split(order, np.flatnonzero(np.diff(part_of[order])) + 1):
        if len(members) > 1:
            part = int(part_of[members[0]])
            found += _grouped(members, near[part], least, own_given[part], own_apart[part])
    for label, group in enumerate(sorted(found)):
        labels[group] = label
    return labels


def _parts(pairs: Pairs, count: int, least: float, given: list[list[int]]) -> INTS:
    """Number of the part that each report belongs to."""
    strong = pairs.similarity >= least
    held = [(known[0], other) for known in given for other in known[1:]]
    more = np.array(held, dtype=np.int64).reshape(-1, 2)
    left = np.concatenate([pairs.left[strong], more[:, 0]])
    right = np.concatenate([pairs.right[strong], more[:, 1]])
    links = sp.csr_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    part_of: INTS = connected_components(links, directed=False)[1].astype(np.int64)
    return part_of


def _inside(pairs: Pairs, part_of: INTS) -> defaultdict[int, Pairs]:
    """Part → the pairs within it."""
    keep = np.flatnonzero(part_of[pairs.left] == part_of[pairs.right])
    keep = keep[np.argsort(part_of[pairs.left[keep]], kind="stable")]
    ends = np.flatnonzero(np.diff(part_of[pairs.left[keep]])) + 1
    found: defaultdict[int, Pairs] = defaultdict(lambda: Pairs.joined([]))
    for rows in np.split(keep, ends):
        if len(rows):
            part = int(part_of[pairs.left[rows[0]]])
            found[part] = Pairs(pairs.left[rows], pairs.right[rows], pairs.similarity[rows])
    return found


def _by_part(rows: Sequence[Sequence[int]], part_of: INTS) -> defaultdict[int, list[list[int]]]:
    """Part → what was said of reports that all lie in it."""
    found: defaultdict[int, list[list[int]]] = defaultdict(list)
    for row in rows:
        parts = {int(part_of[report]) for report in row}
        if len(parts) == 1:
            found[parts.pop()].append(list(row))
    return found


def _grouped(
    members: INTS, pairs: Pairs, least: float, given: list[list[int]], apart: list[list[int]]
) -> list[list[int]]:
    """Groups of two or more within one part, by the numbers of the whole, ascending."""
    own = {report: n for n, report in enumerate(members.tolist())}  # members ascend
    state = _Groups(len(members))
    for known in given:
        state.put_together([own[report] for report in known])
    at = (np.searchsorted(members, pairs.left), np.searchsorted(members, pairs.right))
    state.fill(Pairs(*at, pairs.similarity))
    for a, b in apart:
        state.keep_apart(own[a], own[b])
    state.run(least)
    return [sorted(members[group].tolist()) for group in state.members if len(group) > 1]


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
