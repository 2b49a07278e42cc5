"""One attempt at k cells, and mending the cells that miss the window."""

# A kernel that is compiled stays in one function.
# ruff: noqa: PLR0912
from __future__ import annotations

import numpy as np

from cityloop.engines.partition.compiled import compiled
from cityloop.engines.partition.kernels import Floats, Ints, anneal, draw, tally, worth
from cityloop.engines.partition.trees import split_by_trees


@compiled
def attempt(
    k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float, target: float,
    trees: int, heat: int, rounds: int, state: Ints,
) -> Ints:  # fmt: skip
    """Labels 0..k-1 from scratch: trees, annealing over all atoms, repair."""
    n = len(w)
    lab = np.zeros(n, np.int64)
    split_by_trees(lab, 0, k, w, ptr, adj, cost, trees, state)
    free = np.zeros(n, np.int64)
    home = np.full(n, -1, np.int64)
    stay = np.zeros(n)
    nodes = np.arange(n)
    every = np.ones(k, np.int64)
    anneal(
        lab, k, nodes, every, w, ptr, adj, cost, lo, hi, target, home, stay, free,
        heat * n, 40.0, 0.5, 0.3, state,
    )  # fmt: skip
    mend(lab, k, w, ptr, adj, cost, lo, hi, target, home, stay, free, rounds, state)
    return lab


@compiled
def improve(
    lab: Ints, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float,
    target: float, home: Ints, stay: Floats, fixed: Ints, heat: int, hot: float, rounds: int,
    state: Ints,
) -> None:  # fmt: skip
    """A given division made better in place: annealing from a low heat, then repair. A cell with a
    fixed atom neither loses nor gains."""
    every = np.ones(k, np.int64)
    for v in range(len(w)):
        if fixed[v]:
            every[lab[v]] = 0
    nodes = np.arange(len(w))
    anneal(
        lab, k, nodes, every, w, ptr, adj, cost, lo, hi, target, home, stay, fixed,
        heat * len(w), hot, 0.5, 0.3, state,
    )  # fmt: skip
    mend(lab, k, w, ptr, adj, cost, lo, hi, target, home, stay, fixed, rounds, state)


@compiled
def mend(
    lab: Ints, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float,
    target: float, home: Ints, stay: Floats, fixed: Ints, rounds: int, state: Ints,
) -> None:  # fmt: skip
    """Take a cell outside the window with one to four neighbours, cut the group anew, keep what is
    better; again until all fit or the rounds are spent."""
    n = len(lab)
    weights = np.zeros(k, np.int64)
    sizes = np.zeros(k, np.int64)
    for _ in range(rounds):
        tally(lab, w, weights, sizes)
        pick = outside_cell(weights, lo, hi, state)
        if pick < 0:
            return
        group = np.zeros(k, np.int64)
        m = grow_group(pick, 2 + draw(state) % 4, group, lab, ptr, adj, state)
        if m < 2:
            continue
        c = 0
        for v in range(n):
            if group[lab[v]] == 1:
                if fixed[v]:
                    c = -n
                c += 1
        if c < m:  # locked, or fewer atoms than cells
            continue
        nodes = np.empty(c, np.int64)
        names = np.empty(m, np.int64)
        c = 0
        for v in range(n):
            if group[lab[v]] == 1:
                nodes[c] = v
                c += 1
        m = 0
        for a in range(k):
            if group[a] == 1:
                names[m] = a
                m += 1
        before = worth(lab, k, w, ptr, adj, cost, lo, hi, target, home, stay)
        trial = lab.copy()
        for i in range(c):
            trial[nodes[i]] = k
        split_by_trees(trial, k, m, w, ptr, adj, cost, 6, state)
        filled = np.zeros(m, np.int64)
        for i in range(c):
            filled[trial[nodes[i]] - k] += 1
            trial[nodes[i]] = names[trial[nodes[i]] - k]
        if np.min(filled) == 0:
            continue
        anneal(
            trial, k, nodes, group, w, ptr, adj, cost, lo, hi, target, home, stay, fixed,
            40 * c, 30.0, 0.6, 0.3, state,
        )  # fmt: skip
        after = worth(trial, k, w, ptr, adj, cost, lo, hi, target, home, stay)
        if after[1] < before[1] - 1e-6:
            lab[:] = trial


@compiled
def outside_cell(weights: Ints, lo: float, hi: float, state: Ints) -> int:
    """One of the cells outside the window, each as likely; -1 when there is none."""
    pick = -1
    seen = 0
    for c in range(len(weights)):
        if weights[c] < lo or weights[c] > hi:
            seen += 1
            if draw(state) % seen == 0:
                pick = c
    return pick


@compiled
def grow_group(
    pick: int, size: int, group: Ints, lab: Ints, ptr: Ints, adj: Ints, state: Ints
) -> int:
    """Mark `pick` and random cells that touch the group, up to `size`; how many there are."""
    group[pick] = 1
    m = 1
    n = len(lab)
    for _ in range(80):
        if m >= size:
            break
        v = draw(state) % n
        if group[lab[v]] == 1:
            continue
        for q in range(ptr[v], ptr[v + 1]):
            if group[lab[adj[q]]] == 1:
                group[lab[v]] = 1
                m += 1
                break
    return m
