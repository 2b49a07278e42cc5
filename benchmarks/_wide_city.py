"""A district of 28,000 cells with its ground and 20,000 open cases, written in bulk."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from benchmarks import _million
from benchmarks._city import SEED
from benchmarks._rows import insert_columns, loading
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.business.catalogue import commands as catalogue
from cityloop.business.dispatch.commands import load_rules
from cityloop.city.accounts.commands import create_user, grant_role, new_token
from cityloop.city.accounts.domain import SCOPES, SYSTEM, Role
from cityloop.city.db import write
from cityloop.city.places.commands.version import places_changed
from cityloop.city.places.models import Area

WIDE, HIGH, STEP_LON, STEP_LAT = 175, 160, 0.00116, 0.0009  # about a hectare each
WEST, SOUTH = 116.7, 39.05
BLOCK, STREET_BLOCKS = (14, 12), (4, 4)
CASES, OPEN_CASES, WORKING_SHARE = 146_400, 24_400, 0.82
BUILDINGS = 50_000
PASSWORD = "a long synthetic phrase 9"
LEVELS = ("district", "subdistrict", "community", "cell")


def make(done: str) -> None:
    """Everything; `done` then says how to get in."""
    began, now = time.perf_counter(), timezone.now()
    call_command("migrate", verbosity=0)
    cells, owners = _grid()
    with write():
        _write_areas(cells, owners, now)
        places_changed()
    _write_ground(cells)
    catalogue.load_departments(actor=SYSTEM, now=now)
    catalogue.load_from_profile(actor=SYSTEM, now=now)
    load_rules(actor=SYSTEM, now=now)
    made = create_user("bench_director", password=PASSWORD, actor=SYSTEM, now=now)
    district = Area.objects.get(level="district").pk
    grant_role(made.user_id, Role.SUPERVISOR_DISTRICT, area_id=district, actor=SYSTEM, now=now)
    token = new_token("bench", made.user_id, list(SCOPES), actor=SYSTEM, now=now)
    _million.OPEN_SHARE = OPEN_CASES / CASES
    drawn = _million.draw(CASES, now)
    with loading(Case, Report, Reporter, Task):
        _million.write_cases(drawn, made.user_id)
        _quiet_clocks()
    kept = {"user": "bench_director", "password": PASSWORD, "token": token.secret,
            "cells": len(cells), "made_in_s": round(time.perf_counter() - began)}  # fmt: skip
    Path(done).write_text(json.dumps(kept))
    print(json.dumps({"note": "synthetic district made", **kept, "token": "…"}), flush=True)


def _quiet_clocks() -> None:
    """No clock rings while something is measured: most deadlines drawn are long past."""
    later = "2199-01-01 00:00:00"
    with connection.cursor() as cursor:
        for table in (Case._meta.db_table, Task._meta.db_table):
            cursor.execute(f"UPDATE {table} SET timer_at = %s WHERE timer_at IS NOT NULL", [later])


def _grid() -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cells of a bent grid, and for each its community and subdistrict."""
    column, row = (g.ravel() for g in np.meshgrid(np.arange(WIDE), np.arange(HIGH)))
    corners = [_bent(column + a, row + b) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
    rings = np.stack([*corners, corners[0]], axis=1)
    across = -(-WIDE // BLOCK[0])
    streets = -(-across // STREET_BLOCKS[0])
    c, r = column // BLOCK[0], row // BLOCK[1]
    community = r * across + c
    subdistrict = (r // STREET_BLOCKS[1]) * streets + c // STREET_BLOCKS[0]
    return shapely.polygons(rings), np.column_stack([community, subdistrict])


def _bent(column: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.float64]:
    lon = WEST + STEP_LON * (column + 4 * np.sin(row / 23.0) + 2 * np.sin(column / 17.0))
    lat = SOUTH + STEP_LAT * (row + 4 * np.sin(column / 29.0))
    return np.round(np.column_stack([lon, lat]), 7)


def _write_areas(cells: NDArray[np.object_], owners: NDArray[np.int64], now: Any) -> None:
    rows: list[tuple[str, str, str, int | None, Any]] = [
        ("district", "990200", "宽川区（合成）", None, shapely.coverage_union_all(cells))
    ]
    made: dict[tuple[str, int], int] = {}
    for level, at in (("subdistrict", 1), ("community", 0)):
        for key in np.unique(owners[:, at]).tolist():
            mine = np.flatnonzero(owners[:, at] == key)
            above = 1 if at else made["subdistrict", int(owners[mine[0], 1])]
            made[level, key] = len(rows) + 1
            name = f"第{key + 1}{'街道' if at else '社区'}"
            code = f"9902{'00' if at else '01'}{key:06d}"
            rows.append((level, code, name, above, shapely.coverage_union_all(cells[mine])))
    for n, cell in enumerate(cells):
        rows.append(("cell", f"990202{n:06d}", f"网格{n}", made["community", owners[n, 0]], cell))
    level, code, name, parent, shape = zip(*rows, strict=True)
    at = now.strftime("%Y-%m-%d %H:%M:%S")
    insert_columns(Area, len(rows), {
        "id": list(range(1, len(rows) + 1)), "level": level, "code": code, "name_zh": name,
        "parent_id": parent, "boundary": [shapely.to_wkb(s) for s in shape],
        "synthetic": [True] * len(rows), "valid_from": [at] * len(rows),
        "attributes": ["{}"] * len(rows),
    })  # fmt: skip


def _write_ground(cells: NDArray[np.object_]) -> None:
    """Streets along every second line, houses in random cells."""
    dice = np.random.default_rng(SEED)
    middles = shapely.get_coordinates(
        shapely.centroid(cells[dice.integers(0, len(cells), BUILDINGS)])
    )
    x, y = (middles + dice.uniform(-3e-4, 3e-4, middles.shape)).T
    houses = shapely.box(x, y, x + 1.6e-4, y + 1e-4)
    lines = [(_bent(np.full(HIGH + 1, c), np.arange(HIGH + 1)), c) for c in range(0, WIDE + 1, 2)]
    lines += [(_bent(np.arange(WIDE + 1), np.full(WIDE + 1, r)), r) for r in range(0, HIGH + 1, 2)]
    streets = [
        {"type": "Feature", "geometry": {"type": "LineString", "coordinates": c.tolist()},
         "properties": {"road": _road(n), "name_zh": f"合成路{n}"}}
        for c, n in lines
    ]  # fmt: skip
    ground = {
        "streets": {"features": streets},
        "landscape": {"features": []},
        "buildings": {"features": [
            {"geometry": json.loads(g), "properties": {"use": "home"}}
            for g in shapely.to_geojson(houses)
        ]},
    }  # fmt: skip
    (Path(settings.DATA) / "basemap.json").write_text(json.dumps(ground, ensure_ascii=False))


def _road(n: int) -> str:
    return "arterial" if n % 28 == 0 else "secondary" if n % 14 == 0 else "local"
