"""Places people know: schools, hospitals, fire stations, shelters, shops, by kind and position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.uses import HOMES, Use
from cityloop.engines.district.wide.buildings import Buildings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place. `public`: named and known; the rest are businesses."""

    key: str
    zh: str
    en: str
    public: bool = True


KINDS = (
    Kind("hospital", "医院", "Hospital"), Kind("school", "学校", "School"),
    Kind("market", "菜市场", "Food Market"), Kind("park", "公园", "Park"),
    Kind("shopping", "商场", "Mall"), Kind("office", "大厦", "Tower"),
    Kind("works", "产业园", "Works"), Kind("shelter", "应急避难场所", "Emergency Shelter"),
    Kind("community_centre", "党群服务中心", "Community Service Centre"),
    Kind("clinic", "卫生服务站", "Clinic"), Kind("kindergarten", "幼儿园", "Kindergarten"),
    Kind("elderly_care", "养老驿站", "Elderly Care Station"),
    Kind("fire_station", "消防救援站", "Fire Station"),
    Kind("police_station", "派出所", "Police Station"),
    Kind("subdistrict_office", "街道办事处", "Subdistrict Office"),
    Kind("ambulance_station", "急救站", "Ambulance Station"),
    Kind("restaurant", "餐馆", "Restaurant", False), Kind("shop", "便利店", "Shop", False),
    Kind("hotel", "宾馆", "Hotel", False), Kind("pharmacy", "药店", "Pharmacy", False),
    Kind("bank", "银行网点", "Bank Branch", False), Kind("company", "公司", "Company", False),
    Kind("gym", "健身房", "Gym", False), Kind("barber", "理发店", "Barber", False),
)  # fmt: skip
_NUMBER = {kind.key: n for n, kind in enumerate(KINDS)}
_OF_BLOCK = {
    Use.HOSPITAL: "hospital", Use.SCHOOL: "school", Use.MARKET: "market",
    Use.PARK: "park", Use.COMMERCE: "shopping", Use.OFFICE: "office",
    Use.INDUSTRY: "works",
}  # fmt: skip
_OF_COMMUNITY = ("community_centre", "clinic", "kindergarten", "elderly_care")
_OF_SUBDISTRICT = ("fire_station", "police_station", "subdistrict_office", "ambulance_station")
# businesses a building has on average, if it stood in homes; times _BUSY by use
_RATE = {"restaurant": 0.42, "shop": 0.75, "hotel": 0.03, "pharmacy": 0.05, "bank": 0.04,
         "company": 0.22, "gym": 0.03, "barber": 0.12}  # fmt: skip
_BUSY = np.array([0.55, 0.6, 0.55, 0.35, 6.0, 4.5, 0.05, 0.3, 7.0, 1.2, 0.0, 0.0, 0.05, 0.0, 0.0])
_SHELTER_M2 = 9000.0


@dataclass(slots=True)
class Places:
    """Columns, shape (p,): kind (position in KINDS), place in metres, block."""

    kind: NDArray[np.int8]
    xy: Floats
    block: Ints


def places_of(
    faces: NDArray[np.object_], use: Ints, community: Ints, subdistrict: Ints,
    buildings: Buildings, dice: Dice,
) -> Places:  # fmt: skip
    """All places, public ones first. community, subdistrict: of each block."""
    inside = np.round(shapely.get_coordinates(shapely.point_on_surface(faces)), 2)
    found: list[tuple[str, Floats, Ints]] = []
    for ground, key in _OF_BLOCK.items():
        own = np.flatnonzero(use == ground)
        found.append((key, inside[own], own))
    ground = np.isin(use, (Use.PARK, Use.SCHOOL)) & (shapely.area(faces) > _SHELTER_M2)
    own = np.flatnonzero(ground)
    found.append(("shelter", np.round(inside[own] + [12.0, -9.0], 2), own))
    homes = np.flatnonzero(use[buildings.block] < HOMES)
    others = np.flatnonzero((use[buildings.block] >= HOMES) & (use[buildings.block] != Use.FARM))
    for keys, members, group in (
        (_OF_COMMUNITY, homes, community), (_OF_SUBDISTRICT, others, subdistrict),
    ):  # fmt: skip
        for key in keys:
            at = _one_of_each(group[buildings.block[members]], dice)
            chosen = members[at]
            found.append((key, _door(buildings.xy[chosen], dice), buildings.block[chosen]))
    found += _businesses(use, buildings, dice)
    kind = np.repeat([_NUMBER[key] for key, _, _ in found], [len(b) for _, _, b in found])
    xy = np.concatenate([p for _, p, _ in found])
    return Places(kind.astype(np.int8), xy, np.concatenate([b for _, _, b in found]))


def _businesses(use: Ints, buildings: Buildings, dice: Dice) -> list[tuple[str, Floats, Ints]]:
    busy = _BUSY[use[buildings.block]]
    found = []
    for key, rate in _RATE.items():
        mean = rate * busy
        count = np.floor(mean * dice.numbers(len(busy), 0.4, 1.6) + dice.numbers(len(busy)))
        at = np.repeat(np.arange(len(busy)), count.astype(np.int64))
        found.append((key, _door(buildings.xy[at], dice), buildings.block[at]))
    return found


def _one_of_each(group: Ints, dice: Dice) -> Ints:
    """A random position in each group."""
    order = np.lexsort((dice.numbers(len(group)), group))
    first = np.append(True, group[order][1:] != group[order][:-1])
    return np.asarray(order[first], np.int64)


def _door(xy: Floats, dice: Dice) -> Floats:
    """Somewhere at the wall of a building."""
    n = len(xy)
    off = np.stack([dice.numbers(n, -9.0, 9.0), dice.numbers(n, -8.0, -5.0)], axis=1)
    return np.asarray(np.round(xy + off, 2))
