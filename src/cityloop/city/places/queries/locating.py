"""Where is this point, which area does this text name?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.places.domain import AreaPath, Level
from cityloop.city.places.queries.snapshot import Remembered, shapes, tree
from cityloop.engines.locating import CellIndex
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds, check_lonlat, to_wgs84

KINDS = np.array(["outside", "inside", "edge"])  # by the value of engines.locating.Kind


def _read_index(_: int) -> CellIndex:
    known, areas = shapes(), tree()
    cells = [k for k, i in enumerate(known.ids) if areas.get(int(i)).level is Level.CELL]
    return CellIndex(known.ids[cells], known.shapes[cells])


def _read_bounds(_: int) -> Bounds | None:
    boxes = shapes().boxes
    if not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return Bounds(float(west), float(south), float(east), float(north))


_index = Remembered(_read_index)
bounds = Remembered(_read_bounds)


def locate(lons: ArrayLike, lats: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """The current cell of every point.

    Args:
        lons, lats: WGS84 degrees, shape (n,).
    Returns: (cell ids, -1 = in no cell; "inside", "edge" or "outside"), each of shape (n,). A
        point on a border belongs to the cell with the lowest id.
    """
    found = _index().locate(lons, lats)
    return found.ids, KINDS[found.kind]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one point lies, or why it has no place. lon, lat: WGS84 degrees."""

    lon: float | None
    lat: float | None
    kind: str
    cell_id: int | None = None
    path: AreaPath | None = None
    error: DomainError | None = None


def place_points(
    points: Sequence[tuple[float, float]], crs: str, *, viewer: Viewer
) -> list[Placed]:
    """Each (lon, lat) in a declared system with its cell and path, or with its error.

    Raises: DomainError("place.unknown_crs"); what is wrong with one point stands in its answer:
        place.swapped, place.out_of_range, place.not_finite, place.null_island, place.outside.
    """
    need_scope(viewer, "places:read")
    to_wgs84(0.0, 0.0, crs)  # refuses an unknown system even for no point at all
    box = bounds()
    checked = [_checked(lon, lat, crs, box, f"points[{k}]") for k, (lon, lat) in enumerate(points)]
    good = [p for p in checked if p.error is None]
    ids, kinds = locate([p.lon for p in good], [p.lat for p in good])
    areas = tree()  # after the cells: it then knows each of them, should they change right now
    found = iter(zip(ids.tolist(), kinds.tolist(), strict=True))
    answers = []
    for k, point in enumerate(checked):
        if point.error is not None:
            answers.append(point)
            continue
        cell, kind = next(found)
        if cell < 0:
            answers.append(Placed(point.lon, point.lat, kind, error=_outside(point, k, box)))
        else:
            answers.append(Placed(point.lon, point.lat, kind, cell, areas.path(cell)))
    return answers


def _checked(lon: float, lat: float, crs: str, box: Bounds | None, where: str) -> Placed:
    try:
        # Whether two numbers are swapped shows before the shift of a few hundred metres.
        check_lonlat(lon, lat, bounds=box, where=where)
        x, y = to_wgs84(lon, lat, crs)
        return Placed(x, y, "inside")
    except DomainError as error:
        return Placed(None, None, "refused", error=error)


def _outside(point: Placed, place: int, box: Bounds | None) -> DomainError:
    shown = f"lon={point.lon:.6f}, lat={point.lat:.6f} (wgs84)"
    en = f"points[{place}]: {shown} lies in no cell."
    zh = f"points[{place}]：{shown} 不在任何网格内。"
    details: dict[str, Any] = {"lon": point.lon, "lat": point.lat}
    if box is None:
        en, zh = f"{en} No cells are imported yet.", f"{zh}尚未导入网格。"
    else:
        details["bounds"] = list(box.as_tuple())
        en = f"{en} This city reaches from {box.west:.4f}, {box.south:.4f} to {box.east:.4f}, "
        en += f"{box.north:.4f}. Check the point and the declared crs."
        zh = f"{zh}本市范围 {box.west:.4f}, {box.south:.4f} 至 {box.east:.4f}, {box.north:.4f}，"
        zh += "请核对坐标与所声明的坐标系。"
    return DomainError("place.outside", en, zh, where=f"points[{place}]", details=details)
