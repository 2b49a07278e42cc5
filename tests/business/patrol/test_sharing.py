"""Matters on site are shared among those on duty, with reasons; a worker sees an order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.business.cases import commands as cases
from cityloop.business.patrol.queries.sharing import sharing
from cityloop.business.patrol.queries.today import today
from cityloop.city.accounts.domain import PUBLIC
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import unclassed
from tests.world import World

pytestmark = pytest.mark.django_db


def _to_check(world: World, cell: int) -> str:
    case = unclassed(world, cell)
    cases.move(case.pk, "ask_check", actor=world.viewer("acceptor"), now=world.now)
    return case.number


def test_each_matter_goes_to_the_worker_who_is_nearest_and_says_why(world: World) -> None:
    numbers = [_to_check(world, cell) for cell in (0, 1, 3)]
    said = sharing(world.viewer("district"), area_id=None, now=world.now)
    given = {task["number"]: task for task in said["tasks"]}
    assert set(given) == set(numbers)
    west, east = world.users["worker"].pk, world.users["worker_east"].pk
    assert {unit["user_id"] for unit in said["units"]} == {west, east}
    assert given[numbers[0]]["user_id"] == given[numbers[1]]["user_id"] == west
    assert given[numbers[2]]["user_id"] == east
    assert {"reached", "able"} <= {r["code"] for r in given[numbers[0]]["reasons"]}
    assert given[numbers[0]]["others"]


def test_after_the_shifts_nobody_is_proposed_and_it_is_said(world: World) -> None:
    number = _to_check(world, 0)
    said = sharing(world.viewer("district"), area_id=None, now=world.now + timedelta(days=30))
    assert said["units"] == []
    assert [(t["number"], t["user_id"]) for t in said["tasks"]] == [(number, None)]


def test_worker_has_an_order_and_shares_nothing(world: World) -> None:
    numbers = {_to_check(world, cell) for cell in (0, 1)}
    day = today(world.viewer("worker"), now=world.now)
    assert {one["number"] for one in day["order"]} == numbers
    assert [one["minutes"] for one in day["order"]] == sorted(o["minutes"] for o in day["order"])
    for who in (world.viewer("worker"), PUBLIC):
        with pytest.raises(NotAllowed):
            sharing(who, area_id=None, now=world.now)
