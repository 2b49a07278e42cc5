"""Labels for the atoms of a community: how many cells, which atom in which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from cityloop.engines.partition.graph import Graph
from cityloop.engines.partition.kernels import Floats, Ints, worth
from cityloop.engines.partition.model import Window
from cityloop.engines.partition.packing import packable
from cityloop.engines.partition.repair import attempt, improve
from cityloop.engines.partition.trees import split_by_trees

PROOF_TURN = 4  # after so many turns without a fit, whether there can be one is looked into
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
        if total < window.lo and len(heavy) and _heavy_beside(graph, atoms, heavy) >= 0:
            scraps.append(atoms)
            continue
        found = divide_piece(graph.part(atoms), window, state, effort)
        labels[atoms] = used + found
        used += int(found.max()) + 1
    for atoms in scraps:
        labels[atoms] = labels[_heavy_beside(graph, atoms, heavy)]
    return labels


def _heavy_beside(graph: Graph, atoms: Ints, heavy: Ints) -> int:
    """A heavy atom that touches these, or -1."""
    near = np.concatenate([graph.adj[graph.ptr[a] : graph.ptr[a + 1]] for a in atoms])
    found = np.intersect1d(near, heavy)
    return int(found[0]) if len(found) else -1


def divide_piece(graph: Graph, window: Window, state: Ints, effort: Effort) -> Ints:
    """Cells of one connected piece: the best of several attempts with one or more counts."""
    total, n = int(graph.weight.sum()), len(graph)
    counts = cell_counts(total, n, window)
    if counts == [1]:
        return np.zeros(n, np.int64)
    home, stay = np.full(n, -1, np.int64), np.zeros(n)
    found = _Best(graph, window)
    fitting = 0
    for turn in range(effort.tries):
        k = counts[0] if turn < 2 else counts[turn % len(counts)]
        labels = attempt(
            k, graph.weight, graph.ptr, graph.adj, graph.cost, float(window.lo), float(window.hi),
            total / k, effort.trees, effort.heat, effort.rounds, state,
        )  # fmt: skip
        fitting += found.offer(labels, k, home, stay)
        if fitting >= effort.good:
            break
    return np.unique(found.labels, return_inverse=True)[1].astype(np.int64)


class _Best:
    """The best labels so far: first the fewest cells that miss the window, then the least cost."""

    def __init__(self, graph: Graph, window: Window) -> None:
        self.graph, self.window = graph, window
        self.labels = np.zeros(len(graph), np.int64)
        self.value = (len(graph) + 1, np.inf)
        fits = [k for k in window.counts(int(graph.weight.sum())) if k <= len(graph)]
        self._least = 0 if fits else 1  # no division misses fewer
        self._turns = 0

    def offer(self, labels: Ints, k: int, home: Ints, stay: Floats) -> bool:
        """Labels 0..k-1 taken if they are better; True where none could miss fewer."""
        graph, window = self.graph, self.window
        value = worth(
            labels, k, graph.weight, graph.ptr, graph.adj, graph.cost, float(window.lo),
            float(window.hi), window.target, home, stay,
        )  # fmt: skip
        if value < self.value:
            self.value, self.labels = value, labels
        self._turns += 1
        doubted = self._turns == PROOF_TURN and self.misses > self._least
        if doubted and packable(graph.weight.tolist(), window) is False:
            self._least = 1
        return value[0] <= self._least

    @property
    def misses(self) -> int:
        """Cells outside the window."""
        return self.value[0]

    @property
    def is_final(self) -> bool:
        """Whether no division misses fewer."""
        return self.misses <= self._least


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

    Labels 0..old.cells-1 are the old cells (some may be empty now), higher ones are new. As in
    `divide`, atoms above the window are cells of their own.
    """
    labels = adopted(graph, old.labels)
    home = old.labels.copy()
    settled = np.isin(labels, labels[old.fixed])
    heavy = np.flatnonzero((graph.weight > window.hi) & ~settled)
    following = max(old.cells, int(labels.max(initial=-1)) + 1)
    for atom in heavy:
        following = _left_alone(graph, labels, home, int(atom), following)
    settled[heavy] = True
    rest = np.flatnonzero(~settled)
    count, piece = graph.part(rest).components()
    for c in range(count):
        atoms = rest[piece == c]
        light = int(graph.weight[atoms].sum()) < window.lo
        beside = _heavy_beside(graph, atoms, heavy) if light and len(heavy) else -1
        if beside >= 0:
            labels[atoms] = labels[beside]
            continue
        names, start = np.unique(labels[atoms], return_inverse=True)
        at_home = np.minimum(np.searchsorted(names, home[atoms]), len(names) - 1)
        at_home[names[at_home] != home[atoms]] = -1
        found = _again(graph.part(atoms), window, start, at_home, state, effort)
        new = int(found.max()) + 1 - len(names)
        labels[atoms] = np.append(names, following + np.arange(max(new, 0)))[found]
        following += max(new, 0)
    return labels


def _left_alone(graph: Graph, labels: Ints, home: Ints, atom: int, following: int) -> int:
    """An atom keeps the name of its cell for itself; each piece of the others gets a new name.
    Returns the next new name."""
    mates = np.flatnonzero(labels == labels[atom])
    mates = mates[mates != atom]
    count, piece = graph.part(mates).components()
    labels[mates] = following + piece
    home[mates] = -1
    return following + count


