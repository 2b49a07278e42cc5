"""Cells shared out among grid workers: connected duty grids with even loads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.divide import adopted, seeded
from cityloop.engines.partition.faces import Shapes
from cityloop.engines.partition.graph import Graph
from cityloop.engines.partition.kernels import Floats, Ints, joined_pieces, worth
from cityloop.engines.partition.model import Finding
from cityloop.engines.partition.repair import attempt, improve
from cityloop.kernel.errors import DomainError

BESIDE_M = 0.5  # cells nearer than this are neighbours
UNITS = 10_000  # loads are whole numbers of this many parts of the mean inside
TOLERANCE = 0.10  # a duty grid within a tenth of the mean load is even
TRIES = 6


@dataclass(frozen=True, slots=True)
class Work:
    """Minutes of work a cell makes in a day.

    per_household: visits and notices; per_case: handling one case; rounds: patrols a day;
    pace_kmh: walking speed. The defaults are starting points for a city to set.
    """

    per_household: float = 0.05
    per_case: float = 15.0
    rounds: float = 1.0
    pace_kmh: float = 4.0

    def minutes(self, households: Floats, cases: Floats, stops: Floats, area_m2: Floats) -> Floats:
        """Minutes a day of each cell, all arguments of shape (n,).

        The walk past n stops in an area A is 0.7124 sqrt(n A) metres.
        Source: Beardwood, Halton, Hammersley 1959 (length of the shortest tour).
        """
        walk_m = 0.7124 * np.sqrt(np.maximum(stops, 1.0) * area_m2)
        walking = self.rounds * walk_m * 60.0 / (self.pace_kmh * 1000.0)
        return np.asarray(self.per_household * households + self.per_case * cases + walking, float)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who gets what: the group 0..workers-1 of each cell, the load of each group, and findings
    (group.uneven: above the tolerance; group.apart: its cells do not all touch)."""

    group: tuple[int, ...]
    loads: tuple[float, ...]
    findings: tuple[Finding, ...]

    @property
    def spread(self) -> float:
        """The heaviest load over the mean load; 1 is even."""
        return max(self.loads) / (sum(self.loads) / len(self.loads))


def share_out(
    shapes: Sequence[BaseGeometry],
    loads: Sequence[float],
    workers: int,
    *,
    existing: Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    seed: int = 7,
) -> Shares:
    """Connected groups of cells, one per worker, with loads as even as can be.

    Args:
        shapes: polygons of the cells, metres.
        loads: of each cell, >= 0, any unit (`Work.minutes`, households ...).
        workers: how many groups, 1 to the number of cells.
        existing: the present group of each cell, 0..workers-1 or -1; cells stay where the
            tolerance allows it.
    Raises: DomainError partition.workers, partition.load.
    """
    _check(len(shapes), loads, workers)
    load = np.asarray(loads, np.float64)
    mean = float(load.sum()) / workers or 1.0
    cells = np.array(list(shapes), dtype=object)
    graph = _graph(cells, np.round(load / mean * UNITS).astype(np.int64))
    low, high = (1 - tolerance) * UNITS, (1 + tolerance) * UNITS
    home = np.full(len(cells), -1, np.int64)
    if existing is not None:
        home = np.asarray(existing, np.int64)
    best: tuple[int, float] | None = None
    group = np.zeros(len(cells), np.int64)
    stay = 60.0 * graph.weight / UNITS + 1.0
    for state in (seeded(seed + n) for n in range(TRIES)):
        found = _grouping(graph, home, stay, workers, low, high, state)
        value = worth(
            found, workers, graph.weight, graph.ptr, graph.adj, graph.cost, low, high,
            float(UNITS), home, stay,
        )  # fmt: skip
        if best is None or value < best:
            best, group = value, found
    sums = np.asarray(np.bincount(group, load, minlength=workers), np.float64)
    found_ = _uneven(cells, group, sums, mean, tolerance) + _apart(cells, group)
    return Shares(tuple(group.tolist()), tuple(sums.tolist()), tuple(found_))


def _grouping(
    graph: Graph, home: Ints, stay: Floats, workers: int, low: float, high: float, state: Ints
) -> Ints:
    """One attempt: from the present groups if there are any for all workers, else from nothing."""
    if len(np.unique(home[home >= 0])) == workers:
        found = adopted(graph, home)
        if int(found.max()) + 1 == workers:
            improve(
                found, workers, graph.weight, graph.ptr, graph.adj, graph.cost, low, high,
                float(UNITS), home, stay, 300, 20.0, 60, state,
            )  # fmt: skip
            return found
    return attempt(
        workers, graph.weight, graph.ptr, graph.adj, graph.cost, low, high, float(UNITS),
        12, 300, 120, state,
    )  # fmt: skip


