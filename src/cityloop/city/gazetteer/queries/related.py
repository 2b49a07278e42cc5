"""Where is "opposite", "50 m to the north"? The point and the circle of an answer, and why."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from cityloop.city.gazetteer.queries.found import Where, wheres
from cityloop.city.gazetteer.queries.streets import street_beside
from cityloop.city.gazetteer.queries.weighing import Candidate
from cityloop.city.places import queries as places
from cityloop.engines.addresses import REACH_M, Relation
from cityloop.engines.addresses.relations import AT, AWAY, NEAR, OPPOSITE, SIDE
from cityloop.kernel.geo import LocalPlane

_ON_A_STREET = ("building", "poi")
_BESIDE_M = 80.0  # a street so near is the one it stands at
_ACROSS_M = 20.0  # at least so far beyond the middle of it
_WORTH = 0.5  # confidence from which the street is asked for


@dataclass(frozen=True, slots=True)
class Spot:
    """lon, lat: WGS84 degrees. `radius_m`: of the circle in which the place is expected, None =
    no point: a street, a district. `is_open`: what was said does not tell the place.
    """

    lon: float | None
    lat: float | None
    radius_m: float | None = None
    note_zh: str = ""
    note_en: str = ""
    where: Where | None = None
    is_open: bool = False


def spot_of(one: Candidate, *, sure: float = 1.0, is_stretch: bool = False) -> Spot:
    """The place meant, from the thing that is named and what was said of it."""
    return spot(one.lon, one.lat, one.shown, one.relation, sure=sure, is_stretch=is_stretch)


def spot(
    lon: float | None,
    lat: float | None,
    kind: str,
    relation: Relation | None,
    *,
    sure: float = 1.0,
    is_stretch: bool = False,
) -> Spot:
    """The same for a point, lon, lat, of a thing of that kind."""
    reach = REACH_M.get(kind)
    if is_stretch:
        return Spot(lon, lat, None, "说的是一段路，不是一个点：请在地图上指明",
                    "a stretch, not a point: please show it on the map", is_open=True)  # fmt: skip
    if relation is None or lon is None or lat is None:
        return Spot(lon, lat, reach)
    if relation.is_too_far:
        return Spot(lon, lat, None, f"“{relation.words}”太远，无法据此定位",
                    f"“{relation.words}” is too far to tell a point", is_open=True)  # fmt: skip
    found = relation.offset(kind)
    if found is None:
        is_open = relation.kind != AT
        zh = f"“{relation.words}”未用：所说的路或区域很大"
        en = f"“{relation.words}” not used: a street or an area is large"
        return Spot(lon, lat, None, zh if is_open else "", en if is_open else "", is_open=is_open)
    east, north, radius = found
    zh, en = _told(relation)
    if relation.kind == OPPOSITE and kind in _ON_A_STREET and sure >= _WORTH:
        beside = street_beside(lon, lat, within_m=_BESIDE_M)
        if beside is not None and beside.metres > 1:
            beyond = 1 + max(beside.metres, _ACROSS_M) / beside.metres
            east, north = beside.east * beyond, beside.north * beyond
            zh = f"“{relation.words}”：取{beside.name_zh}的另一侧"
            en = f"“{relation.words}”: across {beside.name_en or beside.name_zh}"
    if not hypot(east, north):
        return Spot(lon, lat, round(radius), zh, en)
    x, y = LocalPlane(lon, lat).to_lonlat(east, north)
    moved = float(x), float(y)
    where = wheres([(*moved, None)], places.tree())[0]
    return Spot(*moved, round(radius), zh, en, where if where.id is not None else None)


def _told(relation: Relation) -> tuple[str, str]:
    """What was made of the words, in both languages."""
    if relation.kind == AT:
        return "", ""
    zh, en = {
        AWAY: ("位置按所说的方向和距离移动", "moved as far as was said"),
        SIDE: ("位置向该侧移动，距离不详", "moved towards that side; how far was not said"),
        OPPOSITE: ("哪一侧不明，位置未移动", "on which side is not known; not moved"),
        NEAR: ("位置未移动，范围放宽", "not moved; the circle is wider"),
    }.get(relation.kind, ("位置未移动，范围放宽", "not moved; the circle is wider"))
    return f"“{relation.words}”：{zh}", f"“{relation.words}”: {en}"
