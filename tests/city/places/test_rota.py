"""Duty grids and shifts as lists, a week copied, who reaches an area."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.world import COMMUNITIES, DISTRICT, World

from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.places.commands import add_shift, copy_week, release_worker, remove_duty_grid
from cityloop.city.places.models import DutyGrid, Shift
from cityloop.city.places.queries import rota
from cityloop.kernel.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db
MONDAY, NEXT = date(2026, 3, 16), date(2026, 3, 23)


def test_duty_grids_show_cells_and_workers(world: World) -> None:
    rows = rota.duty_grids(viewer=world.viewer("system"))
    assert [(r["code"], len(r["cells"]), r["workers"][0]["name"]) for r in rows] == [
        ("G1", 2, "worker"),
        ("G2", 2, "worker_east"),
    ]
    west = world.area(COMMUNITIES[0])
    assert [r["code"] for r in rota.duty_grids(viewer=world.viewer("system"), area_id=west)] == [
        "G1"
    ]


def test_a_cell_without_a_worker_is_named_whether_anybody_is_on_duty_or_not(world: World) -> None:
    Shift.objects.all().delete()
    assert rota.standing_cover() == rota.Cover(4, 4, [])
    release_worker("G2", world.users["worker_east"].pk, actor=SYSTEM, now=world.now)
    found = rota.standing_cover()
    assert (found.covered, [c["code"][-6:] for c in found.uncovered]) == (2, ["002001", "002002"])


def test_a_removed_duty_grid_leaves_its_cells_bare(world: World) -> None:
    remove_duty_grid("G1", actor=world.viewer("district"), now=world.now)
    assert list(DutyGrid.objects.values_list("code", flat=True)) == ["G2"]
    assert rota.standing_cover().covered == 2
    with pytest.raises(NotAllowed):
        remove_duty_grid("G2", actor=world.viewer("community"), now=world.now)


def test_a_week_is_copied_once_at_the_same_local_times(world: World) -> None:
    actor = world.viewer("system")
    before = Shift.objects.count()
    assert copy_week(MONDAY, NEXT, actor=actor, now=world.now) == before
    assert copy_week(MONDAY, NEXT, actor=actor, now=world.now) == 0
    starts = sorted(Shift.objects.values_list("starts_at", flat=True))
    assert starts[-1] - starts[0] == timedelta(days=7)


def test_who_left_the_post_is_not_copied(world: World) -> None:
    from cityloop.city.accounts.models import RoleHolding

    RoleHolding.objects.filter(user=world.users["worker"]).update(ended_at=world.now)
    assert copy_week(MONDAY, NEXT, actor=world.viewer("system"), now=world.now) == 1


@pytest.mark.parametrize(("first", "second"), [(MONDAY, MONDAY), (MONDAY, date(2026, 3, 24))])
def test_weeks_begin_on_two_mondays(world: World, first: date, second: date) -> None:
    with pytest.raises(DomainError) as refused:
        copy_week(first, second, actor=world.viewer("system"), now=world.now)
    assert refused.value.code == "shift.week"


def test_shifts_that_touch_a_span_are_shown(world: World) -> None:
    user = world.users["worker"].pk
    start = world.now + timedelta(days=2)
    add_shift(user, start, start + timedelta(hours=10), actor=SYSTEM, now=world.now)
    viewer = world.viewer("system")
    span = (start + timedelta(hours=9), start + timedelta(hours=12))
    assert [s["user_id"] for s in rota.shifts(*span, viewer=viewer)] == [user]
    later = (start + timedelta(hours=10), start + timedelta(hours=12))
    assert rota.shifts(*later, viewer=viewer) == []
    with pytest.raises(DomainError):
        rota.shifts(start, start + timedelta(days=36), viewer=viewer)


def test_whose_role_reaches_an_area(world: World) -> None:
    west = rota.roles_in_area(world.area(COMMUNITIES[0]), viewer=world.viewer("security"))
    district = rota.roles_in_area(world.area(DISTRICT), viewer=world.viewer("security"))
    held = {Role(h.role) for h in west}
    assert Role.SUPERVISOR_COMMUNITY in held
    assert Role.SUPERVISOR_COMMUNITY not in {Role(h.role) for h in district}
    assert {h.name for h in west if h.role == Role.GRID_WORKER} == {"worker"}
    assert Role.CITIZEN not in held