def _check(cells: int, loads: Sequence[float], workers: int) -> None:
    if not 1 <= workers <= cells:
        raise DomainError(
            "partition.workers",
            f"{workers} workers for {cells} cells: each needs a cell of their own. "
            f"Allowed: 1 to {cells}.",
            f"{cells} 个网格无法分给 {workers} 名网格员，每人至少一格，可选 1 至 {cells}。",
            where="workers",
            details={"value": workers, "most": cells},
        )
    bad = [n for n, load in enumerate(loads) if not 0 <= load < np.inf]
    if bad or len(loads) != cells:
        where = f"loads[{bad[0]}]" if bad else "loads"
        value = loads[bad[0]] if bad else len(loads)
        raise DomainError(
            "partition.load",
            f"{where} is {value}; a load of 0 or more is needed for each of {cells} cells.",
            f"{where} 为 {value}；{cells} 个网格各需一个不小于 0 的工作量。",
            where=where,
        )


def _graph(cells: Shapes, weight: Ints) -> Graph:
    """Cells that share a border; groups of cells with none between them are linked where they
    are nearest, at no cost, so that every worker can be given something.

    A metre of border between two groups costs a hundredth: shape counts less than load.
    """
    i, j = shapely.STRtree(cells).query(cells, predicate="dwithin", distance=BESIDE_M)
    i, j = i[i < j], j[i < j]
    edges = shapely.boundary(cells)
    shared = shapely.length(shapely.intersection(edges[i], shapely.buffer(edges[j], BESIDE_M)))
    beside = shared > 2 * BESIDE_M + 1.0
    i, j, shared = i[beside], j[beside], shared[beside]
    a, b = _links(cells, joined_pieces(len(cells), i, j))
    ends = (np.concatenate([i, a]), np.concatenate([j, b]))
    length = np.concatenate([shared, np.full(len(a), 2.0)])
    cost = np.concatenate([shared / 100.0, np.zeros(len(a))])
    return Graph.of(weight, *ends, length, cost)


def _links(cells: Shapes, piece: Ints) -> tuple[Ints, Ints]:
    """Pairs of nearest cells that join all pieces into one (a shortest tree of pieces)."""
    count = int(piece.max()) + 1
    if count == 1:
        return np.array([], np.int64), np.array([], np.int64)
    away = np.zeros((count, count))
    pair: dict[tuple[int, int], tuple[int, int]] = {}
    for p in range(count):
        own = np.flatnonzero(piece == p)
        tree = shapely.STRtree(cells[own])
        for q in range(p + 1, count):
            other = np.flatnonzero(piece == q)
            (near, mine), metres = tree.query_nearest(
                cells[other], return_distance=True, all_matches=False
            )
            n = int(np.argmin(metres))
            away[p, q] = max(float(metres[n]), 1e-3)
            pair[p, q] = int(own[mine[n]]), int(other[near[n]])
    rows, cols = scipy.sparse.csgraph.minimum_spanning_tree(scipy.sparse.csr_matrix(away)).nonzero()
    chosen = [pair[min(p, q), max(p, q)] for p, q in zip(rows.tolist(), cols.tolist(), strict=True)]
    ends = np.array(chosen, np.int64)
    return ends[:, 0], ends[:, 1]


def _uneven(
    cells: Shapes, group: Ints, sums: Floats, mean: float, tolerance: float
) -> list[Finding]:
    found = []
    for g in np.flatnonzero(np.abs(sums - mean) > tolerance * mean + 1e-9).tolist():
        at = shapely.union_all(cells[group == g]).representative_point()
        off = (float(sums[g]) / mean - 1) * 100
        found.append(Finding(
            "group.uneven", str(g),
            f"Duty grid {g} has a load of {sums[g]:.0f}, {off:+.0f} % of the mean {mean:.0f}; "
            f"{tolerance:.0%} is the tolerance.",
            f"责任网格 {g} 的工作量为 {sums[g]:.0f}，与平均值 {mean:.0f} 相差 {off:+.0f}%，"
            f"允许 {tolerance:.0%}。",
            grave=False, amount=abs(off), x=at.x, y=at.y,
        ))  # fmt: skip
    return found


def _apart(cells: Shapes, group: Ints) -> list[Finding]:
    found = []
    for g in np.unique(group).tolist():
        own = cells[group == g]
        i, j = shapely.STRtree(own).query(own, predicate="dwithin", distance=BESIDE_M)
        pieces = int(joined_pieces(len(own), i, j).max()) + 1
        if pieces > 1:
            at = own[0].representative_point()
            found.append(Finding(
                "group.apart", str(g), f"The cells of duty grid {g} lie in {pieces} places.",
                f"责任网格 {g} 的网格分布在 {pieces} 处，互不相连。",
                grave=False, amount=float(pieces), x=at.x, y=at.y,
            ))  # fmt: skip
    return found
