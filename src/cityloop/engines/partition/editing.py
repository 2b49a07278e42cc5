"""People mend a division: merge, split, move a boundary. Each step tells at once what it breaks.

A step touches only the cells it is about; all others keep their shape to the last vertex, save
for vertices added where a new border meets theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.checking import check, weigh_cells
from cityloop.engines.partition.divide import Effort, divide_into, seeded
from cityloop.engines.partition.drawing import draw_cells
from cityloop.engines.partition.faces import GRID_M, snapped
from cityloop.engines.partition.intake import geometry_error
from cityloop.engines.partition.model import (
    Building,
    Cell,
    Community,
    Finding,
    Street,
    Window,
)
from cityloop.engines.partition.survey import Ground, survey
from cityloop.kernel.errors import DomainError

Polygons = Mapping[int, BaseGeometry]


@dataclass(frozen=True, slots=True)
class Division:
    """The cells of one community on the table.

    cells: polygon by number; locked: numbers nobody may change; taken: numbers of ended cells.
    buildings, streets: those of the community (streets are needed for splitting and moving only).
    """

    community: Community
    buildings: tuple[Building, ...]
    streets: tuple[Street, ...]
    cells: Polygons
    window: Window = field(default_factory=Window)
    locked: frozenset[int] = frozenset()
    taken: frozenset[int] = frozenset()

    def get(self, number: int) -> BaseGeometry:
        """The polygon of a cell. Raises: DomainError partition.no_cell."""
        if number not in self.cells:
            known = ", ".join(map(str, sorted(self.cells)))
            raise DomainError(
                "partition.no_cell",
                f"Community {self.community.code} has no cell {number}; it has {known}.",
                f"社区 {self.community.code} 没有网格 {number}，现有 {known}。",
                where="number",
                status=404,
            )
        return self.cells[number]

    def changeable(self, number: int) -> BaseGeometry:
        """The polygon of a cell that may be changed. Raises: also partition.locked."""
        if number in self.locked:
            raise DomainError(
                "partition.locked",
                f"Cell {number} is locked; unlock it before changing it.",
                f"网格 {number} 已锁定，请先解锁。",
                where="number",
                status=409,
            )
        return self.get(number)

    def next_number(self) -> int:
        """A number no cell has or had."""
        return max({*self.cells, *self.taken}, default=0) + 1


@dataclass(frozen=True, slots=True)
class Edited:
    """A division after a step: its cells weighed, what is wrong now, which cells changed."""

    division: Division
    changed: tuple[int, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


def look(division: Division, changed: Sequence[int] = ()) -> Edited:
    """The division as it is: every rule checked, every cell weighed."""
    found = check(division.community, division.buildings, division.cells, division.window)
    cells = weigh_cells(
        division.community.code, division.cells, division.buildings, division.window
    )
    return Edited(division, tuple(sorted(changed)), tuple(cells), tuple(found))


def put(division: Division, polygons: Polygons) -> Edited:
    """Polygons drawn by hand in place of the present ones (new numbers are new cells)."""
    for number, shape in polygons.items():
        if number in division.cells:
            division.changeable(number)
        if shape.is_empty or not shape.is_valid or shape.geom_type not in _AREAS:
            raise geometry_error(f"cell {number}", f"网格 {number}", shape)
    cells = {**division.cells, **polygons}
    return look(replace(division, cells=cells), list(polygons))


def merge(division: Division, numbers: Collection[int]) -> Edited:
    """Cells that touch become one; it has the lowest of their numbers.

    Raises: DomainError partition.no_cell, partition.locked, partition.apart, partition.too_few.
    """
    chosen = sorted(set(numbers))
    if len(chosen) < 2:
        raise DomainError(
            "partition.too_few", f"Two cells or more are needed to merge; given {chosen}.",
            f"合并至少需要两个网格，当前 {chosen}。", where="numbers",
        )  # fmt: skip
    shapes = [division.changeable(n) for n in chosen]
    whole = shapely.union_all(shapes, grid_size=GRID_M)
    if whole.geom_type != "Polygon":
        shown = ", ".join(map(str, chosen))
        raise DomainError(
            "partition.apart", f"Cells {shown} do not form one piece; merge neighbours only.",
            f"网格 {shown} 不能连成一块，只能合并相邻网格。", where="numbers",
        )  # fmt: skip
    cells = {n: s for n, s in division.cells.items() if n not in chosen}
    cells[chosen[0]] = whole
    taken = division.taken | set(chosen[1:])
    return look(_tidy(replace(division, cells=cells, taken=taken)), chosen[:1])


def split(division: Division, number: int, *, parts: int = 2, seed: int = 7) -> Edited:
    """One cell becomes several of about equal weight; the heaviest keeps the number.

    Raises: DomainError partition.no_cell, partition.locked, partition.indivisible (fewer atoms,
    that is buildings with weight or blocks, than parts).
    """
    ground = _survey(division, number, division.window)
    if parts < 2 or ground.atoms < parts:
        raise DomainError(
            "partition.indivisible",
            f"Cell {number} has {ground.atoms} units that cannot be cut (buildings, empty blocks); "
            f"{parts} parts are not possible. Allowed: 2 to {max(ground.atoms, 1)}.",
            f"网格 {number} 仅 {ground.atoms} 个不可分单元（建筑、空地块），不能分为 {parts} 份。",
            where="parts",
            details={"units": ground.atoms},
        )
    labels = divide_into(ground.graph, parts, division.window, seeded(seed), Effort())
    drawing = draw_cells(ground, labels)
    weight = np.bincount(labels, ground.graph.weight, minlength=len(drawing.labels))
    order = np.argsort(-weight[drawing.labels], kind="stable")
    first = division.next_number()
    names = [number, *range(first, first + len(order) - 1)]
    cells = {n: s for n, s in division.cells.items() if n != number}
    cells |= {n: drawing.shapes[i] for n, i in zip(names, order, strict=True)}
    return look(_tidy(replace(division, cells=cells)), names)


def move_buildings(division: Division, codes: Collection[str], to: int) -> Edited:
    """Buildings with the ground around them go to another cell.

    Raises: DomainError partition.no_cell, partition.locked, partition.unknown_building.
    """
    target = division.changeable(to)
    wanted = set(codes)
    unknown = sorted(wanted - {b.code for b in division.buildings})
    if unknown:
        raise DomainError(
            "partition.unknown_building",
            f"Building {unknown[0]} is not in community {division.community.code}.",
            f"建筑 {unknown[0]} 不在社区 {division.community.code} 内。",
            where="buildings",
            details={"unknown": unknown[:20]},
        )
    cells, changed = dict(division.cells), {to}
    present = weigh_cells(
        division.community.code, division.cells, division.buildings, division.window
    )
    for cell in present:
        going = wanted & set(cell.buildings)
        if not going or cell.number == to:
            continue
        division.changeable(cell.number)
        stays, goes = _parted(division, cell.number, going)
        target = shapely.union_all([target, goes], grid_size=GRID_M)
        changed.add(cell.number)
        if stays is None:
            del cells[cell.number]
        else:
            cells[cell.number] = stays
    cells[to] = target
    ended = set(division.cells) - set(cells)
    done = replace(division, cells=cells, taken=division.taken | ended)
    return look(_tidy(done), sorted(changed - ended))


def redraw(division: Division, to: int, area: BaseGeometry) -> Edited:
    """Everything inside a drawn area goes to a cell (a boundary is moved by drawing over it).

    A residential building the line runs through stays whole, on the side where more of it lies.
    Cells that lose everything end; locked cells lose nothing (the area stops at their border).
    """
    division.changeable(to)
    if area.is_empty or not area.is_valid or area.geom_type not in _AREAS:
        raise geometry_error("the drawn area", "所画范围", area)
    area = _round_buildings(division, shapely.intersection(area, division.community.polygon))
    kept = [division.cells[n] for n in division.locked if n in division.cells]
    if kept:
        area = shapely.difference(area, shapely.union_all(kept))
    area = snapped(area)
    cells, changed = {}, {to}
    for number, shape in division.cells.items():
        if number == to:
            cells[number] = _areas_of(shapely.union_all([shape, area], grid_size=GRID_M))
            continue
        rest = shape
        if shapely.area(shapely.intersection(shape, area)) > 0:
            rest = _areas_of(shapely.difference(shape, area, grid_size=GRID_M))
            changed.add(number)
        if not rest.is_empty:
            cells[number] = rest
    ended = set(division.cells) - set(cells)
    done = replace(division, cells=cells, taken=division.taken | ended)
    return look(_tidy(done), sorted(changed - ended))


_AREAS = ("Polygon", "MultiPolygon")


def _areas_of(shape: BaseGeometry) -> BaseGeometry:
    """The polygons of a shape; lines and points that an overlay leaves are dropped."""
    if shape.geom_type in _AREAS:
        return shape
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _survey(division: Division, number: int, window: Window) -> Ground:
    """A cell surveyed as if it were a community."""
    shape = division.changeable(number)
    inside = [b for b in division.buildings if shape.intersects(b.footprint.representative_point())]
    streets = [s for s in division.streets if s.line.intersects(shape)]
    return survey(Community(division.community.code, shape), inside, streets, window)


def _parted(
    division: Division, number: int, going: Collection[str]
) -> tuple[BaseGeometry | None, BaseGeometry]:
    """A cell cut in two: (what stays, or None; the ground of some buildings)."""
    every = tuple(replace(b, households=max(b.households, 1)) for b in division.buildings)
    ground = _survey(replace(division, buildings=every), number, Window())
    labels = np.zeros(ground.atoms, np.int64)
    leaving = [i for i, b in enumerate(ground.buildings) if b.code in going]
    labels[ground.atom[leaving]] = 1
    lonely = ground.graph.weight == 0
    if labels[~lonely].all():
        return None, division.cells[number]
    drawing = draw_cells(ground, labels)
    shape = dict(zip(drawing.labels.tolist(), drawing.shapes, strict=True))
    return shape[0], shape[1]


def _round_buildings(division: Division, area: BaseGeometry) -> BaseGeometry:
    """The area with no building cut by its border that must stay whole."""
    weight = division.window.weight
    whole = [b.footprint for b in division.buildings if b.is_whole(weight)]
    prints = np.array(whole, dtype=object)
    if not len(prints):
        return area
    cut = prints[shapely.intersects(prints, shapely.boundary(area))]
    if not len(cut):
        return area
    mostly = shapely.area(shapely.intersection(cut, area)) * 2 >= shapely.area(cut)
    rounded = shapely.union_all([area, *cut[mostly]])
    return shapely.difference(rounded, shapely.union_all(cut[~mostly]))


def _tidy(division: Division) -> Division:
    """Neighbours get each other's new vertices; nothing moves by more than a millimetre.

    A division with real overlaps is left as it is: they are for the person to see.
    """
    numbers = list(division.cells)
    shapes = np.array([division.cells[n] for n in numbers], dtype=object)
    clean = shapely.coverage_clean(shapes, snapping_distance=1e-3)
    if np.abs(shapely.area(clean) - shapely.area(shapes)).max(initial=0) > 0.5:
        return division
    return replace(division, cells=dict(zip(numbers, clean, strict=True)))
