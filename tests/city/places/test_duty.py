"""Every cell has somebody who answers, or shows that it has not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.city.places.conftest import CELLS, COMMUNITY, EAST_CELL

from cityloop.city.accounts import commands as accounts
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.places import commands, queries
from cityloop.city.places.domain import NOBODY, Answerer, Rank, answerer
from cityloop.city.places.models import Shift
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound


def answers(town, code, at=None):
    cell = town.id(code)
    return queries.who_answers([cell], at or town.now)[cell]


def test_first_worker_on_duty_answers(town):
    one, two = town.user("one"), town.user("two")
    town.grid("G1", CELLS[:2], one, two)
    town.on_duty(one, two)
    assert answers(town, CELLS[0]) == Answerer(one, "on_duty")


def test_next_rank_answers_when_the_first_is_off_duty(town):
    one, two = town.user("one"), town.user("two")
    town.grid("G1", CELLS[:2], one, two)
    town.on_duty(two)
    assert answers(town, CELLS[0]) == Answerer(two, "next_rank")


def test_colleague_of_the_community_answers_when_no_own_worker_is_on_duty(town):
    one, two = town.user("one"), town.user("two")
    town.grid("G1", CELLS[:2], one)
    town.grid("G2", CELLS[2:], two)
    town.on_duty(two)
    assert answers(town, CELLS[0]) == Answerer(two, "community")


def test_colleague_of_another_community_does_not(town):
    one, two = town.user("one"), town.user("two")
    town.grid("G1", CELLS, one)
    town.grid("G2", [EAST_CELL], two)
    town.on_duty(two)
    assert answers(town, CELLS[0]) == NOBODY


def test_supervisor_of_the_community_answers_at_night(town):
    boss = town.user("boss", Role.SUPERVISOR_COMMUNITY, area_id=town.id(COMMUNITY))
    assert answers(town, CELLS[0]) == Answerer(boss, "community")
    assert answers(town, EAST_CELL) == NOBODY


def test_nobody_on_duty_is_nobody_and_told(town):
    one = town.user("one")
    town.grid("G1", CELLS, one)
    assert answers(town, CELLS[0]) == NOBODY
    codes = [queries.tree().get(c).code for c in queries.uncovered_cells(town.now)]
    assert codes == [*CELLS, EAST_CELL]


@pytest.mark.parametrize(
    ("hours", "how"), [(-2, "nobody"), (-1, "on_duty"), (6, "on_duty"), (7, "nobody")]
)
def test_shift_holds_from_its_start_to_before_its_end(town, hours, how):
    one = town.user("one")
    town.grid("G1", CELLS, one)
    town.on_duty(one)
    assert answers(town, CELLS[0], town.now + timedelta(hours=hours)).how == how


def test_closed_account_does_not_answer(town):
    one = town.user("one")
    town.grid("G1", CELLS, one)
    town.on_duty(one)
    accounts.deactivate_user(one, actor=SYSTEM, now=town.now)
    assert answers(town, CELLS[0]) == NOBODY


def test_unknown_and_community_ids_have_nobody(town):
    community = town.id(COMMUNITY)
    assert queries.who_answers([10**9, community], town.now) == {10**9: NOBODY, community: NOBODY}


def test_cover_counts_every_cell_once(town):
    one, two = town.user("one"), town.user("two")
    town.grid("G1", CELLS[:2], one, two)
    town.on_duty(two)
    found = queries.cover(town.now)
    assert found.counts == {"on_duty": 0, "next_rank": 2, "community": 2, "nobody": 1}
    assert found.uncovered == [town.id(EAST_CELL)]
    assert queries.cover(town.now, town.id(COMMUNITY)).uncovered == []


@pytest.mark.parametrize("count", [1, 3])
def test_who_answers_takes_the_same_queries(town, count, django_assert_num_queries):
    for k in range(3):
        town.grid(f"G{k}", [CELLS[k]], town.user(f"u{k}"))
    cells = [town.id(c) for c in CELLS[:count]]
    with django_assert_num_queries(5):
        queries.who_answers(cells, town.now)


def test_workers_on_duty_by_area(town):
    one, two, three = town.user("one"), town.user("two"), town.user("three")
    town.grid("G1", CELLS[:2], one, three)
    town.grid("G2", [EAST_CELL], two)
    town.on_duty(one, two)
    seen = queries.on_duty_workers(town.id(COMMUNITY), now=town.now, viewer=SYSTEM)
    assert [(w.user_id, w.duty_grids) for w in seen] == [(one, ("G1",))]
    everywhere = queries.on_duty_workers(None, now=town.now, viewer=SYSTEM)
    assert [w.user_id for w in everywhere] == [one, two]


def test_workers_on_duty_are_not_for_the_public_or_citizens(town):
    citizen = Viewer("person", 1, holdings=(Holding(Role.CITIZEN),))
    with pytest.raises(NotAllowed):
        queries.on_duty_workers(None, now=town.now, viewer=citizen)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([], "duty.no_cells"),
        ([COMMUNITY], "duty.not_cells"),
        ([CELLS[0], EAST_CELL], "duty.two_communities"),
        (["999"], "place.unknown_code"),
    ],
)
def test_bad_duty_grid_is_refused(town, cells, code):
    with pytest.raises(DomainError) as refused:
        town.grid("G1", cells)
    assert refused.value.code == code


def test_only_grid_workers_are_assigned_and_put_on_shifts(town):
    clerk = town.user("clerk", Role.ACCEPTOR)
    with pytest.raises(DomainError, match=r"duty\.not_a_grid_worker"):
        town.grid("G1", CELLS, clerk)
    with pytest.raises(DomainError, match=r"duty\.not_a_grid_worker"):
        town.on_duty(clerk)


def test_supervisor_keeps_the_own_community_only(town):
    own = Viewer(
        "person",
        1,
        holdings=(Holding(Role.SUPERVISOR_COMMUNITY, town.id(COMMUNITY), "community"),),
    )
    given = {"name": "一", "actor": own, "now": town.now}
    commands.set_duty_grid("G1", cell_codes=CELLS, **given)
    with pytest.raises(NotAllowed):
        commands.set_duty_grid("G2", cell_codes=[EAST_CELL], **given)
    commands.set_duty_grid("G3", name="二", cell_codes=[EAST_CELL], actor=SYSTEM, now=town.now)
    with pytest.raises(NotAllowed):  # not by moving a foreign duty grid here either
        commands.set_duty_grid("G3", cell_codes=CELLS[:1], **given)


def test_worker_released_answers_no_more(town):
    one = town.user("one")
    town.grid("G1", CELLS, one)
    town.on_duty(one)
    commands.release_worker("G1", one, actor=SYSTEM, now=town.now)
    assert answers(town, CELLS[0]) == NOBODY
    with pytest.raises(NotFound):
        commands.release_worker("G1", one, actor=SYSTEM, now=town.now)


@pytest.mark.parametrize("hours", [0, -1, 49])
def test_shift_of_impossible_length_is_refused(town, hours):
    one = town.user("one")
    with pytest.raises(DomainError, match=r"shift\.length"):
        commands.add_shift(
            one, town.now, town.now + timedelta(hours=hours), actor=SYSTEM, now=town.now
        )


def test_shift_without_zone_is_refused(town):
    one = town.user("one")
    naive = town.now.replace(tzinfo=None)
    with pytest.raises(DomainError, match=r"shift\.naive"):
        commands.add_shift(one, naive, naive + timedelta(hours=1), actor=SYSTEM, now=town.now)


def test_same_shift_twice_is_one_and_a_past_one_stays(town):
    one = town.user("one")
    town.on_duty(one)
    town.on_duty(one)
    shift = Shift.objects.get()
    with pytest.raises(Conflict, match=r"shift\.over"):
        commands.remove_shift(shift.pk, actor=SYSTEM, now=town.now + timedelta(days=1))
    commands.remove_shift(shift.pk, actor=SYSTEM, now=town.now)
    assert Shift.objects.count() == 0


def test_duty_and_shifts_come_from_tables(town, tmp_path):
    one = town.user("one")
    town.user("clerk", Role.ACCEPTOR)
    duty = tmp_path / "duty.csv"
    duty.write_text(
        f"责任网格,名称,单元网格,网格员\nG1,东片,{CELLS[0]} {CELLS[1]},one\n"
        f"G2,西片,{EAST_CELL} {CELLS[2]},\nG3,南片,{CELLS[2]},ghost\n",
        encoding="gb18030",
    )
    done = commands.import_duty(duty, actor=SYSTEM, now=town.now)
    assert [(r.number, r.error.code) for r in done.refused] == [
        (3, "duty.two_communities"), (4, "duty.not_a_grid_worker"),
    ]  # fmt: skip
    shifts = tmp_path / "shifts.csv"
    shifts.write_text(
        "username,starts_at,ends_at\none,2026-03-16 08:00,2026-03-16 18:00\n"
        "clerk,2026-03-16 08:00,2026-03-16 18:00\none,2026-02-30 08:00,2026-03-01 18:00\n",
        encoding="utf-8",
    )
    first = commands.import_shifts(shifts, actor=SYSTEM, now=town.now)
    again = commands.import_shifts(shifts, actor=SYSTEM, now=town.now)
    assert (first.added, sorted(r.number for r in first.refused)) == (1, [3, 4])
    assert (again.added, again.unchanged) == (0, 1)
    assert answers(town, CELLS[0]) == Answerer(one, "on_duty")


ranks = st.builds(Rank, st.integers(1, 5), st.integers(1, 99), st.integers(1, 9))


@given(st.lists(ranks), st.lists(ranks), st.lists(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_answerer_is_a_live_person_whenever_there_is_one(own, near, above, on_duty):
    found = answerer(own, near, above, on_duty)
    anybody = {r.user_id for r in own + near} & on_duty or set(above)
    assert (found.user_id is not None) == bool(anybody)
    if found.how in ("on_duty", "next_rank"):
        assert found.user_id in on_duty & {r.user_id for r in own}
    if {r.user_id for r in own} & on_duty:
        assert found.how in ("on_duty", "next_rank")
    assert answerer(own[::-1], near[::-1], above[::-1], on_duty) == found
