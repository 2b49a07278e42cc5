"""Areas as lists and as GeoJSON."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.models import Area
from cityloop.city.places.queries.snapshot import shapes, tree
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

MOST = 200
MOST_FEATURES = 20_000
_METRES_PER_DEGREE = 111_320.0


def areas(
    *,
    viewer: Viewer,
    level: Level | None = None,
    parent_id: int | None = None,
    search: str = "",
    after: int = 0,
    limit: int = 50,
) -> list[AreaInfo]:
    """Current areas by id: of a level, directly below a parent, by a part of code or name."""
    need_scope(viewer, "places:read")
    known = tree()
    chosen = known.children(parent_id) if parent_id is not None else list(known)
    found = [
        a
        for a in chosen
        if a.current
        and a.id > after
        and (level is None or a.level is level)
        and (not search or search in a.code or search in a.name_zh or search in a.name_en)
    ]
    return sorted(found, key=lambda a: a.id)[: max(1, min(limit, MOST))]


def feature_collection(
    area_id: int | None,
    *,
    viewer: Viewer,
    level: Level | None = None,
    within: Bounds | None = None,
    simplify_m: float = 0.0,
) -> dict[str, Any]:
    """A subtree (None = everything) as GeoJSON, for maps.

    Args:
        level: only this level; else all.
        within: only areas whose box meets this one.
        simplify_m: how far borders may move; neighbours keep a common border.
    Raises: NotFound("place.unknown"), DomainError("areas.too_many") above 20,000 features.
    """
    need_scope(viewer, "places:read")
    outlines, known = shapes(), tree()  # the tree last: it then knows every outline
    ids = [a.id for a in known] if area_id is None else known.subtree(area_id)
    chosen = np.isin(outlines.ids, ids)
    if level is not None:
        chosen &= np.array([known.get(int(i)).level is level for i in outlines.ids], bool)
    if within is not None:
        chosen &= _meets(outlines.boxes, within)
    places = np.flatnonzero(chosen)
    if len(places) > MOST_FEATURES:
        raise DomainError(
            "areas.too_many",
            f"{len(places)} areas are too many for one answer (at most {MOST_FEATURES}). Ask for "
            "a smaller area, one level, or a box.",
            f"共 {len(places)} 个区域，超过一次返回上限 {MOST_FEATURES}，请缩小范围或指定层级。",
        )
    infos = [known.get(int(outlines.ids[k])) for k in places]
    drawn = _simplified(outlines.shapes[places], infos, simplify_m)
    features = [_feature(info, shape) for info, shape in zip(infos, drawn, strict=True)]
    return {"type": "FeatureCollection", "features": features}


def export_areas(area_id: int | None = None) -> dict[str, Any]:
    """Current areas with everything an import reads, highest level first."""
    known, order = tree(), list(Level)
    ids = None if area_id is None else set(known.subtree(area_id))
    rows = Area.objects.filter(valid_until__isnull=True).select_related("parent")
    chosen = [a for a in rows.defer("parent__boundary") if ids is None or a.pk in ids]
    chosen.sort(key=lambda a: (order.index(Level(a.level)), a.code))
    return {"type": "FeatureCollection", "features": [_whole_feature(a) for a in chosen]}


def _meets(boxes: Any, within: Bounds) -> Any:
    west, south, east, north = within.as_tuple()
    return (
        (boxes[:, 0] <= east)
        & (boxes[:, 2] >= west)
        & (boxes[:, 1] <= north)
        & (boxes[:, 3] >= south)
    )


def _simplified(drawn: Any, infos: list[AreaInfo], simplify_m: float) -> Any:
    """Level by level: only areas of one level lie side by side."""
    if simplify_m <= 0 or not len(drawn):
        return drawn
    drawn = drawn.copy()
    levels = np.array([info.level.value for info in infos])
    # The tolerance of the coverage simplifier is the square root of an area.
    for level in np.unique(levels):
        own = levels == level
        drawn[own] = shapely.coverage_simplify(drawn[own], simplify_m / _METRES_PER_DEGREE)
    return drawn


def _feature(info: AreaInfo, shape: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": info.id,
        "geometry": json.loads(shapely.to_geojson(shape)),
        "properties": {
            "level": info.level.value,
            "code": info.code,
            "name_zh": info.name_zh,
            "name_en": info.name_en,
            "parent_id": info.parent_id,
            "households": info.households,
        },
    }


def _whole_feature(area: Area) -> dict[str, Any]:
    shape = shapely.from_wkb(bytes(area.boundary)) if area.boundary is not None else None
    properties = {
        **area.attributes,
        "level": area.level,
        "code": area.code,
        "name_zh": area.name_zh,
        "name_en": area.name_en,
        "parent": area.parent.code if area.parent else None,
        "households": area.households,
        "sensitive_place": area.sensitive_place,
        "synthetic": area.synthetic,
    }
    geometry = json.loads(shapely.to_geojson(shape)) if shape is not None else None
    return {"type": "Feature", "geometry": geometry, "properties": properties}
