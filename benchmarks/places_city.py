"""A synthetic district at the scale of Chaoyang: made, divided, written. One JSON object a line.

./run bench places_city                 the generator: seconds, hash, counts
./run bench places_city --seed-city     also an empty SQLite database filled by `seed city`
./run bench places_city --centre        also the operations centre over it, in Chromium; the
                                        district is made once and kept under the data folder
./run bench places_city --pictures FOLDER   an overview and a close-up as PNG
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import shapely

from benchmarks._lines import show
from benchmarks._places import REPO, fresh, kept
from cityloop.engines.district import generate
from cityloop.engines.district.wide import WideDistrict, degrees, generate_wide

# Made on Linux x86-64 with the locked versions of numpy and shapely.
GOLDEN = "c1ec8610513d456af96df8ced66043c4b12277da8dbc41b279577f6fc4f9ac86"
GOAL_S = 10.0
GOAL_SEED_S = 300.0


def main() -> int:
    """Print the figures; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="./run bench places_city")
    parser.add_argument("--seed-city", action="store_true", help="fill a database too")
    parser.add_argument("--centre", action="store_true", help="the operations centre over it")
    parser.add_argument("--quick", action="store_true", help="one run of each")
    parser.add_argument("--shots", default="", help="a folder for pictures of the centre")
    parser.add_argument("--pictures", default="", help="a folder for pictures of the district")
    parser.add_argument("--child", nargs=2, default=(), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _child(*given.child)
    good = _generator(given.pictures)
    if given.seed_city:
        good &= _seed_city()
    if given.centre:
        good &= _centre(given.quick, given.shots)
    return 0 if good else 1


def _generator(pictures: str) -> bool:
    for size in ("community", "street"):
        began = time.process_time()
        small = generate(size)
        took = time.process_time() - began
        show(f"generate.{size}", took, "CPU-s", 3.0, took, below=True,
             hash=small.fingerprint()[:16])  # fmt: skip
    began = time.process_time()
    district = generate_wide("chaoyang", 7)
    took = time.process_time() - began
    found = district.fingerprint()
    show("generate.chaoyang", took, "CPU-s", GOAL_S, took, below=True, **_counts(district))
    exact = all(
        shapely.coverage_is_valid(degrees(shapes))
        for shapes in (
            district.block_shape, district.community_shape, district.subdistrict_shape,
        )
    )  # fmt: skip
    again = _hash_in_another_process()
    print(json.dumps({"name": "generate.chaoyang.hash", "value": found, "golden": GOLDEN,
                      "other_process": again, "coverage_exact": exact,
                      "ok": found == GOLDEN == again and exact}), flush=True)  # fmt: skip
    if pictures:
        from benchmarks import _district_pictures

        _district_pictures.draw(district, Path(pictures))
    return took <= GOAL_S and found == GOLDEN == again and exact


def _counts(district: WideDistrict) -> dict[str, int | float]:
    homes = district.building_households[district.building_households > 0]
    held = district.community_households()
    return {
        "km2": round(shapely.area(district.outline) / 1e6, 1),
        "subdistricts": len(district.subdistrict_shape),
        "communities": len(district.community_shape), "blocks": len(district.block_shape),
        "streets": len(district.street_shape), "edges": len(district.edge_shape),
        "buildings": len(district.building_xy), "homes": len(homes),
        "households": district.households, "largest_building": int(homes.max()),
        "community_p5": int(np.percentile(held, 5)), "community_p95": int(np.percentile(held, 95)),
        "parts": len(district.part_xy), "places": len(district.place_xy),
        "bus_lines": len(district.bus_stops), "bus_stops": len(district.stop_xy),
    }  # fmt: skip


def _hash_in_another_process() -> str:
    code = (
        "from cityloop.engines.district.wide import generate_wide as g;"
        "print(g('chaoyang', 7).fingerprint())"
    )
    env = os.environ | {"PYTHONHASHSEED": "5", "PYTHONPATH": str(REPO / "src")}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True,
                          check=True)  # fmt: skip
    return told.stdout.strip()


def _seed_city() -> bool:
    """An empty SQLite database, filled in a process of its own."""
    with fresh("") as env:
        done = Path(env["CITYLOOP_DATA"]) / "figures.json"
        command = [sys.executable, "-m", "benchmarks.places_city", "--child", "seed", str(done)]
        if subprocess.run(command, cwd=REPO, env=env, check=False).returncode:
            return False
        made = json.loads(done.read_text())
        total = sum(made["seconds"].values())
        show("seed_city.chaoyang", total, "CPU-s", GOAL_SEED_S, total, below=True, **made)
        size = sum(p.stat().st_size for p in Path(env["CITYLOOP_DATA"]).glob("cityloop.sqlite3"))
        rate = made["components"] / made["seconds"]["components"]
        show("seed_city.components", rate, "rows/s", 20_000, rate, database_mb=size / 1e6)
    return bool(total <= GOAL_SEED_S)


def _centre(quick: bool, shots: str) -> bool:
    """The same measures as `./run bench web`, over this district."""
    env, done = kept("", "centre_chaoyang")
    if not done.exists():
        command = [sys.executable, "-m", "benchmarks.places_city", "--child", "centre", str(done)]
        if subprocess.run(command, cwd=REPO, env=env, check=False).returncode:
            return False
    os.environ.update(env)  # the server that is measured reads them
    from benchmarks import _centre

    return not _centre.measure(json.loads(done.read_text()), quick=quick, shots=shots)


def _child(what: str, done: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import _city_cases
    from cityloop.hub.demo.commands.city import seed_city

    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    made = seed_city("chaoyang", 7, now=timezone.now(), parts=what == "seed",
                     tell=lambda zh, en: print(f"  {en}", file=sys.stderr, flush=True))  # fmt: skip
    if what == "centre":
        _city_cases.fill(done, cells=made.cells, began=began)
        return 0
    parts = sum(n for kind, n in made.elements.items() if kind.startswith("component."))
    Path(done).write_text(json.dumps({
        "cells": made.cells, "in_window": made.in_window, "findings": made.findings,
        "people": made.people, "elements": sum(made.elements.values()), "components": parts,
        "wall_s": round(time.perf_counter() - began, 1),
        "seconds": {k: round(v, 1) for k, v in made.seconds.items()},
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
