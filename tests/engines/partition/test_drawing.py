"""Pieces of ground that fall off their cell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from cityloop.engines.partition import Building, Community, plan_community
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


@pytest.mark.parametrize("shift", [333.3333, 12.34565])
def test_rows_of_equal_houses_are_parted_wherever_they_lie(shift: float) -> None:
    """Four houses on one circle: their corners differ by rounding, borders meet all the same."""
    ground = Community("1", shapely.box(shift, shift, shift + 855.3442, shift + 1110.4142))
    homes = [
        Building(f"b{n}", shapely.box(x, y, x + 34.21, y + 33.31), 40)
        for n, (x, y) in enumerate(
            (shift + 68.4 + 128.3003 * i, shift + 88.8 + 166.5493 * j)
            for i in range(6) for j in range(6)
        )
    ]  # fmt: skip
    plan = plan_community(ground, homes, [])
    assert [c.weight for c in plan.cells if not plan.window.holds(c.weight)] == []
