"""Loops over the graph of one community: spanning trees, annealing, repair.

Written for numba and for plain Python alike (`compiled`). A graph of n atoms: `w` weights;
neighbours of atom v are adj[ptr[v]:ptr[v + 1]] with `cost` of a border between them (negative:
a border there is welcome). `lab` holds the cell 0..k-1 of each atom. `state` is one number, the
random generator. `home` is the cell an atom came from (-1: none), `stay` what leaving it costs.
"""

# A kernel that is compiled stays in one function.
# ruff: noqa: PLR0912, PLR0915
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.partition.compiled import compiled, entry, whole

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def draw(state: Ints) -> int:
    """The next 32 random bits (xorshift)."""
    x = state[0]
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    state[0] = x
    return int(x)


@compiled
def unit(state: Ints) -> float:
    """A random number in [0, 1)."""
    return draw(state) / 4294967296.0


@compiled
def chance(x: float) -> float:
    """(1 - x/64)^64, close to exp(-x), from multiplications alone."""
    if x >= 12.0:
        return 0.0
    y = 1.0 - x / 64.0
    for _ in range(6):
        y = y * y
    return y


@compiled
def penalty(weight: float, lo: float, hi: float, target: float) -> float:
    """What a cell of this weight costs, in metres of border."""
    outside = 0.0
    if weight < lo:
        outside = (lo - weight) / target
    elif weight > hi:
        outside = (weight - hi) / target
    off = (weight - target) / target
    worth = 20.0 * off * off
    if outside > 0.0:
        worth += 150.0 + 3100.0 * outside
    return worth


@compiled
def holds_without(
    v: int, cell: int, size: int, lab: Ints, ptr: Ints, adj: Ints, mark: Ints, stack: Ints,
    stamp: int,
) -> bool:  # fmt: skip
    """Does a cell of `size` atoms, one piece with v, stay in one piece when v leaves it?

    It does when v's neighbours in it still reach each other; most do within a few steps.
    """
    if size <= 1:
        return False
    start = -1
    near = 0
    for q in range(ptr[v], ptr[v + 1]):
        if lab[adj[q]] == cell:
            near += 1
            start = adj[q]
            mark[start] = -stamp
    if near <= 1:
        return near == 1
    mark[v] = stamp
    mark[start] = stamp
    stack[0] = start
    top = 1
    near -= 1
    while top > 0:
        top -= 1
        x = stack[top]
        for q in range(ptr[x], ptr[x + 1]):
            y = adj[q]
            if lab[y] == cell and mark[y] != stamp:
                if mark[y] == -stamp:
                    near -= 1
                    if near == 0:
                        return True
                mark[y] = stamp
                stack[top] = y
                top += 1
    return False


@compiled
def tally(lab: Ints, w: Ints, weights: Ints, sizes: Ints) -> None:
    """Weight and number of atoms of each cell."""
    for c in range(len(weights)):
        weights[c] = 0
        sizes[c] = 0
    for v in range(len(lab)):
        weights[lab[v]] += w[v]
        sizes[lab[v]] += 1


@entry()
def worth(
    lab: Ints, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float,
    target: float, home: Ints, stay: Floats,
) -> tuple[int, float]:  # fmt: skip
    """(cells outside the window, cost of the whole division)."""
    weights = whole(k)
    sizes = whole(k)
    tally(lab, w, weights, sizes)
    total = 0.0
    bad = 0
    for c in range(k):
        total += penalty(weights[c], lo, hi, target)
        if weights[c] < lo or weights[c] > hi:
            bad += 1
    for v in range(len(lab)):
        if home[v] >= 0 and lab[v] != home[v]:
            total += stay[v]
        for q in range(ptr[v], ptr[v + 1]):
            if lab[adj[q]] != lab[v]:
                total += 0.5 * cost[q]
    return bad, total


