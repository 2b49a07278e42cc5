"""A very small synthetic city, made through the same commands as a real one.

One district > one subdistrict > two communities > two cells each (squares of 0.004 degrees side
by side from 116.900, 39.100), departments and catalogue of the default profile, one person a role.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from cityloop.business.catalogue import commands as catalogue_commands
from cityloop.city.accounts.commands import create_user, grant_role
from cityloop.city.accounts.domain import SYSTEM, Role, Viewer
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import departments_by_key, viewer_of
from cityloop.city.places.commands import add_shift, assign_worker, import_areas, set_duty_grid
from cityloop.city.places.commands.version import places_changed
from cityloop.city.places.queries import tree
from tests.imprint import laid

LON, LAT, SIDE = 116.9, 39.1, 0.004
DISTRICT, SUBDISTRICT = "990100", "990100001"
COMMUNITIES = ("990100001001", "990100001002")
PASSWORD = "a long synthetic phrase 7"


def cell_code(n: int) -> str:
    """The code of the n-th cell, west to east, n = 0..3."""
    return f"{COMMUNITIES[n // 2]}{n % 2 + 1:03d}"


def centre(n: int) -> tuple[float, float]:
    """A point in the middle of the n-th cell."""
    return LON + (n + 0.5) * SIDE, LAT + SIDE / 2


def _square(first: int, last: int) -> dict[str, Any]:
    west, east = LON + first * SIDE, LON + (last + 1) * SIDE
    ring = [[west, LAT], [east, LAT], [east, LAT + SIDE], [west, LAT + SIDE], [west, LAT]]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def areas_geojson() -> str:
    """The areas of the small city."""
    rows: list[tuple[str, str, str, int, int]] = [
        ("district", DISTRICT, "试点区", 0, 3),
        ("subdistrict", SUBDISTRICT, "和安街道", 0, 3),
        ("community", COMMUNITIES[0], "永宁社区", 0, 1),
        ("community", COMMUNITIES[1], "春和社区", 2, 3),
    ]
    rows += [("cell", cell_code(n), f"网格{n + 1}", n, n) for n in range(4)]
    features = [
        {
            "type": "Feature",
            "properties": {"level": lv, "code": code, "name_zh": zh, "synthetic": True},
            "geometry": _square(a, b),
        }
        for lv, code, zh, a, b in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@dataclass
class World:
    """What the tests get hold of."""

    now: datetime
    users: dict[str, User] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """The viewer behind a person of the small city, by role name."""
        return viewer_of(self.users[name])

    def area(self, code: str) -> int:
        """Row id of an area by its code."""
        found = tree().by_code(code)
        return found.id

    def department(self, key: str) -> int:
        """Row id of a department by its key."""
        return departments_by_key()[key].pk


# name → role, area code ("" = whole city), department key
PEOPLE: tuple[tuple[str, Role, str, str], ...] = (
    ("citizen", Role.CITIZEN, "", ""),
    ("worker", Role.GRID_WORKER, COMMUNITIES[0], ""),
    ("worker_east", Role.GRID_WORKER, COMMUNITIES[1], ""),
    ("operator", Role.HOTLINE_OPERATOR, DISTRICT, ""),
    ("acceptor", Role.ACCEPTOR, DISTRICT, ""),
    ("dispatcher", Role.DISPATCHER, DISTRICT, ""),
    ("handler", Role.HANDLER, "", "urban"),
    ("lead", Role.DEPARTMENT_LEAD, "", "urban"),
    ("sanitation", Role.HANDLER, "", "sanitation"),
    ("community", Role.SUPERVISOR_COMMUNITY, COMMUNITIES[0], ""),
    ("subdistrict", Role.SUPERVISOR_SUBDISTRICT, SUBDISTRICT, ""),
    ("district", Role.SUPERVISOR_DISTRICT, DISTRICT, ""),
    ("analyst", Role.ANALYST, DISTRICT, ""),
    ("system", Role.SYSTEM_ADMIN, "", ""),
    ("security", Role.SECURITY_ADMIN, "", ""),
    ("audit", Role.AUDIT_ADMIN, "", ""),
)


def build(now: datetime) -> World:
    """Make the small city in the present database."""
    world = World(now)
    import_areas(areas_geojson(), actor=SYSTEM, now=now)
    catalogue_commands.load_departments(actor=SYSTEM, now=now)
    catalogue_commands.load_from_profile(actor=SYSTEM, now=now)
    for name, role, area, department in PEOPLE:
        made = create_user(f"t_{name}", display_name=name, password=PASSWORD, actor=SYSTEM, now=now)
        grant_role(
            made.user_id,
            role,
            area_id=world.area(area) if area else None,
            department_id=world.department(department) if department else None,
            actor=SYSTEM,
            now=now,
        )
        world.users[name] = User.objects.get(pk=made.user_id)
    _on_duty(world, now)
    return world


def laid_out(now: datetime) -> World:
    """The small city in the present database: built once, then copied row by row."""
    if not connection.in_atomic_block:
        return build(now)
    world = laid(("world", now, settings.PROFILE), lambda: build(now))
    # As after building: no other test has seen this state, no process remembers it.
    places_changed()
    return world


def _on_duty(world: World, now: datetime) -> None:
    for n, name in enumerate(("worker", "worker_east")):
        grid = f"G{n + 1}"
        cells = [cell_code(2 * n), cell_code(2 * n + 1)]
        set_duty_grid(grid, name=f"责任网格{n + 1}", cell_codes=cells, actor=SYSTEM, now=now)
        user = world.users[name].pk
        assign_worker(grid, user, actor=SYSTEM, now=now)
        start, end = now - timedelta(hours=2), now + timedelta(hours=10)
        add_shift(user, start, end, actor=SYSTEM, now=now)
