"""Taking elements into a register and finding them again, on both databases.

./run bench places_elements [--database sqlite,postgresql] [--rows 200000]

10,000 cells in 100 communities, invented lamps (points with own fields) and buildings (polygons
with an address and households). Seconds are CPU seconds of the process that takes them in; of a
PostgreSQL server's own work the clock on the wall tells.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import shapely

from benchmarks._places import DATABASES, REPO, database, fresh
from benchmarks.locating import warped_cells

GOAL = 20_000  # rows a second
GOAL_CHANGED = 10_000  # each closes a version and opens the next: two rows written
NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
LAMP, BUILDING = "component.lamp", "building"
SIDE = 100  # cells of the coverage along each side; a community is a hundred of them


def main() -> int:
    """Each database in a process of its own."""
    parser = argparse.ArgumentParser(prog="./run bench places_elements")
    parser.add_argument("--database", default=",".join(DATABASES))
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _child(given.child, given.rows)
    failed = 0
    for kind in given.database.split(","):
        with database(kind) as url, fresh(url) as env:
            command = [sys.executable, "-m", "benchmarks.places_elements", "--child", kind]
            command += ["--rows", str(given.rows)]
            failed += subprocess.run(command, cwd=REPO, env=env, check=False).returncode
    return int(failed > 0)


def _child(name: str, rows: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    _make()
    return 0 if _measure(name, rows) else 1


def _make() -> None:
    from django.core.management import call_command

    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.elements.commands import register_profile_kinds
    from cityloop.city.places.models import Area, PlacesVersion

    call_command("migrate", verbosity=0)
    register_profile_kinds(actor=SYSTEM, now=NOW)
    top = Area.objects.create(level="district", code="990100", name_zh="区", valid_from=NOW)
    street = Area.objects.create(
        level="subdistrict", code="990100001", name_zh="街", parent=top, valid_from=NOW
    )
    cells, below = warped_cells(SIDE, 4), []
    for n in range(SIDE):
        area = Area.objects.create(
            level="community", code=f"990100001{n:03d}", name_zh=f"社区{n}", parent=street,
            valid_from=NOW,
        )  # fmt: skip
        below += [
            Area(
                level="cell", code=f"{area.code}{k:03d}", name_zh=f"网格{k}", parent=area,
                valid_from=NOW, boundary=shapely.to_wkb(cells[n * SIDE + k]),
            )
            for k in range(SIDE)
        ]  # fmt: skip
    Area.objects.bulk_create(below, batch_size=1000)
    PlacesVersion.objects.create(number=1)


def _rows(kind: str, count: int, name: str = "") -> Iterator[Any]:
    from cityloop.city.elements.domain import ElementRow

    dice = np.random.default_rng(7)
    lon, lat = dice.uniform((116.41, 39.91), (116.64, 40.09), (count, 2)).T
    if kind == LAMP:
        for k, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
            own = {"height_m": 8.0, "watt": 90 + k % 7}
            yield ElementRow(code=f"L{k}", name=name, lon=x, lat=y, properties=own)
        return
    boxes = shapely.to_wkb(shapely.box(lon, lat, lon + 2e-4, lat + 1e-4))
    for k, box in enumerate(boxes):
        yield ElementRow(
            code=f"B{k}", name=name, address=f"和安路{k}号", geometry=box, households=40,
            properties={"storeys": 6},
        )  # fmt: skip


def _measure(name: str, count: int) -> bool:
    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.elements import queries
    from cityloop.city.elements.commands import relocate, take

    fine = True

    def taken(kind: str, what: str, rows: int, expected: str, changed: str = "") -> None:
        nonlocal fine
        now = NOW + timedelta(days=len(changed))
        given = list(_rows(kind, rows, changed))  # making them is not counted
        began, clock = time.process_time(), time.perf_counter()
        done = take(given, kind=kind, source="bench", actor=SYSTEM, now=now)
        cpu, wall = time.process_time() - began, time.perf_counter() - clock
        right = getattr(done, expected) == rows and not done.refused
        fine &= right
        goal = GOAL_CHANGED if changed else GOAL
        _tell(f"elements.{what}.{name}", rows / cpu, goal, wall=round(rows / wall), right=right)

    taken(LAMP, "lamps.new", count, "new")
    taken(LAMP, "lamps.same", count, "same")
    taken(LAMP, "lamps.changed", count // 4, "changed", "x")
    taken(BUILDING, "buildings.new", count // 2, "new")
    took, _ = _seconds(relocate, now=NOW)
    _tell(f"elements.relocated.{name}", (count + count // 2) / took, 100_000)
    took, columns = _seconds(queries.arrays, BUILDING)
    _tell(f"elements.arrays.{name}", len(columns) / took, 100_000)
    return fine & _boxes(name)


def _boxes(name: str) -> bool:
    """What a map asks: half a kilometre of lamps; compared with every lamp's own place."""
    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.elements import queries

    dice, all_of, fine, times = np.random.default_rng(3), queries.arrays(LAMP), True, []
    for west, south in dice.uniform((116.42, 39.92), (116.62, 40.07), (60, 2)).tolist():
        box = (west, south, west + 0.005, south + 0.005)
        took, page = _seconds(queries.in_box, SYSTEM, box, [LAMP])
        times.append(took * 1000)
        inside = (all_of.lon >= box[0]) & (all_of.lon <= box[2])
        inside &= (all_of.lat >= box[1]) & (all_of.lat <= box[3])
        fine &= len(page.rows) == int(inside.sum())
    _tell(f"elements.box_p95_ms.{name}", float(np.percentile(times, 95)), 50, least=False,
          right=fine)  # fmt: skip
    return fine


def _seconds(call: Callable[..., Any], *args: Any, **named: Any) -> tuple[float, Any]:
    began = time.process_time()
    found = call(*args, **named)
    return max(time.process_time() - began, 1e-9), found


def _tell(name: str, value: float, goal: float, *, least: bool = True, **more: object) -> None:
    ok = value >= goal if least else value <= goal
    unit = "rows/s" if least else "ms"
    line = {"name": name, "value": round(value, 1), "unit": unit, "goal": goal, "ok": bool(ok)}
    print(json.dumps({**line, **more}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
