"""Supervision: who sees what, counts by unit, urges answered by whom until when, outcomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cityloop.business.cases.models import Case
from cityloop.business.supervision.domain import outcome
from cityloop.business.supervision.models import Urging
from cityloop.business.supervision.queries import supervision, urges, watched
from cityloop.city.audit.followers import advance_all
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import Walk, received, unclassed
from tests.world import COMMUNITIES, DISTRICT, World


def follow(world: World, at: Any) -> None:
    load()
    sequence_all(now=at)
    advance_all(now=at)


def urged(world: World, who: str = "subdistrict") -> Walk:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step(who, "urge", reason="居民反映强烈，请今日办结")
    return walk


def one(world: World) -> Urging:
    return Urging.objects.get()


def test_an_urge_waits_for_its_answer_until_the_time_to_respond(world: World) -> None:
    walk = urged(world)
    follow(world, walk.at)

    row = one(world)

    assert (row.level, row.by_id) == ("subdistrict", world.users["subdistrict"].pk)
    assert row.due_at == walk.at + timedelta(hours=2)
    assert row.answered_at is None


def test_a_feedback_answers_it_and_says_by_whom(world: World) -> None:
    walk = urged(world)
    walk.step("handler", "feed_back", text="已联系清运车辆，下午四点到场")
    follow(world, walk.at)

    shown = urges(world.viewer("district"), now=walk.at, waiting=False)[0]

    assert (shown["answered_by"], shown["answer_kind"]) == ("handler", "feed_back")
    assert shown["answer"].startswith("已联系") and shown["reason"].startswith("居民反映")
    assert urges(world.viewer("district"), now=walk.at) == []


def test_whoever_urges_does_not_answer_by_a_comment(world: World) -> None:
    walk = urged(world)
    walk.step("subdistrict", "comment", text="明早再看")
    follow(world, walk.at)

    assert one(world).answered_at is None


def test_events_told_twice_change_nothing(world: World) -> None:
    walk = urged(world)
    walk.step("handler", "comment", text="收到")
    follow(world, walk.at)
    before = (one(world).answered_at, one(world).answer_event)
    walk.step("handler", "feed_back", text="进展")
    follow(world, walk.at)

    assert (one(world).answered_at, one(world).answer_event) == before


@pytest.mark.parametrize(
    ("who", "area", "level"),
    [
        ("district", DISTRICT, "district"),
        ("subdistrict", None, "subdistrict"),
        ("community", COMMUNITIES[0], "community"),
    ],
)
def test_each_level_begins_at_its_own_area(
    world: World, who: str, area: str | None, level: str
) -> None:
    shown = supervision(world.viewer(who), now=world.now)
    assert shown["area"]["level"] == level
    assert area is None or shown["area"]["code"] == area


def test_a_level_does_not_look_up_or_aside(world: World) -> None:
    viewer = world.viewer("community")
    for code in (DISTRICT, COMMUNITIES[1]):
        with pytest.raises(NotAllowed):
            supervision(viewer, now=world.now, area_id=world.area(code))


@pytest.mark.parametrize("who", ["handler", "dispatcher", "citizen", "system"])
def test_whoever_supervises_nothing_is_refused(world: World, who: str) -> None:
    client = Client()
    client.force_login(world.users[who])
    answer = client.get("/api/v1/supervision")
    assert (answer.status_code, answer.json()["code"]) == (403, "supervision.not_yours")


def test_units_are_counted_late_first(world: World) -> None:
    received(world, 0)
    late = Case.objects.get(pk=received(world, 2).case_id)
    Case.objects.filter(pk=late.pk).update(alert="late")

    shown = supervision(world.viewer("subdistrict"), now=world.now)

    assert [u["area"]["code"] for u in shown["units"]] == [COMMUNITIES[1], COMMUNITIES[0]]
    assert [u["late"] for u in shown["units"]] == [1, 0]
    assert shown["total"]["open"] == 2 and shown["total"]["unanswered"] == 1


def test_watched_cases_say_whose_turn_it_is_and_the_last_urge(world: World) -> None:
    walk = urged(world)
    follow(world, walk.at)

    rows = watched(world.viewer("district"), "urged")

    assert [r["number"] for r in rows] == [walk.case.number]
    assert rows[0]["owner_role"] == "handler" and rows[0]["department_zh"]
    assert rows[0]["last_urge"]["level"] == "subdistrict"
    assert watched(world.viewer("district"), "late") == []


def test_counts_take_the_same_queries_for_one_case_and_for_three(
    world: World, django_assert_max_num_queries: Any
) -> None:
    viewer = world.viewer("district")
    received(world, 0)
    with django_assert_max_num_queries(16) as first:
        supervision(viewer, now=world.now)
    received(world, 1)
    received(world, 2)
    with django_assert_max_num_queries(len(first.captured_queries)):
        supervision(viewer, now=world.now)


def test_outcome_is_not_moved_by_volume() -> None:
    rates = {"handling_on_time": 0.9, "solving_rate": 0.8, "not_reworked": 1.0}
    assert outcome(rates, 10) == outcome(rates, 10_000)
    assert outcome(rates, 4) is None


def test_rest_lists_urges_of_a_case_with_numbers_masked_for_a_co_handler(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    walk.dispatch(co=("sanitation",))
    walk.step("district", "urge", reason="请联系13800138000核实")
    follow(world, walk.at)
    said = {}
    for who in ("handler", "sanitation"):
        client = Client()
        client.force_login(world.users[who])
        said[who] = client.get(f"/api/v1/supervision/urges/{walk.case.number}").json()[0]["reason"]

    assert "13800138000" in said["handler"]
    assert "13800138000" not in said["sanitation"]
