"""The ground of the map and the names of a wide district."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.commands.names import NewName, add_names
from cityloop.engines.district.wide import (
    KINDS,
    WIDTH_M,
    Use,
    Way,
    WideDistrict,
    degrees,
    lonlat,
)
from cityloop.hub.demo.commands.town import BASEMAP
from cityloop.hub.demo.domain.registers import place_names

_ROAD = {Way.EXPRESS: "arterial", Way.ARTERIAL: "arterial", Way.SECONDARY: "secondary",
         Way.LOCAL: "local"}  # fmt: skip
_KIND = {Use.GREEN: "park", Use.FARM: "park", Use.RAILWAY: "industry"}


def write_wide_ground(district: WideDistrict) -> int:
    """Blocks by use, water, streets and buildings beside the data; bytes written."""
    uses = [_kind(Use(u)) for u in district.block_use.tolist()]
    half = float(WIDTH_M[Way.LOCAL]) / 2
    inner = shapely.buffer(district.block_shape, -half, quad_segs=1, join_style="mitre")
    drawn = ~shapely.is_empty(inner) & (district.block_use != Use.WATER)
    land = _features(degrees(inner[drawn]), (
        {"kind": kind} for kind, d in zip(uses, drawn, strict=True) if d
    ))  # fmt: skip
    wet = degrees(shapely.get_parts(district.water))
    water = _features(wet, ({"kind": "water"} for _ in wet))
    streets = _features(degrees(district.street_shape), (
        {"road": _ROAD[Way(way)], "name_zh": zh, "name_en": en}
        for (zh, en), way in zip(district.street_name, district.street_way.tolist(), strict=True)
    ))  # fmt: skip
    use = district.block_use[district.building_block].tolist()
    houses = _features(
        degrees(district.building_shape), ({"use": Use(u).name.lower()} for u in use)
    )
    text = (
        '{"streets":{"features":[' + ",".join(streets)
        + ']},"landscape":{"features":[' + ",".join([*land, *water])
        + ']},"buildings":{"features":[' + ",".join(houses) + "]}}"
    )  # fmt: skip
    path = Path(settings.DATA) / BASEMAP
    return path.write_text(text, encoding="utf-8")


def _kind(use: Use) -> str:
    return _KIND.get(use, use.name.lower())


def _features(
    shapes: NDArray[np.object_], properties: Iterable[dict[str, object]]
) -> Iterator[str]:
    drawn = shapely.to_geojson(shapes)
    for text, own in zip(drawn, properties, strict=True):
        told = json.dumps({"synthetic": True} | own, ensure_ascii=False)
        yield f'{{"type":"Feature","geometry":{text},"properties":{told}}}'


def wide_names(district: WideDistrict) -> list[NewName]:
    """Streets, compounds and public places, Chinese and English, each in its community."""
    codes = district.community_codes()
    found: list[NewName] = []

    def add(names: tuple[str, str], kind: str, community: int, at: NDArray[np.float64]) -> None:
        for name in names:
            found.append(NewName(name, kind, codes[community], float(at[0]), float(at[1])))

    inside = lonlat(_inside(district.block_shape[district.compound_block]))
    for k, block in enumerate(district.compound_block.tolist()):
        add(district.compound_name[k], "compound", district.block_community[block], inside[k])
    longest = shapely.get_geometry(district.street_shape, 0)
    middle = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    home = shapely.STRtree(district.community_shape).nearest(middle)
    at = lonlat(shapely.get_coordinates(middle))
    for k, name in enumerate(district.street_name):
        add(name, "street", int(home[k]), at[k])
    public = [k for k, kind in enumerate(district.place_kind.tolist()) if KINDS[kind].public]
    names, spots = place_names(district), lonlat(district.place_xy)
    for k in public:
        add(names[k], "poi", int(district.block_community[district.place_block[k]]), spots[k])
    return found


def _inside(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shapes)), np.float64)


def add_wide_names(district: WideDistrict, *, now: datetime) -> int:
    """Names by which texts are located; how many are new."""
    return add_names(wide_names(district), actor=SYSTEM, now=now)
