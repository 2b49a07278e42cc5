"""What a citizen with an account sees of a matter that others reported too."""

from __future__ import annotations

import pytest

from cityloop.business.cases import commands
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.following import followed_case
from cityloop.business.cases.models import Case
from cityloop.business.cases.queries import case_file
from cityloop.city.accounts.domain import PUBLIC
from tests.business.cases.stories import Walk, jpeg, received
from tests.world import World

pytestmark = pytest.mark.django_db


def of_two(world: World) -> tuple[Case, str, str]:
    """A citizen's case with a stranger's joined to it, and the two follow-up keys."""
    own = NewReporter(user_id=world.users["citizen"].pk)
    mine = received(world, reporter=own, class_key="", title="嗯", text="我的话")
    theirs = received(world, class_key="", title="嗯", text="别人的话", address="6号院3号楼")
    commands.add_photo(theirs.case_id, jpeg(), stage="report", actor=PUBLIC, now=world.now)
    case = Case.objects.get(pk=mine.case_id)
    other = Walk(world, Case.objects.get(pk=theirs.case_id))
    other.step("acceptor", "merge", target=case.number, reason="同一处")
    case.refresh_from_db()
    return case, str(mine.follow_key), str(theirs.follow_key)


def test_a_citizen_reads_the_own_words_and_not_those_of_others(world: World) -> None:
    case, _, _ = of_two(world)
    mine = case_file(world.viewer("citizen"), case)
    assert [r.text for r in mine.reports] == ["我的话"]
    assert (mine.photos, mine.merged, mine.approvals) == ([], [], [])
    desk = case_file(world.viewer("acceptor"), case)
    assert [r.text for r in desk.reports] == ["我的话", "别人的话"]
    assert (len(desk.photos), len(desk.merged)) == (1, 1)


def test_words_added_to_a_shared_matter_are_shown_to_the_desk_alone(world: World) -> None:
    case, mine, theirs = of_two(world)
    commands.add_words(case.pk, "我家在3号楼", actor=PUBLIC, now=world.now)
    for key in (mine, theirs):
        steps = followed_case(key, now=world.now)["steps"]
        assert [s.get("text") for s in steps if s["kind"] == "said"] == [None]


def test_words_added_to_the_own_matter_are_shown(world: World) -> None:
    answer = received(world)
    commands.add_words(answer.case_id, "又堆了一堆", actor=PUBLIC, now=world.now)
    steps = followed_case(str(answer.follow_key), now=world.now)["steps"]
    assert [s.get("text") for s in steps if s["kind"] == "said"] == ["又堆了一堆"]
