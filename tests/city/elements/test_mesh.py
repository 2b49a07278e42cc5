"""The mesh finds whatever touches a box."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cityloop.city.elements.domain import Box, mesh_keys, mesh_ranges

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)
SIZE = st.sampled_from([0.0, 1e-5, 0.003, 0.0055, 0.04, 0.3, 2.0, 100.0])


@given(LON, LAT, SIZE, SIZE, LON, LAT, SIZE, SIZE)
def test_every_touching_box_lies_in_a_range(x, y, w, h, u, v, p, q):
    inner = Box(x, y, min(x + w, 180), min(y + h, 90))
    asked = Box(u, v, min(u + p, 180), min(v + q, 90))
    touches = (
        inner.west <= asked.east and inner.east >= asked.west
        and inner.south <= asked.north and inner.north >= asked.south
    )  # fmt: skip
    key = int(mesh_keys(np.array([inner]))[0])
    if touches:
        assert any(low <= key <= high for low, high in mesh_ranges(asked))


def test_a_box_of_a_kilometre_asks_for_few_keys():
    ranges = list(mesh_ranges(Box(116.4, 39.9, 116.41, 39.91)))
    assert len(ranges) < 30
    fine = [high - low + 1 for low, high in ranges if low >> 40 == 16]
    assert sum(fine) <= 25