def _again(
    graph: Graph, window: Window, start: Ints, home: Ints, state: Ints, effort: Effort
) -> Ints:
    """One connected piece divided again. Labels 0..start.max() are the cells of `start`."""
    cells, untouched = int(start.max()) + 1, state.copy()
    stay = np.asarray(STAY_PER_TARGET * graph.weight / window.target + 1e-3, np.float64)
    counts = near_counts(int(graph.weight.sum()), len(graph), window, cells)
    best = _Best(graph, window)
    names = np.arange(cells)
    for turn in range(max(effort.tries, 8)):
        k, churn = counts[turn // 2 % len(counts)], turn % 2 * (1 + turn // 8)
        trial, named = opened(graph, start, k, churn, state)
        at_home = np.full(cells + 1, len(named), np.int64)  # dissolved: left whatever happens
        at_home[named[named < cells]] = np.flatnonzero(named < cells)
        at_home[-1] = -1
        eager = stay if turn < LOYAL_TURNS else stay * (0.3 if turn < 2 * LOYAL_TURNS else 0.05)
        improve(
            trial, len(named), graph.weight, graph.ptr, graph.adj, graph.cost, float(window.lo),
            float(window.hi), window.target, at_home[home], eager, effort.heat,
            8.0 + 4.0 * min(turn, 8), min(4 * turn, effort.rounds), state,
        )  # fmt: skip
        best.offer(trial, len(named), at_home[home], stay)
        if best.labels is trial:
            names = named
        if best.is_final and turn >= 3:
            return np.asarray(names[best.labels], np.int64)
    fresh = divide_piece(graph, window, untouched, effort)  # as if nothing had been there
    weights = np.bincount(fresh, graph.weight)
    if int(((weights < window.lo) | (weights > window.hi)).sum()) < best.misses:
        return renamed(fresh, home, graph.weight, cells)
    return np.asarray(names[best.labels], np.int64)


def near_counts(total: int, atoms: int, window: Window, cells: int) -> list[int]:
    """Counts to try when so many cells stand: the three nearest, and the one nearest to the
    target."""
    ideal = total / window.target
    allowed = [k for k in window.counts(total) if 1 <= k <= atoms]
    if not allowed:
        return cell_counts(total, atoms, window)
    near = sorted(allowed, key=lambda k: (abs(k - cells), abs(k - ideal)))[:3]
    return list(dict.fromkeys([*near, min(allowed, key=lambda k: (abs(k - ideal), k))]))


def renamed(labels: Ints, home: Ints, weight: Ints, cells: int) -> Ints:
    """Labels under the names of the old cells they share most weight with, each name once; the
    others under new names from `cells` on."""
    known = home >= 0
    shared = np.zeros((int(labels.max()) + 1, cells))
    np.add.at(shared, (labels[known], home[known]), weight[known] + 1e-6)
    rows, columns = scipy.optimize.linear_sum_assignment(shared, maximize=True)
    names = np.full(len(shared), -1, np.int64)
    names[rows] = np.where(shared[rows, columns] > 0, columns, -1)
    new = names < 0
    names[new] = cells + np.arange(int(new.sum()))
    return np.asarray(names[labels], np.int64)


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


def opened(graph: Graph, start: Ints, k: int, churn: int, state: Ints) -> tuple[Ints, Ints]:
    """A start with k cells: the lightest dissolved, `churn` more than needed, the heaviest cut.

    Returns: labels 0.., and the name of each: its cell in `start`, or a number beyond them.
    """
    labels, following = start.copy(), int(start.max()) + 1
    cells = following
    while cells > max(1, min(k, following) - churn):
        _dissolve_lightest(graph, labels)
        cells -= 1
    while cells < k and _cut_heaviest(graph, labels, following, state):
        following += 1
        cells += 1
    named, compact = np.unique(labels, return_inverse=True)
    return compact.astype(np.int64), named


def _cut_heaviest(graph: Graph, labels: Ints, new: int, state: Ints) -> bool:
    """The lighter half of the heaviest cell of two atoms or more becomes the cell `new`."""
    weights = np.bincount(labels, graph.weight)
    weights[np.bincount(labels) < 2] = -1.0
    cell = int(np.argmax(weights))
    if weights[cell] < 0:
        return False
    own = np.flatnonzero(labels == cell)
    part = graph.part(own)
    half = np.zeros(len(own), np.int64)
    split_by_trees(half, 0, 2, part.weight, part.ptr, part.adj, part.cost, 8, state)
    lighter = int(np.argmin(np.bincount(half, part.weight, minlength=2)))
    labels[own[half == lighter]] = new
    return True


def _dissolve_lightest(graph: Graph, labels: Ints) -> None:
    """The lightest cell joins the neighbour it shares most border with."""
    weights = np.bincount(labels, graph.weight)
    weights[np.bincount(labels) == 0] = np.inf
    lightest = int(np.argmin(weights))
    rows = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    other = labels[graph.adj]
    beside = (labels[rows] == lightest) & (other != lightest)
    near = np.bincount(other[beside], graph.length[beside])
    labels[labels == lightest] = int(np.argmax(near))
