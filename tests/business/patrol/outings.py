"""Ways a grid worker of tests/world.py hands things in."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from cityloop.business.cases.domain.values import NewReport
from cityloop.business.patrol import commands
from cityloop.business.patrol.domain import Point
from cityloop.business.patrol.settings import patrol_settings
from tests.business.cases.stories import jpeg
from tests.world import World, centre

_serial = itertools.count(1)
MINUTE = timedelta(minutes=1)


def new_id() -> str:
    """An id as a device makes it."""
    return f"client-{next(_serial):08d}"


def words(n: int = 0, **given: Any) -> NewReport:
    """What a worker says of the n-th cell."""
    lon, lat = centre(n)
    plain: dict[str, Any] = {
        "channel": "",
        "external_id": "",
        "text": "永宁社区门口堆着建筑垃圾",
        "lon": lon,
        "lat": lat,
        "class_key": "E0111",
    }
    return NewReport(**{**plain, **given})


def send_report(world: World, client_id: str, *, who: str = "worker", **given: Any) -> Any:
    """One report of the worker."""
    return commands.deliver_report(
        client_id, words(**given), actor=world.viewer(who), now=world.now
    )


def send_photo(world: World, client_id: str, *, data: bytes | None = None, **to: Any) -> Any:
    """One photo of the worker."""
    to.setdefault("stage", "report")
    return commands.deliver_photo(
        client_id, data or jpeg(), actor=world.viewer("worker"), now=world.now, **to
    )


def agree(world: World, *, at: datetime | None = None) -> None:
    """The worker agrees to tracks."""
    version = patrol_settings().consent_version
    commands.give_consent(version, actor=world.viewer("worker"), now=at or world.now)


def set_out(world: World, *, at: datetime | None = None, plan: str = "") -> str:
    """The worker begins a patrol; its id."""
    client_id, at = new_id(), at or world.now
    commands.deliver_start(client_id, plan=plan, at=at, actor=world.viewer("worker"), now=at)
    return client_id


def path(start: datetime, *, cells: tuple[int, ...] = (0, 1), each: int = 4) -> list[Point]:
    """A fix every ten seconds, so many in each of these cells."""
    places = [cell for cell in cells for _ in range(each)]
    return [
        Point(*centre(cell), start + timedelta(seconds=10 * n), 8.0)
        for n, cell in enumerate(places)
    ]


def send_track(world: World, patrol: str, points: list[Point], *, now: datetime) -> Any:
    """Some minutes of the worker's track."""
    return commands.deliver_track(
        new_id(), patrol=patrol, points=points, actor=world.viewer("worker"), now=now
    )
