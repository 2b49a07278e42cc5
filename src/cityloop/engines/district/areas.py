"""From plots to the tree of areas: cells in communities in the subdistrict in the district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.grouping import even_out, links_of, neighbours_of, split_into
from cityloop.engines.district.model import Area
from cityloop.engines.district.names import Name
from cityloop.engines.district.plots import Built
from cityloop.engines.district.shapes import Rect

DISTRICT_CODE = "990101"  # no province has the number 99
CELL_HOUSEHOLDS = (300, 500)
_COMMUNITY_BALANCE = (0.72, 1.35)
_STREET_BORDER = 0.25  # borders along streets count for less, so cuts follow them


@dataclass(slots=True)
class AreaTree:
    """The tree, and the cell of each plot (position in `cells`)."""

    district: Area
    subdistrict: Area
    communities: list[Area]
    cells: list[Area]
    cell_of_plot: NDArray[np.int64]

    def all(self) -> tuple[Area, ...]:
        """From the district down."""
        return (self.district, self.subdistrict, *self.communities, *self.cells)


def group_plots(built: Built, communities: int) -> list[list[list[int]]]:
    """Plots of each cell of each community, from the north-west to the south-east."""
    n_blocks = int(built.plot_block.max()) + 1
    weight = built.weight()
    common = neighbours_of(built.plots)
    block_common: dict[tuple[int, int], float] = {}
    for (a, b), metres in common.items():
        pair = tuple(sorted((int(built.plot_block[a]), int(built.plot_block[b]))))
        if pair[0] != pair[1]:
            block_common[pair[0], pair[1]] = block_common.get((pair[0], pair[1]), 0.0) + metres
    rects = np.array(built.plots, float)
    at = np.stack([rects[:, 0] + rects[:, 2], rects[:, 1] + rects[:, 3]], axis=1) / 2
    block_weight = np.bincount(built.plot_block, weight, minlength=n_blocks).astype(np.float64)
    size = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1])
    block_at = np.stack(
        [np.bincount(built.plot_block, at[:, k] * size) / np.bincount(built.plot_block, size)
         for k in (0, 1)], axis=1)  # fmt: skip
    links = links_of(block_common)
    # communities grew in history, not by a ruler: some are planned larger than others
    felt = block_weight * (1 + 0.3 * np.sin(block_at[:, 0] / 3100) * np.cos(block_at[:, 1] / 2700))
    groups = split_into(list(range(n_blocks)), communities, felt, block_at, links)
    mean = block_weight.sum() / len(groups)
    low, high = (mean * share for share in _COMMUNITY_BALANCE)
    groups = _in_reading_order(even_out(groups, low, high, block_weight, links), block_at)
    for pair in common:
        if built.plot_block[pair[0]] != built.plot_block[pair[1]]:
            common[pair] *= _STREET_BORDER
    plot_links = links_of(common)
    result = []
    for blocks in groups:
        members = np.flatnonzero(np.isin(built.plot_block, blocks)).tolist()
        result.append(_in_reading_order(_cells(members, weight, at, plot_links), at))
    return result


def _cells(
    members: list[int], weight: NDArray[np.float64], at: NDArray[np.float64],
    links: dict[int, dict[int, float]],
) -> list[list[int]]:  # fmt: skip
    low, high = CELL_HOUSEHOLDS
    total = float(weight[members].sum())
    wanted = max(1, round(total / ((low + high) / 2)))
    best: tuple[int, int, list[list[int]]] | None = None
    for parts in sorted({wanted, wanted + 1, max(1, wanted - 1)}, key=lambda k: abs(k - wanted)):
        groups = even_out(split_into(members, parts, weight, at, links), low, high, weight, links)
        sums = [weight[group].sum() for group in groups]
        wrong = sum(not low <= value <= high for value in sums)
        if best is None or wrong < best[0]:
            best = (wrong, parts, groups)
        if wrong == 0:
            break
    assert best is not None
    return best[2]


def _in_reading_order(groups: list[list[int]], at: NDArray[np.float64]) -> list[list[int]]:
    """North before south in bands, then west before east: how codes are given."""
    middle = np.array([at[group].mean(axis=0) for group in groups])
    band = np.round(-middle[:, 1] / 4000)
    return [groups[k] for k in np.lexsort((middle[:, 0], band))]


def new_tree(
    grouped: list[list[list[int]]],
    plots: list[Rect],
    polygons: NDArray[np.object_],
    weight: NDArray[np.float64],
    names: dict[str, Name],
    community_names: list[Name],
) -> AreaTree:
    """Areas with codes (6 + 3 + 3 + 3 digits), names and polygons that share their borders."""
    cells: list[Area] = []
    communities: list[Area] = []
    cell_of_plot = np.zeros(len(plots), np.int64)
    street_code = DISTRICT_CODE + "001"
    for c, (groups, (zh, en)) in enumerate(zip(grouped, community_names, strict=True), start=1):
        code = f"{street_code}{c:03d}"
        first = len(cells)
        for g, members in enumerate(groups, start=1):
            cell_of_plot[members] = len(cells)
            shape = shapely.coverage_union_all(polygons[members])
            cells.append(_area(f"{code}{g:03d}", "cell", f"{zh}第{g}网格", f"{en} Cell {g}",
                               int(code), int(weight[members].sum()), shape))  # fmt: skip
        communities.append(_union(code, "community", (zh, en), int(street_code), cells[first:]))
    subdistrict = _union(
        street_code, "subdistrict", names["subdistrict"], int(DISTRICT_CODE), communities
    )
    district = _union(DISTRICT_CODE, "district", names["district"], None, [subdistrict])
    return AreaTree(district, subdistrict, communities, cells, cell_of_plot)


def _union(code: str, level: str, name: Name, parent: int | None, parts: list[Area]) -> Area:
    shape = shapely.coverage_union_all([part.polygon for part in parts])
    return _area(code, level, *name, parent, sum(part.households for part in parts), shape)


def _area(
    code: str, level: str, zh: str, en: str, parent: int | None, households: int,
    shape: shapely.Geometry,
) -> Area:  # fmt: skip
    ordered = shapely.normalize(shape)  # the same first vertex whatever the GEOS version
    return Area(int(code), code, level, zh, en, parent, households, ordered)
