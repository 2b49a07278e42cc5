"""Patrols as values: may this moment be tracked, which cells were seen, which are due. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Protocol

from cityloop.kernel.errors import Conflict, DomainError, NotAllowed

AHEAD = timedelta(minutes=5)  # how far a device's clock may run ahead of ours
MOST_POINTS = 600
# A cell counts as seen from this many fixes at most this imprecise: one stray fix proves nothing.
FIXES, PRECISE_M = 2, 60.0


class Holds(Protocol):
    """A span of time."""

    def holds(self, at: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Point:
    """One fix of the device. WGS84 degrees; accuracy: radius in metres."""

    lon: float
    lat: float
    at: datetime
    accuracy_m: float = 0.0

    def packed(self) -> list[Any]:
        """As it is sealed: 0.1 m, whole seconds."""
        return [round(self.lon, 6), round(self.lat, 6), int(self.at.timestamp()), self.accuracy_m]


def check_moment(at: datetime, now: datetime, *, keep: timedelta) -> None:
    """A moment that a device claims.

    Raises: DomainError("patrol.future", "patrol.too_old").
    """
    if at > now + AHEAD:
        raise DomainError(
            "patrol.future",
            f"{at.isoformat()} lies in the future. Set the clock of the device.",
            f"时间 {at.isoformat()} 晚于当前时间，请校准设备时钟。",
            where="at",
        )
    if at < now - keep:
        raise DomainError(
            "patrol.too_old",
            f"{at.isoformat()} is more than {keep.days} days ago; such data are not taken in.",
            f"时间 {at.isoformat()} 已超过 {keep.days} 天，不再接收。",
            where="at",
        )


def check_on_duty(at: datetime, shifts: Iterable[Holds], *, code: str = "patrol.off_duty") -> None:
    """Raises: NotAllowed("patrol.off_duty") when the moment lies in no shift."""
    if not any(shift.holds(at) for shift in shifts):
        raise NotAllowed(
            code,
            f"{at.isoformat(timespec='minutes')} lies in none of your shifts. Patrols and tracks "
            "are for duty hours alone; nothing was stored.",
            f"{at.isoformat(timespec='minutes')} 不在您的班次内。巡查与轨迹仅限在岗时段，"
            "未保存任何数据。",
            where="at",
        )


def check_points(
    points: Sequence[Point],
    *,
    shifts: Sequence[Holds],
    consent_since: datetime,
    started_at: datetime,
    ended_at: datetime | None,
) -> None:
    """All points of a part of a track, or none.

    Raises: DomainError("track.empty", "track.too_many", "track.order", "track.place"),
        NotAllowed("track.off_duty", "track.before_consent"), Conflict("track.outside_patrol").
    """
    if not points or len(points) > MOST_POINTS:
        raise DomainError(
            "track.empty" if not points else "track.too_many",
            f"A part of a track has 1 to {MOST_POINTS} points; these are {len(points)}.",
            f"每段轨迹应有 1 至 {MOST_POINTS} 个点，当前 {len(points)} 个。",
            where="points",
        )
    for before, after in pairwise(points):
        if after.at < before.at:
            raise DomainError(
                "track.order",
                "The points of a track stand in the order of time.",
                "轨迹点须按时间先后排列。",
                where="points",
            )
    for n, point in enumerate(points):
        if not (math.isfinite(point.accuracy_m) and point.accuracy_m >= 0):
            raise DomainError(
                "track.place",
                f"points[{n}]: accuracy {point.accuracy_m} is no radius in metres.",
                f"points[{n}]：精度 {point.accuracy_m} 不是有效的米数。",
                where=f"points[{n}]",
            )
        check_on_duty(point.at, shifts, code="track.off_duty")
    if points[0].at < consent_since:
        raise NotAllowed(
            "track.before_consent",
            "The track begins before you agreed to it; nothing was stored.",
            "轨迹起点早于您同意采集的时间，未保存任何数据。",
            where="points",
        )
    if points[0].at < started_at - AHEAD or (ended_at and points[-1].at > ended_at + AHEAD):
        raise Conflict(
            "track.outside_patrol",
            "The track reaches beyond the patrol it belongs to; nothing was stored.",
            "轨迹超出所属巡查的起止时间，未保存任何数据。",
            where="points",
        )


def cells_seen(cells: Sequence[int], points: Sequence[Point]) -> dict[int, datetime]:
    """Cells that the points prove to have been visited, with the first moment there.

    Args:
        cells: the cell of each point, -1 = none.
    """
    good = [
        (cell, point.at)
        for cell, point in zip(cells, points, strict=True)
        if cell >= 0 and point.accuracy_m <= PRECISE_M
    ]
    counts = Counter(cell for cell, _ in good)
    found: dict[int, datetime] = {}
    for cell, at in good:
        if counts[cell] >= FIXES:
            found.setdefault(cell, at)
    return found


def is_due(last: datetime | None, every_days: int, start_of_day: datetime) -> bool:
    """Whether a cell wants a visit today.

    Args:
        last: the last visit before or on today; None = never.
        every_days: 1 = every day.
        start_of_day: local midnight of today.
    """
    if last is None:
        return True
    return last < start_of_day - timedelta(days=every_days - 1)


def fingerprint(kind: str, content: Mapping[str, Any]) -> str:
    """What an item says, as one hash: the same id with another hash is a contradiction."""
    said = json.dumps([kind, content], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def length_m(points: Sequence[tuple[float, float]]) -> float:
    """Length of a path of (lon, lat) in metres; good to 0.1 % within a district."""
    total = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        east = math.radians(x1 - x0) * math.cos(math.radians((y0 + y1) / 2))
        total += math.hypot(east, math.radians(y1 - y0)) * 6_371_008.8
    return total


def seal_context(patrol_id: int, first_at: datetime) -> str:
    """What a sealed part is bound to: moved to another row it cannot be opened."""
    return f"track:{patrol_id}:{int(first_at.timestamp())}"
