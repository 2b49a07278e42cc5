"""The small city with the kinds of the profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from tests.world import PEOPLE, World, areas_geojson, centre

from cityloop.city.accounts.domain import SYSTEM, Holding, Viewer
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow, Taken
from cityloop.city.places.commands import import_areas
from cityloop.city.places.queries import tree


@dataclass(frozen=True)
class Town:
    """The areas of the small city without its people, who take most of the time to make."""

    now: datetime

    def area(self, code: str) -> int:
        return tree().by_code(code).id

    def viewer(self, name: str) -> Viewer:
        """Somebody with the role of a person of the small city."""
        role, code = next((role, area) for key, role, area, _ in PEOPLE if key == name)
        return Viewer("person", holdings=(Holding(role, self.area(code) if code else None),))


@pytest.fixture
def town(db: None, now: datetime) -> Town:
    import_areas(areas_geojson(), actor=SYSTEM, now=now)
    register_profile_kinds(actor=SYSTEM, now=now)
    return Town(now)


@pytest.fixture
def city(world: World) -> World:
    """With its people."""
    register_profile_kinds(actor=SYSTEM, now=world.now)
    return world


@pytest.fixture
def take_in(now: datetime):
    """Take rows as the system, now."""

    def taken(kind: str, *rows: ElementRow, now=now, **more) -> Taken:
        return take(rows, kind=kind, source="test", actor=SYSTEM, now=now, **more)

    return taken


def lamp(code: str = "L1", cell: int = 0, **more) -> ElementRow:
    lon, lat = centre(cell)
    return ElementRow(code=code, **{"lon": lon, "lat": lat, **more})
