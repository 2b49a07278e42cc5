"""A whole district of any size: lines, blocks, homes, areas, names, furniture, places, buses."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.names import Name
from cityloop.engines.district.uses import HOMES
from cityloop.engines.district.wide.areas import Pieces, Tree, new_tree
from cityloop.engines.district.wide.blocks import local_streets
from cityloop.engines.district.wide.buildings import build
from cityloop.engines.district.wide.buses import bus_lines
from cityloop.engines.district.wide.curves import Bend, Curves, new_curves
from cityloop.engines.district.wide.faces import Net, bounding, noded, polygons
from cityloop.engines.district.wide.furniture import parts_along
from cityloop.engines.district.wide.landuse import Density, target_m2, uses_of
from cityloop.engines.district.wide.lattice import Lines, new_lines
from cityloop.engines.district.wide.model import WideDistrict
from cityloop.engines.district.wide.naming import (
    Pairs,
    area_names,
    compound_names,
    street_name,
)
from cityloop.engines.district.wide.places import places_of
from cityloop.engines.district.wide.population import household_sizes
from cityloop.engines.district.wide.sizes import SIZES, Way
from cityloop.kernel.errors import DomainError

Ints = NDArray[np.int64]
_RURAL = 2600.0  # fewer households on a square kilometre, and names are those of villages


def generate_wide(size: str = "chaoyang", seed: int = 7) -> WideDistrict:
    """A synthetic district around an invented place in the plain, as columns.

    Args:
        size: "chaoyang" (43 subdistricts, 1,060 communities, 6 million households) or "town"
            (3 subdistricts, 36 communities), the same city in small.
        seed: any whole number >= 0; equal size and seed give an equal district.
    Raises: DomainError("district.unknown_size").
    Source: docs/algorithms/demo-district.md.
    """
    if size not in SIZES:
        raise DomainError(
            "district.unknown_size",
            f"District size {size!r} is not known. Allowed: {', '.join(SIZES)}.",
            f"没有名为 {size!r} 的演示区规模。可用：{'、'.join(SIZES)}。",
            where="size",
            details={"value": size, "allowed": list(SIZES)},
        )
    plan, dice = SIZES[size], Dice(seed)
    bend = Bend.new(dice)
    curves = new_curves(plan, bend, dice)
    lines = new_lines(plan, curves, bend, dice)
    density = Density.new(plan, curves, dice)
    quarters, blocks, street = _ground(lines, curves, density, dice)
    use = uses_of(blocks.shape, density, curves, dice)
    buildings, use = build(blocks.shape, use, blocks.edge, blocks.edge_way, plan, dice)
    quarter = _owner(quarters.shape, blocks.shape)
    households = np.bincount(buildings.block, buildings.households, len(use)).astype(np.int64)
    tree = new_tree(quarters, blocks, quarter, households, plan, dice)
    above = tree.community_subdistrict
    places = places_of(blocks.shape, use, tree.community, above[tree.community], buildings, dice)
    kind, part_xy, part_edge = parts_along(blocks.edge, blocks.edge_way, dice)
    buses = bus_lines(blocks.edge, blocks.edge_way, plan.bus_lines, dice)
    street_shape, street_way, edge_street = _streets(street, blocks)
    pairs = Pairs(dice)
    sub_names, com_names, cores = _area_names(tree, households, pairs, dice)
    named = _street_names(street_shape, street_way, street, tree, cores, pairs, curves.express_name)
    compound = np.intersect1d(np.flatnonzero(use < HOMES), buildings.block)
    compounds = compound_names([cores[c] for c in tree.community[compound]], use[compound])
    return WideDistrict(
        size=size, seed=seed, name=("澄川区（合成）", "Chengchuan District (synthetic)"),
        outline=shapely.coverage_union_all(tree.subdistrict_shape),
        subdistrict_shape=tree.subdistrict_shape, subdistrict_name=sub_names,
        community_shape=tree.community_shape, community_subdistrict=above,
        community_name=com_names, block_shape=blocks.shape, block_use=use,
        block_community=tree.community, compound_block=compound, compound_name=compounds,
        street_shape=street_shape, street_way=street_way, street_name=named,
        edge_shape=blocks.edge, edge_way=blocks.edge_way, edge_street=edge_street,
        building_shape=buildings.footprint, building_xy=buildings.xy,
        building_block=buildings.block, building_number=buildings.number,
        building_floors=buildings.floors, building_households=buildings.households,
        building_sizes=household_sizes(buildings.households, dice),
        part_class=kind, part_xy=part_xy, part_edge=part_edge,
        place_kind=places.kind, place_xy=places.xy, place_block=places.block,
        bus_stops=buses.lines, bus_path=buses.paths, stop_xy=buses.stop_xy,
        stop_edge=buses.stop_edge,
        water=shapely.intersection(curves.water, curves.outline),
        railway=shapely.intersection(curves.railway, curves.outline), core=cores,
    )  # fmt: skip


def _ground(
    lines: Lines, curves: Curves, density: Density, dice: Dice
) -> tuple[Pieces, Pieces, Lines]:
    """Quarters between larger lines, blocks between all lines, and all lines."""
    rough = noded(lines.shape)
    shape = polygons(rough.edge)
    quarters = Pieces(shape, rough.edge, lines.way[rough.line], _middle(shape))
    inside = shapely.point_on_surface(shape)
    open_ = ~(shapely.contains(curves.water, inside) | shapely.contains(curves.rail, inside))
    target = target_m2(density(quarters.middle[open_]))
    local = local_streets(shape[open_], target, dice)
    # pieces of larger lines as they are now, so that both sides of a quarter are the same
    every = np.concatenate([rough.edge, local])
    fine = noded(every)
    first = int(lines.street.max()) + 1
    way = np.concatenate([lines.way[rough.line], np.full(len(local), Way.LOCAL)])
    number = np.concatenate([lines.street[rough.line], first + np.arange(len(local))])
    blocks_shape = polygons(fine.edge)
    fine = Net(*bounding(fine, blocks_shape))
    blocks = Pieces(blocks_shape, fine.edge, way[fine.line], _middle(blocks_shape))
    return quarters, blocks, Lines(fine.edge, way[fine.line], number[fine.line])


def _middle(shape: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(np.round(shapely.get_coordinates(shapely.centroid(shape)), 2), np.float64)


def _owner(outer: NDArray[np.object_], inner: NDArray[np.object_]) -> Ints:
    """The outer piece in which each inner one lies."""
    points = shapely.point_on_surface(inner)
    found = np.full(len(inner), -1, np.int64)
    one, other = shapely.STRtree(outer).query(points, predicate="within")
    found[one] = other
    lost = np.flatnonzero(found < 0)
    if len(lost):
        found[lost] = shapely.STRtree(outer).nearest(points[lost])
    return found


def _streets(lines: Lines, blocks: Pieces) -> tuple[NDArray[np.object_], Ints, Ints]:
    """Streets as lines in one piece where they hang together, and the street of each edge."""
    is_street = (lines.street >= 0) & (lines.way <= Way.LOCAL)
    _, at, of_edge = np.unique(lines.street[is_street], return_index=True, return_inverse=True)
    way = lines.way[is_street][at]
    edges = blocks.edge[is_street]
    order = np.argsort(of_edge, kind="stable")
    cuts = np.flatnonzero(np.diff(of_edge[order])) + 1
    shape = np.array([_joined(edges[own]) for own in np.split(order, cuts)], dtype=object)
    edge_street = np.full(len(blocks.edge), -1, np.int64)
    edge_street[is_street] = of_edge
    return shape, way, edge_street


def _joined(edges: NDArray[np.object_]) -> shapely.Geometry:
    if len(edges) == 1:
        return edges[0]
    return shapely.line_merge(shapely.multilinestrings(list(edges)))


def _area_names(
    tree: Tree, households: Ints, pairs: Pairs, dice: Dice
) -> tuple[list[Name], list[Name], list[Name]]:
    """Names of subdistricts and communities, and the two characters of each community."""
    n = len(tree.community_shape)
    held = np.bincount(tree.community, households, n)
    thin = held / (shapely.area(tree.community_shape) / 1e6) < _RURAL
    sub_held = np.bincount(tree.community_subdistrict, held)
    sub_thin = sub_held / (shapely.area(tree.subdistrict_shape) / 1e6) < 2 * _RURAL
    own = [pairs.take() for _ in sub_thin]
    cores = [pairs.take() for _ in range(n)]
    subs = [
        (zh + ("地区" if t else "街道"), f"{en} {'Area' if t else 'Subdistrict'}")
        for (zh, en), t in zip(area_names(own, sub_thin, dice), sub_thin, strict=True)
    ]
    communities = [
        (zh + ("村" if t else "社区"), f"{en} {'Village' if t else 'Community'}")
        for (zh, en), t in zip(area_names(cores, thin, dice), thin, strict=True)
    ]
    return subs, communities, cores


def _street_names(
    shape: NDArray[np.object_],
    way: Ints,
    lines: Lines,
    tree: Tree,
    cores: list[Name],
    pairs: Pairs,
    express: list[Name],
) -> list[Name]:
    """Expressways by their place, larger streets by pairs of their own, lanes by the community."""
    middle = shapely.line_interpolate_point(shapely.get_geometry(shape, 0), 0.5, normalized=True)
    home = shapely.STRtree(tree.community_shape).nearest(middle)
    box = shapely.bounds(shape)
    north = (box[:, 3] - box[:, 1]) > (box[:, 2] - box[:, 0])
    number = np.unique(lines.street[(lines.street >= 0) & (lines.way <= Way.LOCAL)])
    used: dict[tuple[int, bool], int] = {}
    names: list[Name] = []
    for k, w in enumerate(way.tolist()):
        if w == Way.EXPRESS:
            names.append(express[int(number[k])])
        elif w < Way.LOCAL:
            names.append(street_name(pairs.take(), w, runs_north=bool(north[k])))
        else:
            key = (int(home[k]), bool(north[k]))
            nth = used[key] = used.get(key, 0) + 1
            names.append(street_name(cores[key[0]], w, runs_north=key[1], number=nth))
    return names
