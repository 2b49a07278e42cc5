"""The ground of the small city, without its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.places import queries as places
from cityloop.city.places.commands import import_areas
from cityloop.city.viewer import Holding, Role
from tests.world import areas_geojson


@dataclass
class Ground:
    """What the tests get hold of."""

    now: datetime

    def area(self, code: str) -> int:
        return places.tree().by_code(code).id


def holder(role: Role) -> Viewer:
    """Somebody who holds a role everywhere."""
    return Viewer(kind="person", name=role.value, holdings=(Holding(role),))


@pytest.fixture
def ground(db: None, now: datetime) -> Ground:
    import_areas(areas_geojson(), actor=SYSTEM, now=now)
    return Ground(now)
