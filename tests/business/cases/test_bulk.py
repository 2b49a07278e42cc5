"""One move on many cases: each by itself, answered row by row, never twice."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from cityloop.business.cases.commands import move_many
from cityloop.business.cases.commands.bulk import KEPT, MOST, Moved
from cityloop.business.cases.models import BulkMove, Case
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError
from tests.business.cases.stories import Walk, default_condition, unclassed
from tests.world import World

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef"


def states(numbers: list[str]) -> list[str]:
    by_number = dict(Case.objects.values_list("number", "state"))
    return [by_number[n] for n in numbers]


def reject(world: World, numbers: list[str], who: str = "acceptor", key: str = KEY) -> list[Moved]:
    return move_many(
        numbers, "reject", key=key, actor=world.viewer(who), now=world.now, reason="不在受理范围"
    )


def test_what_may_be_moved_is_moved_the_rest_says_why(world: World) -> None:
    numbers = [unclassed(world, n).number for n in range(3)]
    Walk(world, Case.objects.get(number=numbers[1])).file()
    rows = reject(world, [*numbers, "20260316999"])
    assert [r.problem.code if r.problem else r.state for r in rows] == [
        "rejected", "case.wrong_state", "rejected", "case.unknown",
    ]  # fmt: skip
    assert states(numbers) == ["rejected", "filed", "rejected"]
    assert Event.objects.filter(kind="case.reject").count() == 2


def test_the_same_request_again_moves_nothing_twice(world: World) -> None:
    numbers = [unclassed(world, n).number for n in range(2)]
    lead = world.viewer("acceptor")
    given = {"key": KEY, "actor": lead, "now": world.now, "text": "已电话联系反映人"}
    first = move_many(numbers[:1], "comment", **given)
    again = move_many(numbers, "comment", **given)
    assert [r.before for r in again] == [True, False]
    assert again[0].version == first[0].version
    assert Event.objects.filter(kind="case.comment").count() == 2


def test_another_person_with_the_same_key_is_another_request(world: World) -> None:
    numbers = [unclassed(world).number]
    for who in ("acceptor", "dispatcher"):
        move_many(numbers, "comment", key=KEY, actor=world.viewer(who), now=world.now, text="备注")
    assert Event.objects.filter(kind="case.comment").count() == 2


def test_a_key_belongs_to_one_move(world: World) -> None:
    numbers = [unclassed(world).number]
    reject(world, numbers)
    with pytest.raises(Conflict, match=r"bulk\.key_used"):
        move_many(
            numbers, "comment", key=KEY, actor=world.viewer("acceptor"), now=world.now, text="x"
        )


def test_a_number_that_stands_twice_is_moved_once(world: World) -> None:
    number = unclassed(world).number
    assert [r.number for r in reject(world, [number, number])] == [number]


@pytest.mark.parametrize("name", ["split", "relocate", "lapse", "no_such"])
def test_moves_that_say_something_about_one_case_are_not_made_on_many(
    world: World, name: str
) -> None:
    with pytest.raises(DomainError, match=r"bulk\.move"):
        move_many(["1"], name, key=KEY, actor=world.viewer("acceptor"), now=world.now)


def test_more_than_two_hundred_are_refused_whole(world: World) -> None:
    with pytest.raises(DomainError, match=r"bulk\.size"):
        reject(world, [str(n) for n in range(MOST + 1)])


def test_who_may_not_gets_every_row_refused(world: World) -> None:
    numbers = [unclassed(world).number]
    assert [r.problem.code for r in reject(world, numbers, "dispatcher") if r.problem] == [
        "case.not_yours"
    ]
    assert [r.problem.code for r in reject(world, numbers, "worker_east") if r.problem] == [
        "case.unknown"
    ]
    assert states(numbers) == ["reported"]


def test_old_keys_are_forgotten(world: World) -> None:
    reject(world, [unclassed(world).number])
    later = world.now + KEPT + timedelta(days=1)
    second = unclassed(world).number
    move_many(
        [second], "reject", key="x" * 8, actor=world.viewer("acceptor"), now=later, reason="理由"
    )
    assert list(BulkMove.objects.values_list("key", flat=True)) == ["x" * 8]


def test_over_rest_each_row_has_its_answer_in_the_readers_language(world: World) -> None:
    numbers = [unclassed(world, n).number for n in range(2)]
    Walk(world, Case.objects.get(number=numbers[1])).file()
    client = Client()
    client.force_login(world.users["acceptor"])
    given = {"key": KEY, "numbers": numbers, "condition_id": default_condition()}
    answer = client.post("/api/v1/cases/bulk/file", given, content_type="application/json")
    body = json.loads(answer.content)
    assert (answer.status_code, body["moved"], body["refused"]) == (200, 1, 1)
    assert body["rows"][0]["state"] == "filed"
    assert body["rows"][1]["problem"]["code"] == "case.wrong_state"
