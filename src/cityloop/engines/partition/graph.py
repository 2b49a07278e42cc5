"""The graph of the atoms of a community."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.partition.kernels import Floats, Ints, joined_pieces

SHORTEST_M = 1.0  # atoms that share less border than this are no neighbours


@dataclass(frozen=True, slots=True)
class Graph:
    """Atoms with their weight; neighbours of v: adj[ptr[v]:ptr[v+1]] with cost and length of the
    border between them."""

    weight: Ints
    ptr: Ints
    adj: Ints
    cost: Floats
    length: Floats

    def __len__(self) -> int:
        return len(self.weight)

    @classmethod
    def of(cls, weight: Ints, i: Ints, j: Ints, length: Floats, cost: Floats) -> Graph:
        """From pieces of border (atom i, atom j, metres, cost); pieces of a pair are added up."""
        n = len(weight)
        key = np.minimum(i, j) * n + np.maximum(i, j)
        pairs, at = np.unique(key, return_inverse=True)
        metres = np.asarray(np.bincount(at, length, minlength=len(pairs)), np.float64)
        costs = np.bincount(at, cost, minlength=len(pairs))
        kept = _kept(n, pairs, metres)
        a, b = pairs[kept] // n, pairs[kept] % n
        rows, cols = np.concatenate([a, b]), np.concatenate([b, a])
        order = np.lexsort((cols, rows))
        twice = np.concatenate([metres[kept], metres[kept]])[order]
        twice_cost = np.concatenate([costs[kept], costs[kept]])[order]
        ptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
        return cls(
            np.ascontiguousarray(weight, np.int64), ptr.astype(np.int64),
            cols[order].astype(np.int64), twice_cost, twice,
        )  # fmt: skip

    def components(self) -> tuple[int, Ints]:
        """Number of connected pieces, and the piece of each atom."""
        rows = np.repeat(np.arange(len(self)), np.diff(self.ptr))
        piece = joined_pieces(len(self), rows, self.adj)
        return int(piece.max(initial=-1)) + 1, piece

    def part(self, chosen: Ints) -> Graph:
        """The graph of some atoms alone, numbered in the order given."""
        place = np.full(len(self), -1, np.int64)
        place[chosen] = np.arange(len(chosen))
        rows = np.repeat(np.arange(len(self)), np.diff(self.ptr))
        kept = (place[rows] >= 0) & (place[self.adj] >= 0)
        order = np.lexsort((place[self.adj[kept]], place[rows[kept]]))
        rows = place[rows[kept]][order]
        ptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(chosen)))])
        return Graph(
            self.weight[chosen], ptr.astype(np.int64), place[self.adj[kept]][order],
            self.cost[kept][order], self.length[kept][order],
        )  # fmt: skip


def _kept(n: int, pairs: Ints, metres: Floats) -> NDArray[np.bool_]:
    """Borders long enough to count; all of them where the short ones alone hold it together."""
    long = metres >= SHORTEST_M
    if long.all():
        return long
    counts = [joined_pieces(n, pairs[m] // n, pairs[m] % n).max() for m in (long, metres > 0)]
    return long if counts[0] == counts[1] else metres > 0
