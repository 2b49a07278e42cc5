"""Bus lines: ways through wider streets between far apart ends, with stops that lines share."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.wide.sizes import Way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_STOP_M = 520.0
_FELT = np.array([1.25, 1.0, 1.12])  # a metre on an expressway, arterial, secondary street


@dataclass(slots=True)
class Buses:
    """lines: stop numbers in order; stop_edge: the edge in whose middle a stop is."""

    lines: list[Ints]
    paths: list[Ints]
    stop_edge: Ints
    stop_xy: Floats


def bus_lines(edges: NDArray[np.object_], ways: Ints, wanted: int, dice: Dice) -> Buses:
    """`wanted` lines (fewer if the streets are few), each along a shortest way."""
    wide = np.flatnonzero(ways <= Way.SECONDARY)
    ends = np.stack([shapely.get_coordinates(shapely.get_point(edges[wide], k)) for k in (0, -1)])
    at, node = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    a, b = node.reshape(2, -1)
    length = shapely.length(edges[wide])
    links = _links(a, b, length * _FELT[ways[wide]], len(at))
    reach = float(np.ptp(at, axis=0).max()) * 0.28
    paths: list[Ints] = []
    for _ in range(wanted * 3):
        if len(paths) == wanted:
            break
        start, end = dice.pick(len(at)), dice.pick(len(at))
        if np.hypot(*(at[start] - at[end])) < reach:
            continue
        way = _shortest(links, at, start, end)
        if way is not None:
            paths.append(wide[np.array(way, np.int64)])
    middle = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.5, normalized=True))
    lines = [_stops(path, shapely.length(edges[path])) for path in paths]
    used = np.unique(np.concatenate(lines)) if lines else np.zeros(0, np.int64)
    return Buses(
        [np.searchsorted(used, line) for line in lines], paths, used, np.round(middle[used], 2)
    )


def _links(a: Ints, b: Ints, cost: Floats, n: int) -> list[list[tuple[int, float, int]]]:
    links: list[list[tuple[int, float, int]]] = [[] for _ in range(n)]
    for k, (p, q, c) in enumerate(
        zip(a.tolist(), b.tolist(), np.round(cost, 2).tolist(), strict=True)
    ):
        links[p].append((q, c, k))
        links[q].append((p, c, k))
    return links


def _shortest(
    links: list[list[tuple[int, float, int]]], at: Floats, start: int, end: int
) -> list[int] | None:
    """Edges from start to end, the search drawn towards the end; None where there is no way."""
    left = np.round(np.hypot(*(at - at[end]).T), 2).tolist()
    came: dict[int, tuple[int, int]] = {}
    best = {start: 0.0}
    heap = [(left[start], 0.0, start)]
    while heap:
        _, cost, here = heapq.heappop(heap)
        if here == end:
            way = []
            while here != start:
                here, edge = came[here]
                way.append(edge)
            return way[::-1]
        if cost > best[here]:
            continue
        for there, metres, edge in links[here]:
            total = cost + metres
            if total < best.get(there, 1e18):
                best[there] = total
                came[there] = (here, edge)
                heapq.heappush(heap, (total + left[there], total, there))
    return None


def _stops(path: Ints, length: Floats) -> Ints:
    """Edges with a stop: the first, the last, and one every _STOP_M or a little more."""
    far = np.cumsum(length) - length / 2
    stops, last = [0], float(far[0])
    for k in range(1, len(path) - 1):
        if far[k] - last >= _STOP_M:
            stops.append(k)
            last = float(far[k])
    stops.append(len(path) - 1)
    return np.asarray(path[np.unique(np.array(stops))], np.int64)
