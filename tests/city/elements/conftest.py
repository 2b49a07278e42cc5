"""The small city with the kinds of the profile."""

from __future__ import annotations

import pytest
from tests.world import World, centre

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow, Taken


@pytest.fixture
def city(world: World) -> World:
    register_profile_kinds(actor=SYSTEM, now=world.now)
    return world


@pytest.fixture
def take_in(city):
    """Take rows as the system, now."""

    def taken(kind: str, *rows: ElementRow, now=None, **more) -> Taken:
        return take(rows, kind=kind, source="test", actor=SYSTEM, now=now or city.now, **more)

    return taken


def lamp(code: str = "L1", cell: int = 0, **more) -> ElementRow:
    lon, lat = centre(cell)
    return ElementRow(code=code, **{"lon": lon, "lat": lat, **more})
