"""Where two streets cross: from their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.elements import queries as elements
from cityloop.city.gazetteer.queries.found import Row
from cityloop.city.gazetteer.queries.streets import STREET
from cityloop.kernel.geo import LocalPlane

FITS = 0.75  # likeness from which a street may be the one that was said
_NAMES, _PARTS = 2, 400  # names considered of each of the two; parts of a street
_MEET_M = 40.0  # the lines of two wide roads end so near each other
_ONE_M = 150.0  # carriageways cross each other several times: one place


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two streets meet here. `like`, `likewise`: of their names. lon, lat: WGS84."""

    one: Row
    other: Row
    like: float
    likewise: float
    lon: float
    lat: float


def crossings(
    ones: Sequence[tuple[Row, float]], others: Sequence[tuple[Row, float]]
) -> list[Crossing]:
    """Where streets of the first names meet streets of the second, the likeliest names first.

    Args:
        ones, others: names found for what was said, each with its likeness.
    """
    first, second = _by_name(ones), _by_name(others)
    rows = [row for found in (first, second) for parts, _ in found.values() for row in parts]
    shapes = elements.shapes_of({row.source_id for row in rows})
    lines = {row.id: shapes[row.source_id] for row in rows if row.source_id in shapes}
    found = []
    for name, (parts, like) in first.items():
        for other, (more, likewise) in second.items():
            if name == other:
                continue
            for lon, lat in _meet([lines[r.id] for r in parts if r.id in lines],
                                  [lines[r.id] for r in more if r.id in lines]):  # fmt: skip
                found.append(Crossing(parts[0], more[0], like, likewise, lon, lat))
    return sorted(found, key=lambda c: (-c.like - c.likewise, c.one.id, c.other.id, c.lon))


def _by_name(given: Sequence[tuple[Row, float]]) -> dict[str, tuple[list[Row], float]]:
    """Streets that may be meant: all parts of the best names."""
    found: dict[str, tuple[list[Row], float]] = {}
    fitting = [(row, like) for row, like in given
               if row.kind == STREET and row.source == "element" and like >= FITS]  # fmt: skip
    for row, like in sorted(fitting, key=lambda g: (-g[1], g[0].id)):
        if row.name_zh in found or len(found) < _NAMES:
            parts, _ = found.setdefault(row.name_zh, ([], like))
            if len(parts) < _PARTS:
                parts.append(row)
    return found


def _meet(
    ones: Sequence[shapely.Geometry], others: Sequence[shapely.Geometry]
) -> list[tuple[float, float]]:
    """The places where two sets of lines come together, WGS84."""
    if not ones or not others:
        return []
    corner = shapely.get_coordinates(ones[0])[0]
    plane = LocalPlane(float(corner[0]), float(corner[1]))
    scale = np.array(plane.metres_per_degree)
    a, b = (_flat(lines, corner, scale) for lines in (ones, others))
    apart = shapely.distance(a[:, None], b[None, :])
    pairs = np.argwhere(apart <= _MEET_M)
    if not len(pairs):
        return []
    links = shapely.shortest_line(a[pairs[:, 0]], b[pairs[:, 1]])
    middles = shapely.get_coordinates(shapely.line_interpolate_point(links, 0.5, normalized=True))
    return [tuple((group.mean(axis=0) / scale + corner).tolist()) for group in _groups(middles)]


def _flat(
    lines: Sequence[shapely.Geometry], corner: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.object_]:
    whole = np.array(list(lines), dtype=object)
    return np.array(shapely.transform(whole, lambda c: (c - corner) * scale), dtype=object)


def _groups(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Points near each other as one place, each as far from the others as a crossing is wide."""
    groups: list[list[NDArray[np.float64]]] = []
    for point in points:
        near = [g for g in groups if np.hypot(*(np.mean(g, axis=0) - point)) < _ONE_M]
        if near:
            near[0].append(point)
        else:
            groups.append([point])
    return [np.array(group) for group in groups]
