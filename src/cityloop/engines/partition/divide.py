"""Labels for the atoms of a community: how many cells, which atom in which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.partition.graph import Graph
from cityloop.engines.partition.kernels import Ints, worth
from cityloop.engines.partition.model import Window
from cityloop.engines.partition.repair import attempt, improve
from cityloop.engines.partition.trees import split_by_trees

LOYAL_TURNS = 10  # after so many turns without a fit, staying counts for less
STAY_PER_TARGET = 450.0  # leaving an old cell costs this times (weight moved / target), in metres


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try.

    trees: spanning trees per cut; heat: annealing steps per atom; rounds: repairs per attempt;
    tries: attempts while a cell misses the window; good: attempts that fit before the best of
    them is taken.
    """

    trees: int = 8
    heat: int = 80
    rounds: int = 40
    tries: int = 30
    good: int = 2


def seeded(seed: int) -> Ints:
    """State of the random generator from any whole number."""
    mixed = (seed * 2654435761 + 0x9E3779B9) & 0xFFFFFFFF
    return np.array([mixed or 1], np.int64)


def divide(graph: Graph, window: Window, state: Ints, effort: Effort) -> Ints:
    """Cells 0..k-1 of all atoms, each contiguous in its component.

    Atoms above the window are cells of their own; a remainder too light for a cell, left behind
    by them, joins the heaviest cell it touches.
    """
    labels = np.full(len(graph), -1, np.int64)
    used = 0
    heavy = np.flatnonzero(graph.weight > window.hi)
    for atom in heavy:
        labels[atom] = used
        used += 1
    light = np.flatnonzero(labels < 0)
    rest = graph.part(light)
    count, piece = rest.components()
    scraps = []
    for c in range(count):
        atoms = light[piece == c]
        total = int(graph.weight[atoms].sum())
        if total < window.lo and len(heavy) and _heavy_beside(graph, atoms, labels, heavy) >= 0:
            scraps.append(atoms)
            continue
        found = divide_piece(graph.part(atoms), window, state, effort)
        labels[atoms] = used + found
        used += int(found.max()) + 1
    for atoms in scraps:
        labels[atoms] = labels[_heavy_beside(graph, atoms, labels, heavy)]
    return labels


def _heavy_beside(graph: Graph, atoms: Ints, labels: Ints, heavy: Ints) -> int:
    """A heavy atom that touches these, or -1."""
    near = np.concatenate([graph.adj[graph.ptr[a] : graph.ptr[a + 1]] for a in atoms])
    found = np.intersect1d(near, heavy)
    return int(found[0]) if len(found) else -1


def divide_piece(graph: Graph, window: Window, state: Ints, effort: Effort) -> Ints:
    """Cells of one connected piece: the best of several attempts with one or more counts."""
    total, n = int(graph.weight.sum()), len(graph)
    counts = cell_counts(total, n, window)
    best: tuple[int, float] | None = None
    labels = np.zeros(n, np.int64)
    if counts == [1]:
        return labels
    fitting = 0
    home, stay = np.full(n, -1, np.int64), np.zeros(n)
    for turn in range(effort.tries):
        k = counts[0] if turn < 2 else counts[turn % len(counts)]
        found = attempt(
            k, graph.weight, graph.ptr, graph.adj, graph.cost, float(window.lo), float(window.hi),
            total / k, effort.trees, effort.heat, effort.rounds, state,
        )  # fmt: skip
        value = worth(
            found, k, graph.weight, graph.ptr, graph.adj, graph.cost, float(window.lo),
            float(window.hi), window.target, home, stay,
        )  # fmt: skip
        if best is None or value < best:
            best, labels = value, found
        fitting += value[0] == 0
        if fitting >= effort.good:
            break
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def divide_into(graph: Graph, k: int, window: Window, state: Ints, effort: Effort) -> Ints:
    """Exactly k contiguous cells of about equal weight; k <= atoms. Small pieces apart from the
    main one go to the first cell."""
    count, piece = graph.components()
    if count > 1:
        labels = np.zeros(len(graph), np.int64)
        main = np.flatnonzero(piece == np.argmax(np.bincount(piece)))
        labels[main] = divide_into(graph.part(main), min(k, len(main)), window, state, effort)
        return labels
    total, n = int(graph.weight.sum()), len(graph)
    even = max(total / k, 1.0)
    best, labels = np.inf, np.arange(n) % k
    home, stay = np.full(n, -1, np.int64), np.zeros(n)
    for _ in range(4):
        found = attempt(
            k, graph.weight, graph.ptr, graph.adj, graph.cost, min(float(window.lo), 0.9 * even),
            max(float(window.hi), 1.1 * even), even, effort.trees, effort.heat, 0, state,
        )  # fmt: skip
        if len(np.unique(found)) < k:
            continue
        _, value = worth(
            found, k, graph.weight, graph.ptr, graph.adj, graph.cost, 0.95 * even, 1.05 * even,
            even, home, stay,
        )  # fmt: skip
        if value < best:
            best, labels = value, found
    return labels


def cell_counts(total: int, atoms: int, window: Window) -> list[int]:
    """Counts to try, the one nearest to the target first; never more than atoms."""
    ideal = total / window.target
    allowed = [k for k in window.counts(total) if 1 <= k <= atoms]
    if not allowed:
        nearest = max(1, min(round(ideal), atoms))
        return [nearest]
    return sorted(allowed, key=lambda k: (abs(k - ideal), k))[:5]


