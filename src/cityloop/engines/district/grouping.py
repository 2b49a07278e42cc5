"""Plots → communities → cells: connected, balanced, with borders along streets.

A plain method for the demo: halve by straight sweeps, then move border plots until the numbers
fit. Cutting a real city is the task of the partition engine.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.district.shapes import Line, Rect

Links = dict[int, dict[int, float]]
_ANGLES = np.deg2rad([0, 90, 25, 65, 115, 155])


def neighbours_of(plots: list[Rect]) -> dict[tuple[int, int], float]:
    """Metres of common border for each pair (a < b) of plots."""
    sides: dict[Line, tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]] = {}
    for k, (west, south, east, north) in enumerate(plots):
        for line, low, high, side in (
            ((0, west), south, north, 0),
            ((0, east), south, north, 1),
            ((1, south), west, east, 0),
            ((1, north), west, east, 1),
        ):
            sides.setdefault(line, ([], []))[side].append((low, high, k))
    common: dict[tuple[int, int], float] = {}
    for after, before in sides.values():
        for low, high, k in after:
            for low2, high2, m in before:
                shared = min(high, high2) - max(low, low2)
                if shared > 0:
                    common[min(k, m), max(k, m)] = shared / 10
    return dict(sorted(common.items()))


def links_of(common: dict[tuple[int, int], float]) -> Links:
    """Neighbours of each piece with the metres of common border."""
    links: Links = {}
    for (a, b), metres in common.items():
        links.setdefault(a, {})[b] = metres
        links.setdefault(b, {})[a] = metres
    return links


def connected_parts(members: Iterable[int], links: Links) -> list[set[int]]:
    """Groups of members among which one can walk without leaving them."""
    left, parts = set(members), []
    while left:
        start = min(left)
        left.remove(start)
        part, todo = {start}, [start]
        while todo:
            reached = left & links.get(todo.pop(), {}).keys()
            left -= reached
            part |= reached
            todo += reached
        parts.append(part)
    return parts


def is_connected(members: Iterable[int], links: Links) -> bool:
    """True when the members are one part."""
    return len(connected_parts(members, links)) == 1


def halve(
    members: list[int], share: float, weight: NDArray[np.float64],
    at: NDArray[np.float64], links: Links,
) -> tuple[list[int], list[int]] | None:  # fmt: skip
    """Two connected groups, the first with about `share` of the weight; None if impossible.

    The cut is the sweep with the best mix of balance and short border.
    """
    total = max(weight[members].sum(), 1e-9)
    side = np.sqrt(sum(links[a][b] for a in members for b in links.get(a, {})) + 1.0)
    best: tuple[float, list[int], list[int]] | None = None
    for angle in _ANGLES:
        depth = at[members] @ np.array([np.cos(angle), np.sin(angle)])
        line = [members[k] for k in np.argsort(depth, kind="stable")]
        off = np.abs(np.cumsum(weight[line]) / total - share)
        for k in np.argsort(off[:-1], kind="stable")[:6]:
            first, rest = line[: k + 1], line[k + 1 :]
            if not (is_connected(first, links) and is_connected(rest, links)):
                continue
            inside = set(first)
            border = sum(m for a in rest for b, m in links.get(a, {}).items() if b in inside)
            cost = float(off[k]) * 6 + border / side**1.5
            if best is None or cost < best[0]:
                best = (cost, first, rest)
    return None if best is None else best[1:]


def split_into(
    members: list[int], parts: int, weight: NDArray[np.float64],
    at: NDArray[np.float64], links: Links,
) -> list[list[int]]:  # fmt: skip
    """`parts` connected groups of about equal weight (fewer where the pieces do not allow it)."""
    if parts < 2:
        return [members]
    low = parts // 2
    halves = halve(members, low / parts, weight, at, links)
    if halves is None:
        return [members]
    return [
        *split_into(halves[0], low, weight, at, links),
        *split_into(halves[1], parts - low, weight, at, links),
    ]


def even_out(
    groups: list[list[int]], low: float, high: float, weight: NDArray[np.float64], links: Links
) -> list[list[int]]:
    """Move border pieces between neighbours until every group weighs low .. high, if it can be."""
    owner = {piece: g for g, group in enumerate(groups) for piece in group}
    sums = np.array([weight[group].sum() for group in groups])
    members = [set(group) for group in groups]

    def miss(value: float) -> float:
        return float(max(low - value, value - high, 0.0) ** 2)

    for _ in range(60):
        best: tuple[float, int, int] | None = None
        for g in [g for g in range(len(groups)) if miss(sums[g]) > 0]:
            rim = {(p, q) for p in members[g] for q in links.get(p, {}) if owner.get(q, g) != g}
            moves = {(p, owner[q]) for p, q in rim} | {(q, g) for _, q in rim}
            for piece, to in sorted(moves):
                source, w = owner[piece], weight[piece]
                if w == 0 or len(members[source]) < 2:
                    continue
                gain = miss(sums[source]) + miss(sums[to])
                gain -= miss(sums[source] - w) + miss(sums[to] + w)
                if gain <= 0 or (best is not None and gain <= best[0]):
                    continue
                if is_connected(members[source] - {piece}, links):
                    best = (gain, piece, to)
        if best is None:
            break
        _, piece, to = best
        source = owner[piece]
        members[source].remove(piece)
        members[to].add(piece)
        sums[source] -= weight[piece]
        sums[to] += weight[piece]
        owner[piece] = to
    return [sorted(group) for group in members]
