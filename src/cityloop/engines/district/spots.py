"""Places people know and name when they report: schools, clinics, markets, parks ..."""

from __future__ import annotations

import numpy as np
import shapely

from cityloop.engines.district.areas import AreaTree
from cityloop.engines.district.dice import Dice
from cityloop.engines.district.model import Building, Component, Spot
from cityloop.engines.district.names import Name, NameBook
from cityloop.engines.district.plan import Plan
from cityloop.engines.district.uses import HOMES, Use
from cityloop.engines.locating import CellIndex

_OF_BLOCK: dict[Use, tuple[str, str, str]] = {
    Use.HOSPITAL: ("hospital", "医院", "Hospital"),
    Use.MARKET: ("market", "菜市场", "Food Market"),
    Use.PARK: ("park", "公园", "Park"),
    Use.COMMERCE: ("shopping", "商场", "Mall"),
    Use.OFFICE: ("office", "大厦", "Tower"),
    Use.INDUSTRY: ("works", "产业园", "Works"),
}
_SCHOOLS = (("小学", "Primary School"), ("中学", "Secondary School"))
_OF_COMMUNITY = (
    ("community_centre", "党群服务中心", "Community Service Centre"),
    ("clinic", "卫生服务站", "Clinic"),
    ("kindergarten", "幼儿园", "Kindergarten"),
)
_OF_SUBDISTRICT = (
    ("fire_station", "消防救援站", "Fire Station"),
    ("police_station", "派出所", "Police Station"),
    ("subdistrict_office", "街道办事处", "Subdistrict Office"),
)


def new_spots(
    plan: Plan, block_spots: list[tuple[float, float]], tree: AreaTree, buildings: list[Building],
    components: list[Component], cells: CellIndex, names: NameBook, dice: Dice,
) -> list[Spot]:  # fmt: skip
    """All known places; each has its own name and lies in a cell.

    Args:
        block_spots: a point (lon, lat) inside each block.
    """
    wanted: list[tuple[str, Name, tuple[float, float]]] = []
    schools = 0
    for use, spot in zip(plan.uses, block_spots, strict=True):
        if use is Use.SCHOOL:
            zh, en = _SCHOOLS[1 if schools % 3 == 2 else 0]
            wanted.append(("school", _named(names.core(), zh, en), spot))
            schools += 1
        elif use in _OF_BLOCK:
            kind, zh, en = _OF_BLOCK[use]
            wanted.append((kind, _named(names.core(), zh, en), spot))
    homes: dict[int, list[Building]] = {}
    for building in buildings:
        if building.use in {use.name.lower() for use in Use if use < HOMES}:
            homes.setdefault(building.cell_id // 1000, []).append(building)
    for community in tree.communities:
        core = community.name_zh.removesuffix("社区"), community.name_en.removesuffix(" Community")
        for kind, zh, en in _OF_COMMUNITY:
            choice = homes[community.id]
            wanted.append((kind, _named(core, zh, en), _door(choice[dice.pick(len(choice))], dice)))
    core = tree.subdistrict.name_zh.removesuffix("街道"), tree.subdistrict.name_en.split()[0]
    others = [b for b in buildings if b.use in ("office", "industry", "commerce", "slab")]
    for kind, zh, en in _OF_SUBDISTRICT:
        wanted.append((kind, _named(core, zh, en), _door(others[dice.pick(len(others))], dice)))
    wanted += [
        ("bus_stop", ("公交站", "Bus Stop"), (part.lon, part.lat))
        for part in components
        if part.class_code == "0204"
    ]
    lon, lat = np.array([spot for _, _, spot in wanted]).T
    located = cells.locate(lon, lat).ids
    return [
        Spot(n, kind, *name, int(area), float(spot[0]), float(spot[1]))
        for n, ((kind, name, spot), area) in enumerate(zip(wanted, located, strict=True), start=1)
        if area >= 0
    ]


def _named(core: Name, zh: str, en: str) -> Name:
    return core[0] + zh, f"{core[1]} {en}"


def _door(building: Building, dice: Dice) -> tuple[float, float]:
    """A point at the long side of a building."""
    west, south, *_ = shapely.get_coordinates(building.footprint)[:2].ravel()
    east, south2 = shapely.get_coordinates(building.footprint)[1]
    at = dice.number(0.3, 0.7)
    return round(west + (east - west) * at, 7), round(south + (south2 - south) * at, 7)
