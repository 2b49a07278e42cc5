"""Shapes of a batch: to WGS84, checked, repaired or refused; by arrays, told one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds, CoordinateSystem, LocalPlane, check_many

Shapes = NDArray[np.object_]
NARROW_M = 0.05  # an area that is thinner everywhere is an error of drawing
MOST_POINTS = 200_000
_DIMENSION = {"point": 0, "line": 1, "polygon": 2}


@dataclass(slots=True)
class Judged:
    """Shapes in WGS84 degrees; errors by place; repairs by place: (reason, change of area)."""

    shapes: Shapes
    errors: dict[int, DomainError] = field(default_factory=dict)
    repairs: dict[int, tuple[str, float]] = field(default_factory=dict)


def judge_shapes(
    given: Sequence[BaseGeometry | None],
    system: CoordinateSystem,
    *,
    order: str = "lon,lat",
    bounds: Bounds | None = None,
    smallest_m2: Sequence[float] = (),
    repair: bool = True,
    closed: Collection[int] = (),
) -> Judged:
    """What of these shapes can be used.

    Args:
        given: in the layer's system; None = the feature has none.
        order: of the two numbers as they stand in the file.
        bounds: of the city: swapped numbers show by it.
        smallest_m2: least area of each, square metres; () = no limit.
        repair: mend invalid shapes; else they are refused.
        closed: places of shapes of which a ring had to be closed by their reader.
    """
    found = Judged(_flat(given, order))
    _refuse_bare(found)
    raw = found.shapes.copy()
    found.shapes = shapely.transform(
        found.shapes, lambda xy: np.column_stack(system.to_wgs84(xy[:, 0], xy[:, 1]))
    )
    _refuse_places(found, raw, system, bounds)
    _take_closed(found, closed, repair=repair)
    _mend(found, repair=repair)
    if len(smallest_m2):
        _refuse_slivers(found, np.asarray(smallest_m2, np.float64))
    return found


def _flat(given: Sequence[BaseGeometry | None], order: str) -> Shapes:
    shapes = np.empty(len(given), dtype=object)
    shapes[:] = given
    shapes = shapely.force_2d(shapes)
    if order == "lat,lon":
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return np.asarray(shapes, dtype=object)


def _refuse(found: Judged, place: int, error: DomainError) -> None:
    found.errors.setdefault(place, error)
    found.shapes[place] = None


def _refuse_bare(found: Judged) -> None:
    none = np.array([s is None for s in found.shapes], bool)
    empty = shapely.is_empty(found.shapes)
    count = shapely.get_num_coordinates(found.shapes)
    for k in np.flatnonzero(none | empty):
        _refuse(found, int(k), geometry_error("has no geometry", "没有几何"))
    for k in np.flatnonzero(count > MOST_POINTS):
        _refuse(found, int(k), geometry_error(
            f"has {count[k]:,} points; at most {MOST_POINTS:,}. Simplify it",
            f"有 {count[k]:,} 个点，至多 {MOST_POINTS:,} 个，请先简化",
        ))  # fmt: skip


def _refuse_places(
    found: Judged, raw: Shapes, system: CoordinateSystem, bounds: Bounds | None
) -> None:
    """The first impossible point of each shape speaks for it."""
    xy, owner = shapely.get_coordinates(found.shapes, return_index=True)
    if not len(xy):
        return
    with np.errstate(invalid="ignore"):
        codes = check_many(xy[:, 0], xy[:, 1], bounds)
    bad = np.flatnonzero(codes != "")
    first = {int(owner[k]): int(k) for k in bad[::-1]}
    swapped = _swapped_plane(raw, system, bounds, first, xy, owner)
    for place, k in first.items():
        code = "place.swapped" if place in swapped else str(codes[k])
        old = shapely.get_coordinates(raw[place])[0]
        _refuse(found, place, _place_error(code, float(old[0]), float(old[1]), system))
    for place in swapped - first.keys():
        old = shapely.get_coordinates(raw[place])[0]
        _refuse(found, place, _place_error("place.swapped", float(old[0]), float(old[1]), system))


def _swapped_plane(
    raw: Shapes,
    system: CoordinateSystem,
    bounds: Bounds | None,
    first: dict[int, int],
    xy: NDArray[np.float64],
    owner: NDArray[np.int64],
) -> set[int]:
    """Shapes in metres whose northing stands first, as surveyors write x: only when exchanged
    do they lie in the city (or, where the city is not known yet, on the map of their zone)."""
    if not system.projected:
        return set()
    with np.errstate(invalid="ignore"):
        out = ~bounds.holds(*xy.T) if bounds else ~np.isfinite(xy).all(axis=1)
    doubtful = sorted({int(o) for o in np.unique(owner[out])} | first.keys())
    found = set()
    for place in doubtful:
        east, north = shapely.get_coordinates(raw[place])[0]
        lon, lat = system.to_wgs84([north], [east])
        large = east > 1.5e6 and 1e5 < north < 9e5
        if bounds.holds(lon, lat)[0] if bounds else large:
            found.add(place)
    return found


def _take_closed(found: Judged, closed: Collection[int], *, repair: bool) -> None:
    for k in closed:
        if repair:
            found.repairs[k] = ("Ring not closed", 0.0)
        else:
            _refuse(found, k, geometry_error(
                "has a ring that does not end where it began. Close it, or allow repair",
                "有环未闭合（首尾点不同）。请闭合，或允许修复",
            ))  # fmt: skip


def _mend(found: Judged, *, repair: bool) -> None:
    shapes = found.shapes
    present = np.array([s is not None for s in shapes], bool)
    invalid = present & ~shapely.is_valid(shapes)
    for k in np.flatnonzero(invalid):
        _mend_one(found, int(k), repair=repair)
    lines = shapely.length(found.shapes) == 0
    for k in np.flatnonzero(lines & (shapely.get_dimensions(found.shapes) == 1)):
        _refuse(found, int(k), geometry_error("is a line without length", "线的长度为零"))
    odd = shapely.get_type_id(found.shapes) == 7  # a collection is no one thing
    for k in np.flatnonzero(odd):
        _refuse(found, int(k), geometry_error(
            "is a collection of geometries; give each as a feature of its own",
            "是几何集合，请拆分为单独的要素",
        ))  # fmt: skip


def _mend_one(found: Judged, place: int, *, repair: bool) -> None:
    shape = found.shapes[place]
    why = shapely.is_valid_reason(shape)
    if not repair:
        _refuse(found, place, geometry_error(
            f"is not valid: {why}. Mend it there, or allow repair",
            f"几何无效：{why}。请在该处修正，或允许修复",
        ))  # fmt: skip
        return
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if mended.is_empty or shapely.get_dimensions(mended) != shapely.get_dimensions(shape):
        _refuse(found, place, geometry_error(
            f"cannot be repaired: {why}", f"无法修复：{why}"
        ))  # fmt: skip
        return
    most = max(mended.area, shape.area)
    found.shapes[place] = mended
    found.repairs[place] = (why, float(abs(mended.area - shape.area) / most) if most else 0.0)


def _refuse_slivers(found: Judged, smallest: NDArray[np.float64]) -> None:
    """Areas that are too small, or thinner than 5 cm everywhere (by area and perimeter)."""
    areas = shapely.get_dimensions(found.shapes) == 2
    if not areas.any():
        return
    box = shapely.total_bounds(found.shapes[areas])
    plane = LocalPlane(float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)
    flat = shapely.transform(
        found.shapes, lambda xy: np.column_stack(plane.to_xy(xy[:, 0], xy[:, 1]))
    )
    size, round_m = shapely.area(flat), shapely.length(flat)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * size / round_m
    for k in np.flatnonzero(areas & ((size < smallest) | (width < NARROW_M))):
        _refuse(found, int(k), DomainError(
            "geography.sliver",
            f"The area covers {size[k]:.2f} m² and is about {width[k]:.2f} m wide; at least "
            f"{smallest[k]:g} m² and {NARROW_M} m are expected. Left from "
            "drawing: delete it.",
            f"面积 {size[k]:.2f} 平方米、宽约 {width[k]:.2f} 米；应不小于 {smallest[k]:g} 平方米、"
            f"{NARROW_M} 米。多为绘图残留的碎片，请删除。",
            where="geometry",
        ))  # fmt: skip


def geometry_error(en: str, zh: str) -> DomainError:
    """A refusal of one shape."""
    return DomainError(
        "geography.geometry", f"The feature {en}.", f"该要素{zh}。", where="geometry"
    )


def _place_error(code: str, x: float, y: float, system: CoordinateSystem) -> DomainError:
    given = f"({x:.10g}, {y:.10g})"
    if code == "place.swapped":
        return DomainError(
            code,
            f"{given} is a place only when the two numbers are exchanged. Set "
            'order = "lat,lon" in the mapping (grid plan: --order lat,lon), or correct the file.',
            f'{given} 两数互换后才合理：请在映射中设 order = "lat,lon"（grid plan：--order '
            "lat,lon），或更正文件。",
            where="geometry",
            details={"x": x, "y": y},
        )
    return DomainError(
        code,
        f"{given} is no place in {system.name} ({system.code}). Is this the right system?",
        f"{given} 在 {system.name}（{system.code}）中不是有效位置，坐标系是否声明正确？",
        where="geometry",
        details={"x": str(x), "y": str(y), "system": system.code},
    )
