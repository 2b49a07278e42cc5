"""From labels of atoms to polygons that tile the community and cut no building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from cityloop.engines.partition.faces import Shapes, Sides, noded, pieces_between, sides_of
from cityloop.engines.partition.kernels import Ints, joined_pieces
from cityloop.engines.partition.survey import Ground, faces_at, nearest_site

REACH_M = 0.05
SMOOTH_M = 3.0  # a border between two rows of houses may be straightened by this much


@dataclass(frozen=True, slots=True)
class Drawing:
    """Polygons of the labels, and the label each building's ground went to."""

    labels: Ints
    shapes: Shapes
    building_label: Ints


def draw_cells(ground: Ground, labels: Ints) -> Drawing:
    """Polygons of the cells: an exact coverage of the community, each cell one piece if its atoms
    are; every footprint lies in one cell.

    Args:
        labels: cell of each atom.
    """
    lines = _cut_lines(ground, labels)
    split = np.unique(np.concatenate([_crossed(ground, lines), _on_streets(ground)]))
    rings = _rings(ground, split)
    pieces = pieces_between(ground.shape, noded([ground.faces.lines, *lines, *rings]))
    label, firm = _piece_labels(ground, pieces, labels, split)
    sides = sides_of(pieces)
    label = _without_strays(pieces, label, firm, sides)
    names = np.unique(label)
    shapes = np.array([_joined(pieces[label == name]) for name in names], dtype=object)
    return Drawing(names, shapes, labels[ground.atom])


def _rings(ground: Ground, split: Ints) -> Shapes:
    """Walls of some buildings, as far as they stand on the ground of the community."""
    prints = ground.footprints[split]
    shapely.prepare(ground.shape)
    over = ~shapely.covers(ground.shape, prints)
    prints[over] = shapely.intersection(prints[over], ground.shape)
    return np.asarray(shapely.boundary(prints), object)


def _joined(pieces: Shapes) -> object:
    return pieces[0] if len(pieces) == 1 else shapely.coverage_union_all(pieces)


def _cut_lines(ground: Ground, labels: Ints) -> Shapes:
    """Borders through blocks, straightened between their junctions."""
    ridges = ground.ridges
    cut = labels[ground.site_atom[ridges.i]] != labels[ground.site_atom[ridges.j]]
    if not cut.any():
        return np.array([], dtype=object)
    chains = shapely.line_merge(shapely.multilinestrings(ridges.lines[cut]))
    return _reaching(np.asarray(shapely.simplify(shapely.get_parts(chains), SMOOTH_M), object))


def _reaching(lines: Shapes) -> Shapes:
    """The lines, both ends a few centimetres longer, so that rounding leaves no end hanging just
    short of the street it meets; what sticks out bounds nothing and is dropped."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(np.append(True, line[1:] != line[:-1]))
    last = np.append(first[1:], len(xy)) - 1
    head, tail = xy[first] - xy[first + 1], xy[last] - xy[last - 1]
    head *= REACH_M / np.maximum(np.hypot(*head.T), 1e-9)[:, None]
    tail *= REACH_M / np.maximum(np.hypot(*tail.T), 1e-9)[:, None]
    longer = np.concatenate([xy, xy[first] + head, xy[last] + tail])
    place = np.concatenate([np.arange(len(xy)), first - 0.25, last + 0.25])
    order = np.argsort(place, kind="stable")
    owner = np.concatenate([line, line[first], line[last]])[order]
    return np.asarray(shapely.linestrings(longer[order], indices=owner), object)


def _crossed(ground: Ground, lines: Shapes) -> Ints:
    """Buildings that a line runs through."""
    if not len(lines) or not len(ground.footprints):
        return np.array([], np.int64)
    tree = shapely.STRtree(ground.footprints)
    return np.unique(tree.query(lines, predicate="intersects")[1])


def _on_streets(ground: Ground) -> Ints:
    """Buildings that reach into two faces."""
    sides = ground.faces.sides
    if not len(sides.left) or not len(ground.footprints):
        return np.array([], np.int64)
    lines = shapely.linestrings(np.stack([sides.a, sides.b], axis=1))
    return _crossed(ground, lines)


def _piece_labels(ground: Ground, pieces: Shapes, labels: Ints, split: Ints) -> tuple[Ints, Ints]:
    """(label of each piece, 1 where a building holds it): the building on it, else most of the
    sites in it, else the nearest site of its face."""
    inside = np.asarray(shapely.get_coordinates(shapely.point_on_surface(pieces)), np.float64)
    face = faces_at(ground.faces, inside)
    site = nearest_site(inside, face, ground.sites, ground.site_face)
    label = labels[ground.site_atom[site]]
    firm = np.zeros(len(pieces), np.int64)
    tree = shapely.STRtree(pieces)
    dots, at = tree.query(shapely.points(ground.sites), predicate="within")
    own = labels[ground.site_atom[dots]]
    votes = np.zeros((len(pieces), int(labels.max()) + 1), np.int64)
    np.add.at(votes, (at, own), 1)
    held = votes.sum(axis=1) > 0
    label[held] = votes[held].argmax(axis=1)
    homes = shapely.points(ground.points)
    dots, at = tree.query(homes, predicate="within")
    firm[at] = 1
    if len(split):
        prints = shapely.STRtree(ground.footprints[split])
        within, print_ = prints.query(shapely.points(inside), predicate="within")
        label[within] = labels[ground.atom[split[print_]]]
        firm[within] = 1
    return label, firm


def _without_strays(pieces: Shapes, label: Ints, firm: Ints, sides: Sides) -> Ints:
    """Parts of a cell apart from its main part go to the cell they share most border with."""
    n, area, length = len(pieces), shapely.area(pieces), sides.length
    label = label.copy()
    for _ in range(6):
        same = label[sides.left] == label[sides.right]
        part = joined_pieces(n, sides.left[same], sides.right[same])
        count = int(part.max()) + 1
        cells = np.unique(label)
        if count == len(cells):
            return label
        weight = np.bincount(part, area + 1e9 * firm, minlength=count)
        owner = np.zeros(count, np.int64)
        owner[part] = label
        order = np.lexsort((weight, owner))
        main = np.zeros(count, bool)
        main[order[np.append(owner[order][1:] != owner[order][:-1], True)]] = True
        moved = False
        for stray in np.flatnonzero(~main):
            own = part == stray
            out = own[sides.left] != own[sides.right]
            if not out.any():
                continue
            beside = np.where(own[sides.left], sides.right, sides.left)[out]
            shared = np.bincount(label[beside], length[out])
            if label[own][0] < len(shared):
                shared[label[own][0]] = 0
            if shared.max() > 0:
                label[own] = int(np.argmax(shared))
                moved = True
        if not moved:
            return label
    return label
