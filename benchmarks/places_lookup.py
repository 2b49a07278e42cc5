"""Points to cells: points a second, beside the tree alone, and every answer compared.

Two crowds of points: all over the district, and along borders (where streets and people are, and
where an index has the hardest work). Prints one JSON line for each figure.
"""

from __future__ import annotations

import resource
import sys
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.locating import figure, seconds, warped_cells
from cityloop.engines.locating import CellIndex
from cityloop.engines.locating.raster import ASK, Raster

POINTS = 1_000_000
NEVER = 10**15


def all_over(cells: NDArray[np.object_], dice: np.random.Generator) -> NDArray[np.float64]:
    west, south, east, north = shapely.total_bounds(cells)
    return dice.uniform((west, south), (east, north), (POINTS, 2))


def along_borders(cells: NDArray[np.object_], dice: np.random.Generator) -> NDArray[np.float64]:
    """A fifth exactly on corners, the others within some 10 m of a border."""
    corners = shapely.get_coordinates(cells)
    at = dice.integers(0, len(corners) - 1, POINTS)
    share = dice.uniform(0, 1, (POINTS, 1))
    on = corners[at] * share + corners[at + 1] * (1 - share)
    far = np.abs(corners[at] - corners[at + 1]).max(axis=1) > 0.01  # from one ring to the next
    exact = dice.uniform(size=POINTS) < 0.2
    beside = on + dice.normal(0, 1e-4, on.shape)
    return np.where((exact | far)[:, None], corners[at], beside)


def compare(name: str, points: NDArray[np.float64], exact: CellIndex, fast: CellIndex) -> int:
    lon, lat = points[:, 0].copy(), points[:, 1].copy()
    fast.locate(lon[:2_000], lat[:2_000])  # the raster is made
    ours = seconds(lambda: fast.locate(lon, lat))
    tree = seconds(lambda: exact.locate(lon, lat), runs=1)
    goal = 3_000_000 if name == "all_over" else 500_000
    figure(f"lookup.{name}", POINTS / ours, "points/s", goal, POINTS / tree, least=True)
    one, two = exact.locate(lon, lat), fast.locate(lon, lat)
    wrong = int(np.sum((one.ids != two.ids) | (one.kind != two.kind)))
    figure(f"lookup.{name}.mismatches", wrong, "points", 0, least=False)
    return wrong


def main() -> int:
    cells: Any = np.array(warped_cells(), dtype=object)
    ids = np.arange(len(cells))
    exact = CellIndex(ids, cells, raster_after=NEVER)
    fast = CellIndex(ids, cells, raster_after=0)
    dice = np.random.default_rng(7)
    wrong = 0
    for name, crowd in (("all_over", all_over), ("along_borders", along_borders)):
        wrong += compare(name, crowd(cells, dice), exact, fast)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    build = seconds(lambda: Raster(cells, exact._positions), runs=1)
    raster = Raster(cells, exact._positions)
    figure("lookup.build", build, "s", 5.0, least=False)
    figure("lookup.memory", raster.nbytes / 1e6, "MB", 100, least=False)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    figure("lookup.memory_while_building", grown / 1024, "MB", 600, least=False)
    lon, lat = all_over(cells, dice)[:200_000].T
    asked = float((raster.read(lon.copy(), lat.copy()) == ASK).mean())
    figure("lookup.asked_exactly", asked, "share", 0.05, least=False)
    single = seconds(lambda: [exact.locate(lon[k], lat[k]) for k in range(1000)]) / 1000
    figure("lookup.one_point", single * 1e6, "us", 200, least=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
