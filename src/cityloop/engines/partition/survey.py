"""Atoms of a community: the ground of one building, or a block without homes, and their borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.faces import Faces, Shapes, Sides, find_faces, snapped
from cityloop.engines.partition.graph import Graph
from cityloop.engines.partition.kernels import Floats, Ints
from cityloop.engines.partition.model import Building, Community, Street, StreetClass, Window
from cityloop.engines.partition.sites import distinct, footprint_sites, joined
from cityloop.engines.partition.voronoi import Ridges, find_ridges

# What a metre of border costs: dear through a block, welcome along a wide street or water.
OPEN_COST = 1.0
STREET_COST = {
    StreetClass.EXPRESSWAY: -0.2,
    StreetClass.ARTERIAL: -0.1,
    StreetClass.WATER: -0.1,
    StreetClass.WALL: 0.3,
    StreetClass.SECONDARY: 0.35,
    StreetClass.LOCAL: 0.5,
}
ORDER = list(STREET_COST)  # where two lines lie on each other the first of these counts
SAMPLE_M = 8.0
ON_LINE_M = 0.05
APART_M = 1e6  # faces are laid so far above each other that no site of another one is near


@dataclass(frozen=True, slots=True)
class Ground:
    """A community surveyed for dividing; every array is local to it.

    buildings: those whose point lies in it; atom: atom of each, households or not.
    sites: points (m, 2) with their face and atom; the ground nearest to a site (in its face)
    belongs to its atom. side_class: position in ORDER of each side, -1 = no street.
    """

    community: Community
    shape: BaseGeometry
    buildings: tuple[Building, ...]
    footprints: Shapes
    points: Floats
    atom: Ints
    faces: Faces
    side_cost: Floats
    sites: Floats
    site_face: Ints
    site_atom: Ints
    ridges: Ridges
    graph: Graph

    @property
    def atoms(self) -> int:
        """How many atoms there are."""
        return len(self.graph)


def survey(
    community: Community, buildings: Sequence[Building], streets: Sequence[Street], window: Window
) -> Ground:
    """Faces, atoms and the graph of one community.

    Args:
        buildings: those whose point lies in the community; others must not be among them.
        streets: lines that touch it; others do no harm.
    """
    shape = snapped(community.polygon)
    lines = np.array([street.line for street in streets], dtype=object)
    kinds = np.array([ORDER.index(street.kind) for street in streets], np.int64)
    faces = find_faces(shape, lines)
    footprints = np.array([b.footprint for b in buildings], dtype=object)
    points = inner_points(footprints)
    weight = np.array([b.weigh(window.weight) for b in buildings], np.int64)
    place = faces_at(faces, points)
    solid = np.array([b.is_whole(window.weight) for b in buildings], bool)
    sites, site_face, site_atom, total, homes = _sites(
        faces, footprints, points, place, weight, solid
    )
    ridges = find_ridges(sites, site_face, site_atom, faces.shapes)
    side_cost = _side_costs(faces.sides, lines, kinds)
    graph = _graph(faces, sites, site_face, site_atom, ridges, side_cost, total)
    rest = homes < 0
    homes[rest] = site_atom[nearest_site(points[rest], place[rest], sites, site_face)]
    return Ground(
        community, shape, tuple(buildings), footprints, points, homes, faces, side_cost,
        sites, site_face, site_atom, ridges, graph,
    )  # fmt: skip


def inner_points(footprints: Shapes) -> Floats:
    """A point inside each footprint: the centroid where it lies inside."""
    if not len(footprints):
        return np.empty((0, 2))
    points = shapely.centroid(footprints)
    out = ~shapely.contains(footprints, points)
    points[out] = shapely.point_on_surface(footprints[out])
    return np.asarray(shapely.get_coordinates(points), np.float64)


def faces_at(faces: Faces, points: Floats) -> Ints:
    """The face of each point; of points on a line, one of its faces."""
    found = np.zeros(len(points), np.int64)
    if len(faces.pieces) > 1 and len(points):
        dots = shapely.points(points)
        tree = shapely.STRtree(faces.pieces)
        at = np.full(len(points), -1, np.int64)
        hit, piece = tree.query(dots, predicate="intersects")
        at[hit] = piece
        out = at < 0
        if out.any():
            at[out] = tree.nearest(dots[out])
        found = faces.face_of[at]
    return found


def nearest_site(points: Floats, face: Ints, sites: Floats, site_face: Ints) -> Ints:
    """For each point the nearest site of its face."""
    tree = cKDTree(np.column_stack([sites, site_face * APART_M]))
    _, found = tree.query(np.column_stack([points, face * APART_M]))
    return np.asarray(found, np.int64)


def _sites(
    faces: Faces,
    footprints: Shapes,
    points: Floats,
    place: Ints,
    weight: Ints,
    solid: NDArray[np.bool_],
) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """(sites, face and atom of each, weight of each atom, atom of each building or -1).

    solid: buildings no border may cut.
    """
    homes = np.flatnonzero(solid)
    atom_of = np.full(len(weight), -1, np.int64)
    atom_of[homes] = joined(footprints[homes])
    total = np.bincount(atom_of[homes], weight[homes]).astype(np.int64)
    empty = np.setdiff1d(np.arange(len(faces)), place[homes])
    sites, owner = footprint_sites(footprints[homes], points[homes])
    site_face, site_atom = place[homes][owner], atom_of[homes][owner]
    if len(empty):
        spots = shapely.get_coordinates(shapely.point_on_surface(faces.shapes[empty]))
        sites = np.concatenate([sites, spots])
        site_face = np.concatenate([site_face, empty])
        site_atom = np.concatenate([site_atom, len(total) + np.arange(len(empty))])
        total = np.concatenate([total, np.zeros(len(empty), np.int64)])
    kept = distinct(sites, site_face)
    return sites[kept], site_face[kept], site_atom[kept], total, atom_of


def _side_costs(sides: Sides, lines: Shapes, kinds: Ints) -> Floats:
    """Cost of a metre along each side: that of the widest street it lies on."""
    best = np.full(len(sides.left), len(ORDER), np.int64)
    if len(best) and len(lines):
        middle = shapely.points((sides.a + sides.b) / 2)
        hit, line = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=ON_LINE_M)
        np.minimum.at(best, hit, kinds[line])
    costs = np.array([*STREET_COST.values(), STREET_COST[StreetClass.LOCAL]])
    return np.asarray(costs[best], np.float64)


def _graph(
    faces: Faces, sites: Floats, site_face: Ints, site_atom: Ints, ridges: Ridges,
    side_cost: Floats, weight: Ints,
) -> Graph:  # fmt: skip
    """Neighbours within a face by their ridge, across a street by samples along it."""
    sides = faces.sides
    count = np.maximum(np.ceil(sides.length / SAMPLE_M), 1).astype(np.int64)
    which = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    at = ((step + 0.5) / count[which])[:, None]
    samples = sides.a[which] * (1 - at) + sides.b[which] * at
    metres = (sides.length / count)[which]
    beside = faces.face_of[np.concatenate([sides.left[which], sides.right[which]])]
    near = site_atom[nearest_site(np.tile(samples, (2, 1)), beside, sites, site_face)]
    left, right = near[: len(which)], near[len(which) :]
    apart = left != right
    i = np.concatenate([site_atom[ridges.i], left[apart]])
    j = np.concatenate([site_atom[ridges.j], right[apart]])
    length = np.concatenate([ridges.length, metres[apart]])
    cost = np.concatenate([ridges.length * OPEN_COST, (metres * side_cost[which])[apart]])
    return Graph.of(weight, i, j, length, cost)


def touching(shapes: NDArray[np.object_], others: NDArray[np.object_]) -> list[Ints]:
    """For each shape the positions of the others that touch its ground, ascending."""
    i, j = (
        shapely.STRtree(others).query(shapes, predicate="intersects") if len(others) else ([], [])
    )
    order = np.lexsort((j, i))
    i, j = np.asarray(i, np.int64)[order], np.asarray(j, np.int64)[order]
    return np.split(j, np.searchsorted(i, np.arange(1, len(shapes))))
