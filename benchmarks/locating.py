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

from cityloop.engines.locating import CellIndex

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


def main() -> None:
    points_to_cells()


if __name__ == "__main__":
    main()
