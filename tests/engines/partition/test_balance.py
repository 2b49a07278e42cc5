"""Duty grids: connected, even, and steady."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.partition import Work, share_out
from cityloop.kernel.errors import DomainError


def lattice(columns: int, rows: int) -> list[shapely.Polygon]:
    return [
        shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100)
        for y in range(rows) for x in range(columns)
    ]  # fmt: skip


def is_one_piece(shapes: list[shapely.Polygon], group: tuple[int, ...], g: int) -> bool:
    own = [s for s, k in zip(shapes, group, strict=True) if k == g]
    return shapely.union_all(own).geom_type == "Polygon"


@given(st.integers(0, 1000), st.integers(2, 7))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_groups_are_connected_and_even(seed: int, workers: int) -> None:
    shapes = lattice(7, 6)
    loads = np.random.default_rng(seed).uniform(20, 60, len(shapes)).tolist()
    shares = share_out(shapes, loads, workers)
    assert set(shares.group) == set(range(workers))
    assert all(is_one_piece(shapes, shares.group, g) for g in range(workers))
    sums = [sum(x for x, k in zip(loads, shares.group, strict=True) if k == g)
            for g in range(workers)]  # fmt: skip
    assert shares.loads == pytest.approx(sums)
    assert shares.findings == ()
    assert shares.spread < 1.1 + 1e-9


def test_present_groups_stay_when_little_changes() -> None:
    shapes = lattice(8, 6)
    loads = np.random.default_rng(1).uniform(20, 60, len(shapes))
    first = share_out(shapes, loads.tolist(), 6)
    loads[:3] *= 1.3
    again = share_out(shapes, loads.tolist(), 6, existing=first.group)
    moved = sum(a != b for a, b in zip(first.group, again.group, strict=True))
    assert moved <= 5
    assert again.spread < 1.1 + 1e-9


def test_places_that_do_not_touch_are_told_when_one_worker_has_both() -> None:
    far = [shapely.affinity.translate(s, 5000) for s in lattice(2, 2)]
    shares = share_out(lattice(2, 2) + far, [10.0] * 8, 1)
    assert [f.kind for f in shares.findings] == ["group.apart"]
    assert share_out(lattice(2, 2) + far, [10.0] * 8, 2).findings == ()


def test_one_heavy_cell_makes_an_uneven_group_and_is_told() -> None:
    shares = share_out(lattice(3, 1), [100.0, 10.0, 10.0], 2)
    assert {f.kind for f in shares.findings} == {"group.uneven"}


def test_impossible_requests_are_refused() -> None:
    for workers in (0, 5):
        with pytest.raises(DomainError, match=r"partition\.workers"):
            share_out(lattice(2, 2), [1.0] * 4, workers)
    with pytest.raises(DomainError, match=r"partition\.load"):
        share_out(lattice(2, 2), [1.0, -1.0, 1.0, 1.0], 2)


def test_minutes_add_visits_cases_and_the_walk() -> None:
    got = Work().minutes(np.array([400.0]), np.array([2.0]), np.array([16.0]), np.array([40_000.0]))
    walk = 0.7124 * np.sqrt(16 * 40_000) * 60 / 4000
    assert got.tolist() == [pytest.approx(400 * 0.05 + 2 * 15 + walk)]
