"""Cutting a piece of the graph into k contiguous parts by random spanning trees."""

# A kernel that is compiled stays in one function.
# ruff: noqa: PLR0912, PLR0915
from __future__ import annotations

import numpy as np

from cityloop.engines.partition.compiled import compiled, entry, real, whole
from cityloop.engines.partition.kernels import Floats, Ints, draw, unit


@entry("lab", "state")
def split_by_trees(
    lab: Ints, first: int, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, trees: int,
    state: Ints,
) -> None:  # fmt: skip
    """Atoms labelled `first` (contiguous) get labels first..first+k-1, each part contiguous.

    Halves are cut again until every part stands for one cell. Fewer atoms than k: the last
    labels stay empty.
    """
    label = whole(k + 1)
    count = whole(k + 1)
    label[0] = first
    count[0] = k
    top = 1
    while top > 0:
        top -= 1
        base = label[top]
        parts = count[top]
        if parts <= 1:
            continue
        left = parts // 2
        if cut_once(lab, base, base + left, left / parts, parts, w, ptr, adj, cost, trees, state):
            label[top] = base
            count[top] = left
            label[top + 1] = base + left
            count[top + 1] = parts - left
            top += 2


@compiled
def cut_once(
    lab: Ints, base: int, other: int, share: float, parts: int, w: Ints, ptr: Ints, adj: Ints,
    cost: Floats, trees: int, state: Ints,
) -> bool:  # fmt: skip
    """Relabel a contiguous part of cell `base` that weighs about `share` of it... as `base`,
    and the rest as `other`. False when there is nothing to cut (one atom)."""
    n = 0
    for v in range(len(lab)):
        if lab[v] == base:
            n += 1
    if n < 2:
        return False
    nodes = whole(n)
    place = whole(len(lab))
    n = 0
    total = 0.0
    for v in range(len(lab)):
        if lab[v] == base:
            nodes[n] = v
            place[v] = n
            total += w[v]
            n += 1
        else:
            place[v] = -1
    m = 0
    for i in range(n):
        v = nodes[i]
        for q in range(ptr[v], ptr[v + 1]):
            if adj[q] > v and place[adj[q]] >= 0:
                m += 1
    eu = whole(m)
    ev = whole(m)
    ec = real(m)
    m = 0
    top_cost = 1e-9
    for i in range(n):
        v = nodes[i]
        for q in range(ptr[v], ptr[v + 1]):
            if adj[q] > v and place[adj[q]] >= 0:
                eu[m] = i
                ev[m] = place[adj[q]]
                ec[m] = cost[q]
                top_cost = max(top_cost, abs(cost[q]))
                m += 1
    want = total * share
    best = 1e300
    kept = whole(n)
    side = whole(n)
    key = real(m)
    for _ in range(trees):
        for i in range(m):
            key[i] = -(ec[i] / top_cost) * (0.6 + unit(state)) + 0.25 * unit(state)
        order, parent = spanning_tree(n, eu, ev, np.argsort(key, kind="mergesort"), state)
        below = real(n)
        for i in range(n):
            below[i] = w[nodes[i]]
        for i in range(n - 1, 0, -1):
            below[parent[order[i]]] += below[order[i]]
        for attempt in range(3):
            pick = best_edge(n, order, below, total, want, attempt, state)
            for i in range(n):
                side[i] = 0
            side[order[pick]] = 1
            for i in range(pick + 1, n):
                if side[parent[order[i]]] == 1:
                    side[order[i]] = 1
            under = below[order[pick]]
            flip = abs(under - want) > abs(total - under - want)
            weight = total - under if flip else under
            border = 0.0
            for i in range(m):
                if side[eu[i]] != side[ev[i]]:
                    border += ec[i]
            off = abs(weight - want) / max(total, 1.0) * parts
            score = border + 260.0 * off + 900.0 * max(0.0, off - 0.22)
            if score < best:
                best = score
                for i in range(n):
                    kept[i] = 1 - side[i] if flip else side[i]
    for i in range(n):
        if kept[i] == 0:
            lab[nodes[i]] = other
    return True


@compiled
def best_edge(
    n: int, order: Ints, below: Floats, total: float, want: float, attempt: int, state: Ints
) -> int:
    """Position (in `order`) of the subtree nearest to the wanted weight, blurred later on."""
    pick = 1
    least = 1e300
    for i in range(1, n):
        s = below[order[i]]
        off = min(abs(s - want), abs(total - s - want))
        if attempt > 0:
            off *= 0.7 + 0.6 * unit(state)
        if off < least:
            least = off
            pick = i
    return pick


@compiled
def spanning_tree(
    n: int, eu: Ints, ev: Ints, by_key: Ints, state: Ints
) -> tuple[Ints, Ints]:  # fmt: skip
    """Kruskal: (atoms in breadth-first order from a random root, parent of each)."""
    root = whole(n)
    for i in range(n):
        root[i] = i
    degree = whole(n + 1)
    used = whole(n - 1)
    m = 0
    for edge in by_key:
        q = int(edge)
        x = eu[q]
        y = ev[q]
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        while root[y] != y:
            root[y] = root[root[y]]
            y = root[y]
        if x != y:
            root[x] = y
            used[m] = q
            degree[eu[q] + 1] += 1
            degree[ev[q] + 1] += 1
            m += 1
    for i in range(n):
        degree[i + 1] += degree[i]
    fill = degree.copy()
    near = whole(2 * m)
    for i in range(m):
        x = eu[used[i]]
        y = ev[used[i]]
        near[fill[x]] = y
        fill[x] += 1
        near[fill[y]] = x
        fill[y] += 1
    parent = whole(n)
    for i in range(n):
        parent[i] = -2
    order = whole(n)
    start = draw(state) % n
    order[0] = start
    parent[start] = -1
    head = 0
    tail = 1
    while head < tail:
        x = order[head]
        head += 1
        for q in range(degree[x], degree[x + 1]):
            y = near[q]
            if parent[y] == -2:
                parent[y] = x
                order[tail] = y
                tail += 1
    return order, parent
