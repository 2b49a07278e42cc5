"""What a cell may weigh: households, buildings, floor area, cases, or an own field of buildings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.elements import queries as registers
from cityloop.engines.partition import HOUSEHOLDS, Window
from cityloop.kernel.errors import DomainError

DAYS = 90  # cases of so many days tell how many are to be expected
FLOOR_M2 = 100.0
Reader = Callable[[int, datetime, datetime], NDArray[np.float64]]
_reader: list[Reader] = []


@dataclass(frozen=True, slots=True)
class Weight:
    """zh, en: its name. unit: what follows a number of it, Chinese and English."""

    key: str
    zh: str
    en: str
    unit: tuple[str, str]


OWN = "own."
_USUAL = (
    Weight(HOUSEHOLDS, "户数", "Households", ("户", "households")),
    Weight("buildings", "建筑栋数", "Buildings", ("栋建筑", "buildings")),
    Weight("floor", "建筑面积", "Floor area", ("百平方米", "× 100 m² of floor")),
    Weight("cases", f"近 {DAYS} 天案件", f"Cases of {DAYS} days",
           ("件案件", f"cases in {DAYS} days")),
)  # fmt: skip
USUAL = {one.key: one for one in _USUAL}


def lend_case_points(read: Reader) -> Reader:
    """Register where cases of a community were, received in [since, until): degrees, (n, 2).

    How many cases there are is known to whoever keeps the cases; that app lends it.
    """
    _reader[:] = [read]
    return read


def case_points(community_id: int, now: datetime) -> NDArray[np.float64]:
    """Where the cases of the last DAYS were, degrees, shape (n, 2)."""
    if not _reader:
        return np.zeros((0, 2))
    return _reader[0](community_id, now - timedelta(days=DAYS), now)


def weights() -> dict[str, Weight]:
    """All that a cell can weigh, own whole-number fields of buildings (`own.<field>`) among it."""
    found = dict(USUAL)
    building = registers.kinds().get("building")
    fields = building.schema.get("properties", {}) if building else {}
    for name, rule in fields.items():
        if rule.get("type") == "integer" and name != "built_year":
            zh, en = rule.get("title_zh", name), rule.get("title_en", name)
            found[OWN + name] = Weight(OWN + name, zh, en, (f"（{zh}）", f"({en})"))
    return found


def named_window(weight: str, lo: int, hi: int, target: float = 0.0) -> Window:
    """The window with words for its weight.

    Raises: DomainError("division.weight"), DomainError("partition.window").
    """
    known = weights()
    if weight not in known:
        raise DomainError(
            "division.weight",
            f"A cell cannot weigh {weight[:40]!r}; choose one of {', '.join(known)}.",
            f"规模指标 {weight[:40]!r} 不可用，可选：{'、'.join(known)}。",
            where="weight",
        )
    return limits(known[weight], weight, lo, hi, target)


def limits(named: Weight | None, weight: str, lo: int, hi: int, target: float = 0.0) -> Window:
    """A window with the words of its weight, where it has any."""
    unit = ("", "") if named is None or weight == HOUSEHOLDS else named.unit
    return Window(lo, hi, target, weight, unit)


def weigh(
    weight: str, rows: registers.Columns, footprints: NDArray[np.object_],
    points: NDArray[np.object_],
) -> list[int]:  # fmt: skip
    """What each building weighs.

    Args:
        rows: the buildings with their own fields. footprints: their polygons, metres.
        points: where cases were, metres; each counts for the nearest building.
    """
    if weight == "buildings":
        return [1] * len(rows)
    if weight == "cases":
        nearest = shapely.STRtree(footprints).nearest(points) if len(points) else []
        return [int(n) for n in np.bincount(np.asarray(nearest, np.int64), minlength=len(rows))]
    own = [properties or {} for properties in rows.properties]
    if weight == "floor":
        storeys = np.array([max(1, _whole(one.get("storeys"))) for one in own], np.float64)
        return [int(n) for n in np.round(shapely.area(footprints) * storeys / FLOOR_M2)]
    return [max(0, _whole(one.get(weight.removeprefix(OWN)))) for one in own]


def _whole(value: object) -> int:
    return value if type(value) is int else 0
