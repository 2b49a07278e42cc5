"""Speed of locating: points to cells, texts to places, and the demo district.

Prints one JSON line for each figure: name, value, unit, goal, limit (the raw operation in the
same run), ratio to it, ok.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import shapely

from cityloop.engines.district import District, generate
from cityloop.engines.locating import CellIndex, Gazetteer
from cityloop.engines.locating.words import tokens_of

SIDE = 168  # 168 x 168 = 28,224 cells, the size of a large city district
POINTS = 300_000


def warped_cells(side: int = SIDE, steps: int = 8) -> list[shapely.Polygon]:
    """A valid coverage of cells with 32 vertices each and no straight edge."""
    n = np.arange(side * steps + 1) / (side * steps)
    u, v = np.meshgrid(n, n, indexing="ij")
    x = 116.4 + 0.25 * (u + 0.004 * np.sin(40 * v) + 0.0006 * np.sin(900 * v))
    y = 39.9 + 0.2 * (v + 0.004 * np.sin(37 * u) + 0.0006 * np.sin(800 * u))
    t = np.arange(steps)
    full = np.full(steps, steps)
    ring_i = np.concatenate([t, full, steps - t, 0 * t])
    ring_j = np.concatenate([0 * t, t, full, steps - t])
    i, j = (a.ravel()[:, None] * steps for a in np.meshgrid(range(side), range(side)))
    i, j = i + ring_i, j + ring_j
    return list(shapely.polygons(np.stack([x[i, j], y[i, j]], axis=-1)))


def seconds(work: Callable[[], Any], runs: int = 3) -> float:
    """Median CPU seconds of some runs."""
    took = []
    for _ in range(runs):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return median(took)


def figure(
    name: str, value: float, unit: str, goal: float, limit: float | None = None, *, least: bool
) -> None:
    """Print one figure; `least`: the goal is a minimum, else a maximum."""
    ratio = round(value / limit, 3) if limit else None
    ok = value >= goal if least else value <= goal
    row = {"name": name, "value": round(value, 4), "unit": unit, "goal": goal,
           "limit": round(limit, 1) if limit else None, "ratio": ratio, "ok": bool(ok)}  # fmt: skip
    print(json.dumps(row))


def points_to_cells() -> None:
    cells = warped_cells()
    ids = np.arange(len(cells))
    figure("cells.build", seconds(lambda: CellIndex(ids, cells)), "s", 1.0, least=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    index = CellIndex(ids, cells)
    rng = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(cells)
    lon, lat = rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS)
    tree = shapely.STRtree(cells)
    raw = seconds(lambda: tree.query(shapely.points(lon, lat), predicate="intersects"))
    ours = seconds(lambda: index.locate(lon, lat))
    figure("cells.locate", POINTS / ours, "points/s", 200_000, POINTS / raw, least=True)
    single = seconds(lambda: [index.locate(lon[k], lat[k]) for k in range(1000)]) / 1000
    figure("cells.locate_one", single * 1e6, "us", 500, least=False)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    figure("cells.memory_growth", grown / 1024, "MB", 300, least=False)


def texts_of(district: District, n: int) -> list[str]:
    """Reports in both languages; every fifth names no place."""
    homes = [b for b in district.buildings if b.compound_id is not None]
    streets = [s for s in district.streets if s.name_zh]
    community = district.areas_at("community")[0].name_zh
    forms = (
        lambda k: (
            f"您好，{homes[k % len(homes)].name_zh}2单元楼道照明损坏多日，物业未处理，请维修。"
        ),
        lambda k: (
            f"{community}{streets[k % len(streets)].name_zh}路口井盖破损，夜间车辆经过噪音很大。"
        ),
        lambda k: f"Street light out near {homes[k % len(homes)].name_en}, dark for a week.",
        lambda k: f"Pothole on {streets[k % len(streets)].name_en} at the corner, please repair.",
        lambda k: "小区停水已经三天，请有关部门尽快答复，群众反映强烈。",
    )
    return [forms[k % len(forms)](k // len(forms)) for k in range(n)]


def texts_to_places(district: District) -> None:
    entries, parents = district.gazetteer_entries(), district.parents()
    gazetteer = Gazetteer(entries, parents, complete_streets=True)
    texts = texts_of(district, 5000)
    raw = seconds(lambda: [tokens_of(text) for text in texts])  # the text must be read at least
    ours = seconds(lambda: [gazetteer.read(text) for text in texts])
    figure("address.read", len(texts) / ours, "texts/s", 2000, len(texts) / raw, least=True)
    build = seconds(lambda: Gazetteer(entries, parents))
    figure("address.build", build / len(gazetteer) * 1e6, "us/name", 200, least=False)


def demo_district() -> District:
    figure("district.community", seconds(lambda: generate("community")), "s", 1.0, least=False)
    figure("district.street", seconds(lambda: generate("street")), "s", 3.0, least=False)
    return generate("street")


def main() -> None:
    points_to_cells()
    texts_to_places(demo_district())


if __name__ == "__main__":
    main()
