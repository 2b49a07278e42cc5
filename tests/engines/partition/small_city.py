"""Small invented communities to divide; `blocks` builds one from streets on a lattice."""

from __future__ import annotations

import numpy as np
import shapely

from cityloop.engines.partition import Building, Community, Street, StreetClass

BLOCK_M = 180.0


def blocks(
    columns: int = 3, rows: int = 2, *, households: int = 60, code: str = "110105001001",
    seed: int = 1, east: float = 0.0,
) -> tuple[Community, list[Building], list[Street]]:  # fmt: skip
    """A community of columns x rows blocks with 3 x 4 slabs each, streets all around.

    The middle street from north to south is an arterial; weights vary by a fifth.
    """
    rng = np.random.default_rng(seed)
    width, height = columns * BLOCK_M, rows * BLOCK_M
    community = Community(code, shapely.box(east, 0, east + width, height))
    streets = []
    for c in range(columns + 1):
        x = east + c * BLOCK_M
        kind = StreetClass.ARTERIAL if c == columns // 2 else StreetClass.LOCAL
        streets.append(Street(shapely.LineString([(x, -20), (x, height + 20)]), kind))
    for r in range(rows + 1):
        y = r * BLOCK_M
        streets.append(Street(shapely.LineString([(east - 20, y), (east + width + 20, y)])))
    buildings = []
    for c in range(columns):
        for r in range(rows):
            for i in range(12):
                x = east + c * BLOCK_M + 15 + 53 * (i % 3) + rng.uniform(0, 3)
                y = r * BLOCK_M + 18 + 38 * (i // 3) + rng.uniform(0, 3)
                weight = int(households * rng.uniform(0.8, 1.2))
                print_ = shapely.box(x, y, x + 45, y + 13)
                buildings.append(Building(f"{code}-{c}{r}{i:02d}", print_, weight))
    return community, buildings, streets
