"""Numbers of cells: west to east, north to south; a cell that persists keeps its number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


def reading_order(shapes: Sequence[BaseGeometry]) -> list[int]:
    """Positions of the shapes row by row from the north, each row from the west.

    A row is as high as a typical cell (root of the mean area).
    """
    if not shapes:
        return []
    middle = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
    height = float(np.sqrt(np.mean(shapely.area(np.array(shapes, dtype=object))))) or 1.0
    south = -middle[:, 1]
    by_north = np.argsort(south, kind="stable")
    row = np.zeros(len(shapes), np.int64)
    start, number = south[by_north[0]], 0
    for i in by_north:
        if south[i] - start > height:
            number, start = number + 1, south[i]
        row[i] = number
    return [int(i) for i in np.lexsort((middle[:, 0], row))]


def number_cells(
    shapes: Sequence[BaseGeometry], kept: Sequence[int | None], taken: Collection[int] = ()
) -> list[int]:
    """A number for each shape.

    Args:
        kept: the number a cell had and keeps, None for a new one.
        taken: numbers never to be given again (of cells that ended).
    """
    numbers = list(kept)
    used = {n for n in kept if n is not None} | set(taken)
    following = max(used, default=0) + 1
    for i in reading_order(shapes):
        if numbers[i] is None:
            numbers[i] = following
            following += 1
    return [int(n) for n in numbers if n is not None]
