"""A whole synthetic district from a size and a seed."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.areas import AreaTree, group_plots, new_tree
from cityloop.engines.district.borders import Borders, polygons_of
from cityloop.engines.district.dice import Dice
from cityloop.engines.district.furnish import new_components
from cityloop.engines.district.gazetteer import gazetteer_of
from cityloop.engines.district.ground import DM, Ground
from cityloop.engines.district.landuse import assign_uses
from cityloop.engines.district.model import Building, Compound, District
from cityloop.engines.district.names import Name, NameBook
from cityloop.engines.district.plan import SIZES, Plan, new_plan
from cityloop.engines.district.plots import Built, build, keep_inside
from cityloop.engines.district.scenery import landscape_of
from cityloop.engines.district.spots import new_spots
from cityloop.engines.district.streets import new_streets
from cityloop.engines.district.uses import HOMES
from cityloop.engines.locating import CellIndex
from cityloop.kernel.errors import DomainError


def generate(size: str = "street", seed: int = 7) -> District:
    """A synthetic district around an invented place in the plain.

    Args:
        size: "street" (one subdistrict, 14 communities) or "community" (one community).
        seed: any whole number >= 0; equal size and seed give an equal district.
    Raises: DomainError("district.unknown_size").
    Source: docs/algorithms/demo-district.md.
    """
    if size not in SIZES:
        allowed = ", ".join(SIZES)
        raise DomainError(
            "district.unknown_size",
            f"District size {size!r} is not known. Allowed: {allowed}.",
            f"没有名为 {size!r} 的演示区规模。可用：{allowed}。",
            where="size",
            details={"value": size, "allowed": list(SIZES)},
        )
    dice = Dice(seed)
    plan = new_plan(SIZES[size], dice)
    assign_uses(plan, dice)
    river_m = None if plan.river_v is None else plan.river_v * DM
    ground = Ground.new(dice, width_m=plan.width * DM, height_m=plan.height * DM, river_m=river_m)
    built = build(plan, ground, dice)
    borders = Borders(built.plots, ground)
    polygons = polygons_of(built.plots, borders)
    keep_inside(built, polygons)
    names = NameBook(dice)
    tree = _tree(built, polygons, SIZES[size].communities, names)
    cells = CellIndex([c.id for c in tree.cells], [c.polygon for c in tree.cells])
    streets = new_streets(plan, built.plots, built.plot_block.tolist(), borders, names)
    compounds = _compounds(plan, built, tree, names)
    buildings = _buildings(plan, built, tree, compounds)
    components = new_components(streets, cells, dice)
    block_spots = _block_spots(built, polygons)
    spots = new_spots(plan, block_spots, tree, buildings, components, cells, names, dice)
    landscape = landscape_of(plan, ground)
    gazetteer = gazetteer_of(tree, streets, list(compounds.values()), buildings, spots, cells)
    return District(
        size, seed, tree.all(), tuple(streets), tuple(compounds.values()), tuple(buildings),
        tuple(spots), tuple(components), tuple(landscape), tuple(gazetteer),
    )  # fmt: skip


def _tree(
    built: Built, polygons: NDArray[np.object_], communities: int, names: NameBook
) -> AreaTree:
    grouped = group_plots(built, communities)
    fixed = {"subdistrict": ("和安街道", "He'an Subdistrict"),
             "district": ("澄川区（合成）", "Chengchuan District (synthetic)")}  # fmt: skip
    own = [names.core() for _ in grouped]
    named: list[Name] = [(zh + "社区", en + " Community") for zh, en in own]
    return new_tree(grouped, built.plots, polygons, built.weight(), fixed, named)


def _compounds(plan: Plan, built: Built, tree: AreaTree, names: NameBook) -> dict[int, Compound]:
    """A compound for each residential block, by block."""
    compounds: dict[int, Compound] = {}
    middles = shapely.get_coordinates(shapely.centroid(built.footprint))
    for block, use in enumerate(plan.uses):
        mine = np.flatnonzero(built.block == block)
        if use >= HOMES or not len(mine):
            continue
        cell_ids = {tree.cells[k].id for k in tree.cell_of_plot[built.plot[mine]]}
        area_id = cell_ids.pop() if len(cell_ids) == 1 else min(cell_ids) // 1000
        lon, lat = np.round(middles[mine].mean(axis=0), 7)
        compounds[block] = Compound(
            len(compounds) + 1, *names.compound(use), use.name.lower(), area_id,
            int(built.households[mine].sum()), float(lon), float(lat),
        )  # fmt: skip
    return compounds


def _buildings(
    plan: Plan, built: Built, tree: AreaTree, compounds: dict[int, Compound]
) -> list[Building]:
    buildings = []
    for k in range(len(built.plot)):
        compound = compounds.get(int(built.block[k]))
        number = int(built.number[k])
        zh, en = ("", "")
        if compound is not None:
            zh, en = f"{compound.name_zh}{number}号楼", f"{compound.name_en} Building {number}"
        buildings.append(Building(
            k + 1, zh, en, plan.uses[built.block[k]].name.lower(),
            None if compound is None else compound.id,
            tree.cells[tree.cell_of_plot[built.plot[k]]].id,
            int(built.floors[k]), int(built.households[k]), built.footprint[k],
        ))  # fmt: skip
    return buildings


def _block_spots(built: Built, polygons: NDArray[np.object_]) -> list[tuple[float, float]]:
    """A point inside the first plot of each block."""
    _, first = np.unique(built.plot_block, return_index=True)
    inside = shapely.get_coordinates(shapely.point_on_surface(polygons[first]))
    return [(round(float(x), 7), round(float(y), 7)) for x, y in inside]
