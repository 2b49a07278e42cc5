"""Pieces of ground that fall off their cell."""

from __future__ import annotations

import numpy as np
import shapely

from cityloop.engines.partition.drawing import _without_strays
from cityloop.engines.partition.faces import sides_of


def test_piece_cut_off_from_its_cell_joins_the_cell_it_shares_most_border_with() -> None:
    """From west to east cells 0, 1 and 2, and beyond them a piece of 0 that 2 touches longer."""
    pieces = np.array([
        shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 30), shapely.box(100, 30, 200, 100),
        shapely.Polygon([(200, 0), (210, 0), (210, 100), (200, 100), (200, 30)]),
    ], dtype=object)  # fmt: skip
    label = _without_strays(pieces, np.array([0, 1, 2, 0]), np.zeros(4, np.int64), sides_of(pieces))
    assert label.tolist() == [0, 1, 2, 2]
