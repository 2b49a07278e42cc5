"""Every role against every move: only who may, can; whoever may, is not kept from it."""

from __future__ import annotations

import pytest

from cityloop.business.cases import commands
from cityloop.business.cases.domain import MOVES, State
from cityloop.business.cases.models import Case, Task
from cityloop.business.cases.queries import case_page, cases_of
from cityloop.business.cases.rules import allowed_moves
from cityloop.city.accounts.domain import PUBLIC
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import Walk, received, unclassed
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
NAMES = [name for name, *_ in PEOPLE]

# What each person may do to a case of the western community that "urban" leads.
EXPECTED: dict[str, set[str]] = {
    "worker": {"confirm", "refute", "settle", "pass", "fail", "relocate", "comment"},
    "worker_east": set(),
    "operator": {"rate", "reopen", "merge", "comment"},
    "acceptor": {
        "ask_check", "file", "reject", "send_back", "close", "reopen", "reclassify", "relocate",
        "prioritise", "merge", "comment",
    },
    "dispatcher": {
        "dispatch", "reroute", "add_co", "split", "reclassify", "relocate", "prioritise", "merge",
        "comment", "resume",
    },
    "handler": {
        "accept", "return", "feed_back", "finish", "comment", "ask_extension", "ask_suspension",
        "ask_appeal",
    },
    "lead": {
        "accept", "return", "feed_back", "finish", "comment", "ask_extension",
        "ask_suspension", "ask_appeal", "resume",
    },
    "sanitation": set(),
    "community": {"confirm", "refute", "pass", "fail", "reopen", "urge", "comment"},
    "subdistrict": {"confirm", "refute", "pass", "fail", "reopen", "urge", "comment"},
    "district": {"confirm", "refute", "pass", "fail", "reopen", "urge", "comment"},
    "citizen": set(),
    "analyst": set(),
    "system": set(),
    "security": set(),
    "audit": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_a_role_may_do_is_exactly_this(world: World, name: str) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    tasks = list(Task.objects.filter(case=walk.case))
    viewer = world.viewer(name)
    able: set[str] = set()
    for state in State:
        walk.case.state = state.value
        able |= set(allowed_moves(viewer, walk.case, tasks))
    assert able == EXPECTED[name]


# On a case no department has a part in, a department's people may do nothing.
UNINVOLVED = {**EXPECTED, "handler": set(), "lead": set()}


@pytest.mark.parametrize("name", NAMES)
def test_a_move_that_is_not_offered_is_refused(world: World, name: str) -> None:
    case = unclassed(world)
    viewer = world.viewer(name)
    for move in MOVES:
        if move not in UNINVOLVED[name]:
            with pytest.raises(NotAllowed):
                commands.move(case.pk, move, actor=viewer, now=world.now)


SEES = {
    "citizen": 0, "worker": 1, "worker_east": 1, "operator": 2, "acceptor": 2, "dispatcher": 2,
    "community": 1, "subdistrict": 2, "district": 2, "analyst": 2, "system": 0, "security": 0,
    "audit": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SEES))
def test_a_list_shows_what_lies_in_the_area_of_the_role(world: World, name: str) -> None:
    unclassed(world, 0)
    unclassed(world, 3)
    assert len(case_page(world.viewer(name)).items) == SEES[name]


def test_a_department_sees_the_cases_it_has_a_task_in(world: World) -> None:
    Walk(world, unclassed(world)).to_handling()
    unclassed(world)
    assert cases_of(world.viewer("handler")).count() == 1
    assert cases_of(world.viewer("sanitation")).count() == 0


def test_a_citizen_sees_the_own_report_alone(world: World) -> None:
    from cityloop.business.cases.domain.values import NewReporter

    received(world)
    user = world.users["citizen"].pk
    received(world, reporter=NewReporter(user_id=user))
    assert cases_of(world.viewer("citizen")).count() == 1


def test_the_public_sees_no_case(world: World) -> None:
    received(world)
    assert cases_of(PUBLIC).count() == 0


def test_lists_cost_the_same_number_of_queries_for_one_and_three(
    world: World, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        unclassed(world)
        with CaptureQueriesContext(connection) as seen:
            case_page(world.viewer("acceptor"))
        counts.append(len(seen))
        unclassed(world)
    assert counts[0] == counts[1]
    assert Case.objects.count() == 4
