"""One attempt at k cells, and mending the cells that miss the window."""

# A kernel that is compiled stays in one function.
# ruff: noqa: PLR0912
from __future__ import annotations

from cityloop.engines.partition.compiled import compiled, entry, real, whole
from cityloop.engines.partition.kernels import Floats, Ints, anneal, draw, tally, worth
from cityloop.engines.partition.trees import split_by_trees


@entry("state")
def attempt(
    k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float, target: float,
    trees: int, heat: int, rounds: int, state: Ints,
) -> Ints:  # fmt: skip
    """Labels 0..k-1 from scratch: trees, annealing over all atoms, repair."""
    n = len(w)
    lab = whole(n)
    home = whole(n)
    for v in range(n):
        home[v] = -1
    split_by_trees(lab, 0, k, w, ptr, adj, cost, trees, state)
    improve(
        lab, k, w, ptr, adj, cost, lo, hi, target, home, real(n), heat, 40.0, rounds, state,
    )  # fmt: skip
    return lab


@entry("lab", "state")
def improve(
    lab: Ints, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float,
    target: float, home: Ints, stay: Floats, heat: int, hot: float, rounds: int, state: Ints,
) -> None:  # fmt: skip
    """Labels made better in place: annealing over all atoms, then repair."""
    n = len(w)
    nodes = whole(n)
    for v in range(n):
        nodes[v] = v
    every = whole(k)
    for c in range(k):
        every[c] = 1
    anneal(
        lab, k, nodes, every, w, ptr, adj, cost, lo, hi, target, home, stay, heat * n, hot, 0.5,
        0.3, state,
    )  # fmt: skip
    mend(lab, k, w, ptr, adj, cost, lo, hi, target, home, stay, rounds, state)


@compiled
def mend(
    lab: Ints, k: int, w: Ints, ptr: Ints, adj: Ints, cost: Floats, lo: float, hi: float,
    target: float, home: Ints, stay: Floats, rounds: int, state: Ints,
) -> None:  # fmt: skip
    """Take a cell outside the window with one to four neighbours, cut the group anew, keep what is
    better; again until all fit or the rounds are spent."""
    n = len(lab)
    weights = whole(k)
    sizes = whole(k)
    for _ in range(rounds):
        tally(lab, w, weights, sizes)
        pick = outside_cell(weights, lo, hi, state)
        if pick < 0:
            return
        group = whole(k)
        m = grow_group(pick, 2 + draw(state) % 4, group, lab, ptr, adj, state)
        if m < 2:
            continue
        c = 0
        for v in range(n):
            if group[lab[v]] == 1:
                c += 1
        if c < m:
            continue
        nodes = whole(c)
        names = whole(m)
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
        filled = whole(m)
        left = m  # parts without an atom
        for i in range(c):
            part = trial[nodes[i]] - k
            left -= 1 if filled[part] == 0 else 0
            filled[part] += 1
            trial[nodes[i]] = names[part]
        if left > 0:
            continue
        anneal(
            trial, k, nodes, group, w, ptr, adj, cost, lo, hi, target, home, stay, 40 * c,
            30.0, 0.6, 0.3, state,
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
