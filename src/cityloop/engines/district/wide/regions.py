"""Regions grown from seeds: connected, balanced, bounded by what divides a city.

Every seed claims what it reaches first; crossing a river, a railway or a wide road takes long, so
regions meet there. Seeds that got too much start later in the next round.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.district.wide.faces import Borders
from cityloop.engines.district.wide.sizes import Way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# metres that crossing a border of this class adds, at the scale of a subdistrict
_CROSSING_M = np.array([1500.0, 420.0, 120.0, 0.0, 1700.0, 1500.0, 0.0])
_LEAST_TOUCH_M = 25.0  # pieces that touch by less are hardly neighbours


@dataclass(frozen=True, slots=True)
class Graph:
    """Neighbours of every piece with the cost of going there, in lists for speed."""

    links: list[list[tuple[int, float]]]
    at: Floats
    weight: Floats


def graph_of(
    borders: Borders, edge_way: Ints, at: Floats, weight: Floats, *, scale: float,
    group: Ints | None = None,
) -> Graph:  # fmt: skip
    """Neighbourhood of pieces; with `group`, only inside each group.

    Args:
        edge_way: class of every edge of the net.
        scale: share of the crossing costs; 1 for subdistricts, less for smaller regions.
    """
    real = (borders.b >= 0) & (borders.a != borders.b)
    if group is not None:
        real &= group[borders.a] == group[np.maximum(borders.b, 0)]
    a, b, metres = borders.a[real], borders.b[real], borders.metres[real]
    way = np.where(borders.edge[real] >= 0, edge_way[borders.edge[real]], Way.LOCAL)
    low, high = np.minimum(a, b), np.maximum(a, b)
    pair, where = np.unique(low * len(at) + high, return_inverse=True)
    touch = np.bincount(where, metres)
    crossing = np.bincount(where, metres * _CROSSING_M[way] * scale) / touch
    low, high = pair // len(at), pair % len(at)
    far = np.hypot(*(at[low] - at[high]).T)
    cost = np.round(
        far + crossing + np.where(touch < _LEAST_TOUCH_M, 4 * far + 300 * scale, 0.0), 3
    )
    links: list[list[tuple[int, float]]] = [[] for _ in range(len(at))]
    for p, q, c in zip(low.tolist(), high.tolist(), cost.tolist(), strict=True):
        links[p].append((q, c))
        links[q].append((p, c))
    return Graph(links, at, weight)


def seeds_of(graph: Graph, members: Ints, parts: int) -> list[int]:
    """One member in the middle of each of `parts` boxes of about equal weight."""
    weight = graph.weight[members] + 1e-3
    found: list[int] = []
    todo = [(np.arange(len(members)), parts)]
    while todo:
        own, k = todo.pop()
        at, heavy = graph.at[members[own]], weight[own]
        if k == 1 or len(own) == 1:
            middle = (at * heavy[:, None]).sum(axis=0) / heavy.sum()
            found.append(int(members[own[int(np.argmin(np.hypot(*(at - middle).T)))]]))
            continue
        axis = int(np.ptp(at[:, 1]) > np.ptp(at[:, 0]))
        order = own[np.argsort(at[:, axis], kind="stable")]
        sums = np.cumsum(weight[order])
        cut = int(np.searchsorted(sums, sums[-1] * (k // 2) / k))
        cut = min(max(cut, k // 2), len(own) - (k - k // 2))
        todo += [(order[cut:], k - k // 2), (order[:cut], k // 2)]
    return found


def grow(graph: Graph, seeds: list[int], wanted: Floats, *, rounds: int, step_m: float) -> Ints:
    """The seed (position in `seeds`) that owns each piece; -1 where none can reach.

    Args:
        wanted: weight each region should have, shape (seeds,).
        step_m: how far a region twice as heavy as wanted steps back in one round.
    """
    head: Floats = np.zeros(len(seeds))
    best: tuple[float, Ints] | None = None
    for n in range(rounds):
        owner = _claimed(graph, seeds, head)
        inside = owner >= 0
        sums = np.bincount(owner[inside], graph.weight[inside], minlength=len(seeds))
        ratio = sums / wanted
        miss = float((np.abs(np.log(np.maximum(ratio, 0.05))) ** 2).mean())
        if best is None or miss < best[0]:
            best = (miss, owner)
        if n % 5 == 4 and n < rounds * 0.6:
            seeds = _recentred(graph, owner, seeds)
        head += (
            step_m * np.clip(np.log(np.maximum(ratio, 0.05)), -1.2, 1.2) * (1 - 0.6 * n / rounds)
        )
        head = np.asarray(np.round(np.clip(head, -7 * step_m, 7 * step_m), 3), np.float64)
    assert best is not None
    return best[1]


def _claimed(graph: Graph, seeds: list[int], head: Floats) -> Ints:
    """Shortest paths from all seeds at once; a seed always owns itself."""
    owner = [-1] * len(graph.links)
    links, heap = graph.links, []
    for k, (seed, start) in enumerate(zip(seeds, head.tolist(), strict=True)):
        owner[seed] = k
        heap += [(start + c, q, k) for q, c in links[seed]]
    heapq.heapify(heap)
    pop, push = heapq.heappop, heapq.heappush
    while heap:
        cost, piece, k = pop(heap)
        if owner[piece] >= 0:
            continue
        owner[piece] = k
        for q, c in links[piece]:
            if owner[q] < 0:
                push(heap, (cost + c, q, k))
    return np.array(owner, np.int64)


def _recentred(graph: Graph, owner: Ints, seeds: list[int]) -> list[int]:
    """The piece nearest to the middle of each region."""
    k = len(seeds)
    inside = np.flatnonzero(owner >= 0)
    own, heavy = owner[inside], graph.weight[inside] + 1.0
    total = np.bincount(own, heavy, minlength=k)
    middle = np.stack([
        np.bincount(own, heavy * graph.at[inside, axis], minlength=k) / total for axis in (0, 1)
    ], axis=1)  # fmt: skip
    far = np.hypot(*(graph.at[inside] - middle[own]).T)
    order = np.lexsort((inside, far, own))
    first = np.flatnonzero(np.append(True, own[order][1:] != own[order][:-1]))
    return inside[order[first]].tolist()  # type: ignore[no-any-return]
