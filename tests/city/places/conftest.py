"""A small city: one district, one subdistrict, two communities of 2 x 2 and 1 x 1 cells."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from cityloop.city.accounts import commands as accounts
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.places import commands, queries

WEST, SOUTH, STEP = 116.40, 39.90, 0.01
SUBDISTRICT, EAST_COMMUNITY = "110105001", "110105001002"
COMMUNITY = "110105001001"
CELLS = [f"{COMMUNITY}{k:03d}" for k in range(1, 5)]
EAST_CELL = f"{EAST_COMMUNITY}001"


def square(column: float, row: float, size: float = 1) -> dict[str, Any]:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    east, north = west + size * STEP, south + size * STEP
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    rounded = [[round(x, 6), round(y, 6)] for x, y in ring]
    return {"type": "Polygon", "coordinates": [rounded]}


def feature(level: str, code: str, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    given = {"level": level, "code": code, "name_zh": f"{level} {code[-3:]}", **properties}
    return {"type": "Feature", "geometry": geometry, "properties": given}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def city() -> list[dict[str, Any]]:
    spots = [(0, 0), (1, 0), (0, 1), (1, 1)]
    return [
        feature("city", "110100", name_en="City"),
        feature("district", "110105"),
        feature("subdistrict", SUBDISTRICT),
        feature("community", COMMUNITY, square(0, 0, 2)),
        feature("community", EAST_COMMUNITY, square(2, 0)),
        *(
            feature("cell", c, square(*at), households=300)
            for c, at in zip(CELLS, spots, strict=True)
        ),
        feature("cell", EAST_CELL, square(2, 0), households=400),
    ]


@dataclass
class Town:
    """The small city imported, with ways to people it."""

    now: datetime
    made: dict[str, int] = field(default_factory=dict)

    def id(self, code: str) -> int:
        return queries.tree().by_code(code).id

    def user(self, name: str, role: Role = Role.GRID_WORKER, **held: int) -> int:
        made = accounts.create_user(name, password="river-stone-42", actor=SYSTEM, now=self.now)
        accounts.grant_role(made.user_id, role, actor=SYSTEM, now=self.now, **held)
        return made.user_id

    def grid(self, code: str, cells: list[str], *workers: int) -> None:
        system = {"actor": SYSTEM, "now": self.now}
        commands.set_duty_grid(code, name=code, cell_codes=cells, **system)
        for rank, user_id in enumerate(workers, start=1):
            commands.assign_worker(code, user_id, rank=rank, **system)

    def on_duty(self, *workers: int) -> None:
        span = self.now - timedelta(hours=1), self.now + timedelta(hours=7)
        for user_id in workers:
            commands.add_shift(user_id, *span, actor=SYSTEM, now=self.now)


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def town(db: None, now: datetime) -> Town:
    commands.import_areas(collection(*city()), actor=SYSTEM, now=now)
    return Town(now)
