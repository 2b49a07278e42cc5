"""Subdistricts of quarters, communities of blocks: nested, connected, bounded by what divides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.wide.faces import borders_of
from cityloop.engines.district.wide.regions import graph_of, grow, seeds_of
from cityloop.engines.district.wide.sizes import WideSize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_OPEN_GROUND = 400.0  # a square kilometre weighs as much as so many households


@dataclass(slots=True)
class Pieces:
    """Quarters or blocks with the net they are bounded by."""

    shape: NDArray[np.object_]
    edge: NDArray[np.object_]
    edge_way: Ints
    middle: Floats


@dataclass(slots=True)
class Tree:
    """Areas in the order of their codes; `community` of each block."""

    community: Ints
    community_shape: NDArray[np.object_]
    community_subdistrict: Ints
    subdistrict_shape: NDArray[np.object_]


def new_tree(
    quarters: Pieces, blocks: Pieces, quarter: Ints, households: Ints, size: WideSize, dice: Dice
) -> Tree:
    """Grow subdistricts over quarters, communities inside each.

    Args:
        quarter: of each block; households: of each block.
    """
    weight = households + shapely.area(blocks.shape) / 1e6 * _OPEN_GROUND
    sub = _subdistricts(
        quarters, np.bincount(quarter, weight, len(quarters.shape)).astype(float), size, dice
    )
    of_block = _in_reading_order(sub[quarter], blocks.middle, 3200.0)
    community, above = _communities(blocks, of_block, weight, size, dice)
    shapes = _unions(blocks.shape, community)
    return Tree(community, shapes, above, _unions(shapes, above))


def _subdistricts(quarters: Pieces, weight: Floats, size: WideSize, dice: Dice) -> Ints:
    k = size.subdistricts
    borders = borders_of(quarters.shape, quarters.edge)
    graph = graph_of(borders, quarters.edge_way, quarters.middle, weight, scale=1.0)
    seeds = seeds_of(graph, np.arange(len(weight)), k)
    wanted = dice.numbers(k, 0.72, 1.32)
    return grow(graph, seeds, wanted * weight.sum() / wanted.sum(), rounds=36, step_m=500.0)


def _communities(
    blocks: Pieces, sub: Ints, weight: Floats, size: WideSize, dice: Dice
) -> tuple[Ints, Ints]:
    """Community of each block and subdistrict of each community, both in the order of codes."""
    sums = np.bincount(sub, weight).astype(np.float64)
    count = _rounded_shares(sums, size.communities)
    borders = borders_of(blocks.shape, blocks.edge)
    graph = graph_of(borders, blocks.edge_way, blocks.middle, weight, scale=0.22, group=sub)
    seeds: list[int] = []
    for s, k in enumerate(count.tolist()):
        seeds += seeds_of(graph, np.flatnonzero(sub == s), k)
    above = np.repeat(np.arange(len(count)), count)
    # communities grew in history, not by a ruler: some are planned larger than others
    wanted = (sums / count)[above] * dice.numbers(len(above), 0.78, 1.28)
    owner = grow(graph, seeds, wanted, rounds=24, step_m=120.0)
    number = _in_reading_order(owner, blocks.middle, 700.0, first=above)
    new_above = np.zeros(len(above), np.int64)
    new_above[number] = above[owner]
    return number, new_above


def _rounded_shares(sums: Floats, total: int) -> Ints:
    """Whole numbers in proportion to `sums` that add up to `total`, each 1 at least."""
    share = sums / sums.sum() * total
    count = np.maximum(1, np.floor(share)).astype(np.int64)
    order = np.argsort(-(share - np.floor(share)), kind="stable")
    count[order[: max(0, total - int(count.sum()))]] += 1
    return np.asarray(count, np.int64)


def _in_reading_order(
    group: Ints, middle: Floats, band_m: float, first: Ints | None = None
) -> Ints:
    """Groups numbered anew: north before south in bands, then west before east.

    Args:
        first: of each group, what is sorted by before all else.
    """
    n = int(group.max()) + 1
    at = np.stack([np.bincount(group, middle[:, k]) / np.bincount(group) for k in (0, 1)], axis=1)
    band = np.round(-at[:, 1] / band_m)
    order = np.lexsort((at[:, 0], band, np.zeros(n) if first is None else first))
    number = np.empty(n, np.int64)
    number[order] = np.arange(n)
    return np.asarray(number[group], np.int64)


def _unions(shapes: NDArray[np.object_], group: Ints) -> NDArray[np.object_]:
    """The union of each group; neighbours keep every vertex of their common border."""
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    parts = [shapely.coverage_union_all(shapes[own]) for own in np.split(order, cuts)]
    return np.asarray(shapely.normalize(np.array(parts, dtype=object)), dtype=object)