@dataclass(frozen=True, slots=True)
class Inherited:
    """An existing division: the old cell (0..k-1) of each atom, -1 = none; fixed atoms stay."""

    labels: Ints
    fixed: NDArray[np.bool_]
    cells: int


def divide_again(
    graph: Graph, window: Window, old: Inherited, state: Ints, effort: Effort
) -> Ints:  # fmt: skip
    """Cells near to an existing division: atoms leave their old cell only where the rules gain.

    Labels 0..old.cells-1 are the old cells (some may be empty now), higher ones are new.
    """
    lo, hi = float(window.lo), float(window.hi)
    home = old.labels.copy()
    stay = np.asarray(STAY_PER_TARGET * graph.weight / window.target + 1e-3, np.float64)
    fixed = old.fixed.astype(np.int64)
    start = adopted(graph, home)
    best: tuple[int, float] | None = None
    labels = start
    for turn in range(max(effort.tries, 8)):
        trial, k = _opening(graph, start, window, turn, fixed, state)
        eager = stay if turn < LOYAL_TURNS else stay * (0.3 if turn < 2 * LOYAL_TURNS else 0.05)
        improve(
            trial, k, graph.weight, graph.ptr, graph.adj, graph.cost, lo, hi, window.target,
            home, eager, fixed, effort.heat, 8.0 + 4.0 * min(turn, 8), 4 * turn, state,
        )  # fmt: skip
        value = worth(
            trial, k, graph.weight, graph.ptr, graph.adj, graph.cost, lo, hi, window.target,
            home, stay,
        )  # fmt: skip
        if best is None or value < best:
            best, labels = value, trial
        if best[0] == 0 and turn >= 3:
            break
    return labels


def adopted(graph: Graph, home: Ints) -> Ints:
    """A start where every label is one piece: main parts keep their cell, the rest joins one."""
    labels = home.copy()
    n, cells = len(graph), int(home.max(initial=-1)) + 1
    rows = np.repeat(np.arange(n), np.diff(graph.ptr))
    for c in range(cells):
        atoms = np.flatnonzero(labels == c)
        if len(atoms):
            count, piece = graph.part(atoms).components()
            weight = np.bincount(piece, graph.weight[atoms] + 1e-6, minlength=count)
            labels[atoms[piece != int(np.argmax(weight))]] = -1
    while (labels < 0).any():
        edge = (labels[rows] < 0) & (labels[graph.adj] >= 0)
        if not edge.any():  # a component without any old cell: one new cell
            atoms = np.flatnonzero(labels < 0)
            _, piece = graph.part(atoms).components()
            labels[atoms] = labels.max(initial=-1) + 1 + piece
            break
        longest = np.lexsort((graph.length[edge], rows[edge]))
        labels[rows[edge][longest]] = labels[graph.adj[edge][longest]]
    return labels


def _opening(
    graph: Graph, start: Ints, window: Window, turn: int, fixed: Ints, state: Ints
) -> tuple[Ints, int]:
    """The start of a turn: as it is; the heaviest cell cut in two; the lightest given to a
    neighbour; every cell above the window cut. Always at least as many cells as the total needs.
    """
    kind = turn % 4
    labels, k = start.copy(), int(start.max(initial=0)) + 1
    if kind == 2:
        _dissolve_lightest(graph, labels, k, window, fixed)
    needed = -(-int(graph.weight.sum()) // window.hi)
    most = {1: 1, 3: k}.get(kind, 0)
    cuts = 0
    while cuts < max(most, needed - len(np.unique(labels))):
        weights = np.bincount(labels, graph.weight, minlength=k)
        weights[np.unique(labels[fixed > 0])] = 0
        weights[np.bincount(labels, minlength=k) < 2] = 0
        heaviest = int(np.argmax(weights))
        if weights[heaviest] <= (window.hi if cuts < most else window.lo):
            break
        _cut(graph, labels, heaviest, k, state)
        k += 1
        cuts += 1
    return labels, k


def _cut(graph: Graph, labels: Ints, cell: int, new: int, state: Ints) -> None:
    """Half of a cell becomes the cell `new`."""
    top = new + 1  # the halves are cut under names nobody else has
    labels[labels == cell] = top
    split_by_trees(
        labels, top, 2, graph.weight, graph.ptr, graph.adj, graph.cost, 8, state
    )  # fmt: skip
    labels[labels == top] = cell
    labels[labels == top + 1] = new


def _dissolve_lightest(
    graph: Graph, labels: Ints, k: int, window: Window, fixed: Ints
) -> None:  # fmt: skip
    """The lightest cell, if it is below the window, joins the neighbour it shares most with."""
    weights = np.bincount(labels, graph.weight, minlength=k).astype(float)
    free = np.bincount(labels, minlength=k) > 0
    free[np.unique(labels[fixed > 0])] = False
    weights[~free] = np.inf
    lightest = int(np.argmin(weights))
    if weights[lightest] >= window.lo:
        return
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    other = labels[graph.adj]
    beside = (labels[rows] == lightest) & free[other] & (other != lightest)
    if beside.any():
        near = np.bincount(other[beside], graph.length[beside], minlength=k)
        labels[labels == lightest] = int(np.argmax(near))
