"""An independent judge of a division: shapely alone, nothing of the engine's own bookkeeping.

It is given what a person can see: outlines of communities, footprints with households, street
lines, and the polygons of the cells with the community each says it belongs to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ROUNDING_M2 = 0.5  # per cell or community: vertices lie on a grid of a tenth of a millimetre
ON_LINE_M = 0.5  # a border within this of a street or community border counts as on it


@dataclass
class Verdict:
    """What the judge saw. `faults` is empty for a division that keeps every hard rule."""

    faults: list[str] = field(default_factory=list)
    households: list[int] = field(default_factory=list)  # of each cell, by its polygon
    cut_buildings: int = 0
    compactness: float = 0.0  # mean Polsby-Popper
    on_lines: float = 0.0  # share of all border length on streets or community borders

    def in_window(self, lo: int, hi: int) -> float:
        return sum(lo <= h <= hi for h in self.households) / len(self.households)


def verify(
    communities: dict[str, BaseGeometry],
    footprints: Sequence[BaseGeometry],
    households: Sequence[int],
    streets: Sequence[BaseGeometry],
    cells: Sequence[tuple[str, BaseGeometry]],
) -> Verdict:
    """Judge a division."""
    seen = Verdict()
    shapes = np.array([shape for _, shape in cells], dtype=object)
    for k in np.flatnonzero(~shapely.is_valid(shapes) | shapely.is_empty(shapes)):
        seen.faults.append(f"cell {k} is not a valid polygon")
    for k in np.flatnonzero(shapely.get_type_id(shapes) != 3):
        seen.faults.append(f"cell {k} is not one piece")
    if not shapely.coverage_is_valid(shapes):
        seen.faults.append("the cells do not share their borders exactly")
    _communities(communities, cells, seen)
    _overlaps(shapes, seen)
    _buildings(footprints, households, shapes, seen)
    ratio = 4 * math.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    seen.compactness = float(ratio.mean())
    seen.on_lines = _share_on_lines(
        shapes, [*streets, *map(shapely.boundary, communities.values())]
    )
    return seen


def _communities(
    communities: dict[str, BaseGeometry], cells: Sequence[tuple[str, BaseGeometry]], seen: Verdict
) -> None:
    """Each community is filled by its own cells, and none reaches over its border."""
    members: dict[str, list[BaseGeometry]] = {}
    for code, shape in cells:
        members.setdefault(code, []).append(shape)
    for code, outline in communities.items():
        own = members.get(code, [])
        missing = shapely.symmetric_difference(outline, shapely.union_all(own)).area
        if missing > ROUNDING_M2:
            seen.faults.append(f"community {code} differs from its cells by {missing:.2f} m2")
        beyond = sum(shapely.area(shapely.difference(own, outline)))
        if beyond > ROUNDING_M2:
            seen.faults.append(f"cells of {code} reach {beyond:.2f} m2 over its border")


def _overlaps(shapes: np.ndarray, seen: Verdict) -> None:
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, j = i[i < j], j[i < j]
    area = shapely.area(shapely.intersection(shapes[i], shapes[j]))
    for k in np.flatnonzero(area > 0.01):
        seen.faults.append(f"cells {i[k]} and {j[k]} overlap by {area[k]:.3f} m2")


def _buildings(
    footprints: Sequence[BaseGeometry], households: Sequence[int], shapes: np.ndarray, seen: Verdict
) -> None:
    """Every home in one cell only; households by the cell that holds the footprint."""
    prints, people = np.array(footprints, dtype=object), np.array(households)
    lived = np.flatnonzero(people > 0)
    building, cell = shapely.STRtree(shapes).query(prints[lived], predicate="intersects")
    inside = shapely.area(shapely.intersection(prints[lived][building], shapes[cell]))
    most = np.zeros(len(lived))
    np.maximum.at(most, building, inside)
    total = np.bincount(building, inside, minlength=len(lived))
    cut = total - most > ROUNDING_M2
    seen.cut_buildings = int(cut.sum())
    for k in np.flatnonzero(cut)[:10]:
        seen.faults.append(f"building {lived[k]} is cut: {total[k] - most[k]:.2f} m2 elsewhere")
    sums = np.zeros(len(shapes), np.int64)
    first = np.full(len(lived), len(shapes))
    main = inside >= most[building] - 1e-9
    np.minimum.at(first, building[main], cell[main])
    for k in np.flatnonzero(first == len(shapes)):
        seen.faults.append(f"building {lived[k]} lies in no cell")
    held = first < len(shapes)
    np.add.at(sums, first[held], people[lived][held])
    seen.households = sums.tolist()


def _share_on_lines(shapes: np.ndarray, lines: Sequence[BaseGeometry]) -> float:
    """Share of the border length whose pieces of about 2 m lie on a line."""
    borders = shapely.get_parts(shapely.segmentize(shapely.boundary(shapes), 4.0))
    xy, ring = shapely.get_coordinates(borders, return_index=True)
    inner = ring[1:] == ring[:-1]
    middle = ((xy[1:] + xy[:-1]) / 2)[inner]
    length = np.hypot(*(xy[1:] - xy[:-1]).T)[inner]
    tree = shapely.STRtree(list(lines))
    hit, _ = tree.query(shapely.points(middle), predicate="dwithin", distance=ON_LINE_M)
    return float(length[np.unique(hit)].sum() / length.sum())
