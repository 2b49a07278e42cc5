"""The ground of the map and the names of a wide district."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings
from numpy.typing import NDArray

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places import ground
from cityloop.city.places.commands.names import NewName, add_names
from cityloop.data.geography.baking import MapLayer, bake
from cityloop.engines.district.wide import (
    KINDS,
    WIDTH_M,
    Use,
    Way,
    WideDistrict,
    degrees,
    lonlat,
)
from cityloop.hub.demo.domain.registers import place_names

_KIND = {Use.GREEN: "park", Use.FARM: "park", Use.RAILWAY: "industry"}
_ROAD = {Way.EXPRESS: "expressway", Way.ARTERIAL: "arterial", Way.SECONDARY: "secondary",
         Way.LOCAL: "local"}  # fmt: skip


def write_wide_ground(district: WideDistrict) -> int:
    """The ground of all maps as ready tiles beside the data; how many features it holds."""
    return bake(wide_ground(district), Path(settings.DATA) / ground.BAKED, stamps={})


def wide_ground(district: WideDistrict) -> Iterator[MapLayer]:
    """Blocks by use, water, railway, streets, buildings."""
    yield _land(district)
    rails = degrees(shapely.get_parts(district.railway))
    yield _layer("rail", rails, ground.LAND_FROM)
    roads = [_ROAD[Way(way)] for way in district.street_way.tolist()]
    yield _layer(
        "street", degrees(district.street_shape),
        np.array([ground.STREETS_FROM[road] for road in roads], np.int64), road=roads,
        zh=[zh for zh, _ in district.street_name], en=[en for _, en in district.street_name],
    )  # fmt: skip
    use = district.block_use[district.building_block].tolist()
    yield _layer(
        "building", degrees(district.building_shape), ground.HOUSES_FROM,
        use=[Use(u).name.lower() for u in use],
    )  # fmt: skip


def _land(district: WideDistrict) -> MapLayer:
    uses = [_KIND.get(u, u.name.lower()) for u in map(Use, district.block_use.tolist())]
    half = float(WIDTH_M[Way.LOCAL]) / 2
    inner = shapely.buffer(district.block_shape, -half, quad_segs=1, join_style="mitre")
    drawn = ~shapely.is_empty(inner) & (district.block_use != Use.WATER)
    kinds = [kind for kind, d in zip(uses, drawn, strict=True) if d]
    wet = degrees(shapely.get_parts(district.water))
    kinds += ["water"] * len(wet)
    return _layer("land", np.concatenate([degrees(inner[drawn]), wet]), ground.land_from(kinds),
                  kind=kinds)  # fmt: skip


def _layer(
    name: str, shapes: NDArray[np.object_], first: int | NDArray[np.int64], **columns: list[str]
) -> MapLayer:
    zooms = np.broadcast_to(np.asarray(first, np.int64), len(shapes))
    smallest = ground.SMALLEST_HOUSE if name == "building" else 0.0
    return MapLayer(name, np.arange(len(shapes)), shapes, dict(columns), zooms, smallest)


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
