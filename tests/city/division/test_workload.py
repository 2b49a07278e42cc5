"""Cells shared out among grid workers by the work they make."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from tests.world import COMMUNITIES, LAT, LON, SIDE, World

from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.division import weights
from cityloop.city.division.assigning import Share, share_cells
from cityloop.city.division.workload import loads_of, proposal
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow
from cityloop.city.places.queries import rota, tree
from cityloop.engines.partition import Work
from cityloop.kernel.errors import DomainError, NotAllowed

COMMUNITY = COMMUNITIES[0]


@pytest.fixture
def town(world: World, now: datetime, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three buildings in the west cell, one in the east; 90 cases in the east in 90 days."""
    register_profile_kinds(actor=SYSTEM, now=now)
    rows = [
        ElementRow(
            code=f"B{n}", households=100,
            geometry=shapely.box(x, LAT + SIDE * y, x + SIDE / 9, LAT + SIDE * (y + 0.1)),
        )
        for n, (x, y) in enumerate([
            (LON + SIDE * 0.1, 0.1), (LON + SIDE * 0.5, 0.4), (LON + SIDE * 0.2, 0.7),
            (LON + SIDE * 1.4, 0.5),
        ])
    ]  # fmt: skip
    assert not take(rows, kind="building", source="test", actor=SYSTEM, now=now).refused
    points = shapely.get_coordinates([shapely.Point(LON + SIDE * 1.5, LAT + SIDE / 2)] * 90)
    seen: list[Any] = []
    monkeypatch.setattr(weights, "_reader", [lambda *given: seen.append(given[1:]) or points])
    loads_of(COMMUNITY, Work(), now)
    assert seen == [(now - timedelta(days=90), now)]
    return world


def _ask(workers: int, now: datetime, viewer: Viewer = SYSTEM) -> dict[str, Any]:
    return proposal(COMMUNITY, workers, work=Work(), viewer=viewer, now=now)


def test_work_of_a_cell_is_its_households_its_cases_and_the_walk(
    town: World, now: datetime
) -> None:
    loads = loads_of(COMMUNITY, Work(per_household=0.1, per_case=20.0, rounds=2.0), now)
    assert loads.households.tolist() == [300, 100]
    assert loads.cases.tolist() == [0, 1]
    walk_m = 0.7124 * (3 * shapely.area(loads.shapes[0])) ** 0.5
    assert loads.walking[0] == pytest.approx(2 * walk_m * 60 / 4000)
    assert loads.minutes.tolist() == pytest.approx([30 + loads.walking[0], 30 + loads.walking[1]])


def test_proposal_keeps_duty_grids_and_writes_nothing_until_it_is_put_in_force(
    town: World, now: datetime
) -> None:
    before = rota.duty_grids(viewer=SYSTEM, area_id=tree().by_code(COMMUNITY).id)
    said = _ask(len(before), now)
    assert {g["code"] for g in said["groups"] if g["kept"]} == {g["code"] for g in before}
    assert said["now"]["bare"] == 0 and said["now"]["spread"] >= said["spread"] - 1e-9
    assert sum(g["minutes"] for g in said["groups"]) == pytest.approx(said["minutes"] * len(before))
    two = _ask(2, now)
    assert rota.duty_grids(viewer=SYSTEM, area_id=tree().by_code(COMMUNITY).id) == before
    worker = town.users["worker"].pk
    done = share_cells(
        COMMUNITY,
        [Share(g["code"], g["name"], tuple(g["cells"]), worker) for g in two["groups"]],
        actor=SYSTEM, now=now,
    )  # fmt: skip
    after = rota.duty_grids(viewer=SYSTEM, area_id=tree().by_code(COMMUNITY).id)
    assert done["grids"] == len(after) == 2
    assert sorted(len(g["cells"]) for g in after) == [1, 1]
    assert {w["user_id"] for g in after for w in g["workers"] if w["rank"] == 1} == {worker}


def test_shares_that_leave_a_cell_out_or_are_not_ones_own_are_refused(
    town: World, now: datetime
) -> None:
    (one,) = _ask(1, now)["groups"]
    cells = tuple(one["cells"])
    for shares in (
        [Share("G", "一", cells[:1])],
        [Share("G", "一", cells), Share("H", "二", cells[:1])],
        [Share("G", "一", cells[:1]), Share("G", "二", cells[1:])],
    ):
        with pytest.raises(DomainError) as refused:
            share_cells(COMMUNITY, shares, actor=SYSTEM, now=now)
        assert refused.value.code == "division.shares"
    with pytest.raises(DomainError) as refused:
        _ask(3, now)
    assert refused.value.code == "partition.workers"
    with pytest.raises(NotAllowed):
        _ask(1, now, Viewer("person", None, "worker", (Holding(Role.GRID_WORKER),)))