@compiled
def anneal(
    lab: Ints, k: int, nodes: Ints, allowed: Ints, w: Ints, ptr: Ints, adj: Ints, cost: Floats,
    lo: float, hi: float, target: float, home: Ints, stay: Floats, steps: int, hot: float,
    cold: float, swaps: float, state: Ints,
) -> None:  # fmt: skip
    """Simulated annealing with moves of one atom and swaps of two; keeps the best state in `lab`.

    nodes: atoms that may move; allowed: 1 for cells that may gain or lose atoms.
    """
    n = len(nodes)
    if n == 0 or steps <= 0:
        return
    mark = whole(len(lab))
    stack = whole(len(lab) + 1)
    weights = whole(k)
    sizes = whole(k)
    tally(lab, w, weights, sizes)
    kept = lab.copy()
    now = 0.0
    best = 0.0
    heat = hot
    cooling = (cold / hot) ** (1.0 / steps)
    stamp = 0
    for _ in range(steps):
        heat *= cooling
        v = nodes[draw(state) % n]
        d = ptr[v + 1] - ptr[v]
        if d == 0:
            continue
        a = lab[v]
        b = lab[adj[ptr[v] + draw(state) % d]]
        if a == b or allowed[b] == 0 or allowed[a] == 0 or sizes[a] == 1:
            continue
        u = -1
        if unit(state) < swaps:
            u = partner(v, a, b, nodes, lab, ptr, adj, state)
            if u < 0:
                continue
        gain_b = w[v]
        if u >= 0:
            gain_b -= w[u]
        change = (
            penalty(weights[a] - gain_b, lo, hi, target) - penalty(weights[a], lo, hi, target)
            + penalty(weights[b] + gain_b, lo, hi, target) - penalty(weights[b], lo, hi, target)
        )  # fmt: skip
        change += leaving(v, a, b, lab, ptr, adj, cost, home, stay)
        if u >= 0:
            change += leaving(u, b, a, lab, ptr, adj, cost, home, stay)
            for q in range(ptr[u], ptr[u + 1]):
                if adj[q] == v:
                    change += 2.0 * cost[q]
        if change > 0.0 and unit(state) >= chance(change / heat):
            continue
        stamp += 1
        if not holds_without(v, a, sizes[a], lab, ptr, adj, mark, stack, stamp):
            if u < 0:
                continue
            # v may hold its cell together only until u has come: try it the other way round
            stamp += 1
            if not holds_without(u, b, sizes[b], lab, ptr, adj, mark, stack, stamp):
                continue
            lab[u] = a
            stamp += 1
            if not holds_without(v, a, sizes[a] + 1, lab, ptr, adj, mark, stack, stamp):
                lab[u] = b
                continue
            lab[v] = b
            if not touches(v, b, lab, ptr, adj):
                lab[v] = a
                lab[u] = b
                continue
        else:
            lab[v] = b
            if u >= 0:
                stamp += 1
                if not holds_without(
                    u, b, sizes[b] + 1, lab, ptr, adj, mark, stack, stamp
                ) or not touches(u, a, lab, ptr, adj):
                    lab[v] = a
                    continue
                lab[u] = a
        if u < 0:
            sizes[a] -= 1
            sizes[b] += 1
        weights[a] -= gain_b
        weights[b] += gain_b
        now += change
        if now < best - 1e-6:
            best = now
            for q in range(n):
                kept[nodes[q]] = lab[nodes[q]]
    for q in range(n):
        lab[nodes[q]] = kept[nodes[q]]


@compiled
def touches(v: int, cell: int, lab: Ints, ptr: Ints, adj: Ints) -> bool:
    """Has v a neighbour in the cell?"""
    for q in range(ptr[v], ptr[v + 1]):  # noqa: SIM110  # a generator cannot be compiled
        if lab[adj[q]] == cell:
            return True
    return False


@compiled
def partner(
    v: int, a: int, b: int, nodes: Ints, lab: Ints, ptr: Ints, adj: Ints, state: Ints
) -> int:
    """An atom of cell b that touches cell a elsewhere than at v; -1 when none was met."""
    for _ in range(8):
        y = nodes[draw(state) % len(nodes)]
        if lab[y] == b:
            for q in range(ptr[y], ptr[y + 1]):
                if lab[adj[q]] == a and adj[q] != v:
                    return int(y)
    return -1


@compiled
def leaving(
    v: int, a: int, b: int, lab: Ints, ptr: Ints, adj: Ints, cost: Floats, home: Ints,
    stay: Floats,
) -> float:  # fmt: skip
    """Change of border and stay costs when v goes from a to b."""
    change = 0.0
    for q in range(ptr[v], ptr[v + 1]):
        c = lab[adj[q]]
        if c == a:
            change += cost[q]
        elif c == b:
            change -= cost[q]
    if home[v] >= 0:
        if home[v] == a:
            change += stay[v]
        elif home[v] == b:
            change -= stay[v]
    return change


@entry()
def joined_pieces(n: int, i: Ints, j: Ints) -> Ints:
    """The connected piece 0.. of each of n things, given pairs that touch; numbered in the order
    of their first thing."""
    root = whole(n)
    for v in range(n):
        root[v] = v
    for q in range(len(i)):
        x = i[q]
        y = j[q]
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        while root[y] != y:
            root[y] = root[root[y]]
            y = root[y]
        if x != y:
            root[max(x, y)] = min(x, y)
    piece = whole(n)
    count = 0
    for v in range(n):
        x = v
        while root[x] != x:
            x = root[x]
        if x == v:
            piece[v] = count
            count += 1
        else:
            piece[v] = piece[x]
    return piece
