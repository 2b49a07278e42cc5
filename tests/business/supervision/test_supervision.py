"""Supervision: who sees what, counts by unit, urges answered by whom until when, outcomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cityloop.business.cases import commands
from cityloop.business.cases.commands.approvals import decide
from cityloop.business.cases.models import Approval, Case
from cityloop.business.notify.models import StaffNotice
from cityloop.business.supervision.changes import changes
from cityloop.business.supervision.domain import is_notable, outcome
from cityloop.business.supervision.models import Urging
from cityloop.business.supervision.queries import steps, supervision, urges, watched
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.audit.followers import advance_all
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import Walk, received, report, unclassed
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
    with django_assert_max_num_queries(18) as first:
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


# --- told -----------------------------------------------------------------------------------------
def notices(world: World) -> dict[str, str]:
    names = {user.pk: name for name, user in world.users.items()}
    rows = StaffNotice.objects.values_list("user_id", "text_zh")
    return {names[pk]: text for pk, text in rows}


def test_an_urge_is_told_to_the_department_with_the_time_to_answer(world: World) -> None:
    walk = urged(world)
    follow(world, walk.at)

    told = notices(world)

    assert set(told) == {"handler", "lead"}
    assert told["handler"].startswith("街道督办：") and "前办理或答复" in told["handler"]
    assert "今日办结" not in told["handler"], "free words stand on the page alone"


def test_an_urge_of_what_waits_at_the_desk_is_told_to_the_desk(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.step("district", "urge", reason="请尽快受理")
    follow(world, walk.at)

    assert set(notices(world)) == {"acceptor"}


def test_a_refused_extension_is_told_to_the_department_alone(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", "ask_extension", reason="材料未到")
    asked = Approval.objects.get()
    decide(asked.pk, False, reason="可先临时围挡", actor=world.viewer("dispatcher"), now=walk.at)
    follow(world, walk.at)

    told = notices(world)

    assert set(told) == {"handler", "lead"} and told["lead"].startswith("延期未获批准：")
    assert "处置截止" in told["lead"]


# --- how it grew, where it is held up, what changed -----------------------------------------------
def test_open_work_is_compared_with_this_morning_and_a_week_ago(world: World) -> None:
    Walk(world, unclassed(world)).to_handling()
    follow(world, world.now)
    then = world.now + timedelta(days=8)
    assert supervision(world.viewer("district"), now=world.now)["today"] is None, "nothing before"

    for n in (1, 2):
        commands.receive(report(n), actor=PUBLIC, now=then)
    follow(world, then)

    shown = supervision(world.viewer("district"), now=then)
    assert (shown["today"]["open"], shown["week"]["open"]) == (2, 2)
    assert shown["total"]["open"] == 3


def test_late_cases_say_at_which_step_they_are_held_up(world: World) -> None:
    for n in (0, 1):
        received(world, n)
    Walk(world, unclassed(world, 2)).to_handling()
    Case.objects.update(alert="late")
    viewer = world.viewer("district")

    found = {row["state"]: row["n"] for row in steps(viewer, "late")}

    assert sum(found.values()) == 3 and found["handling"] == 1
    only = watched(viewer, "late", state="handling")
    assert [row["state"] for row in only] == ["handling"]
    with pytest.raises(NotAllowed):
        steps(world.viewer("handler"), "late")


def test_today_is_compared_with_the_same_hours_of_the_week_before(world: World) -> None:
    now = world.now
    hour = timedelta(hours=1)
    for n in range(8):
        commands.receive(report(0), actor=PUBLIC, now=now - timedelta(minutes=n + 1))
    commands.receive(report(2), actor=PUBLIC, now=now - timedelta(days=1, minutes=5))
    commands.receive(report(2), actor=PUBLIC, now=now - timedelta(days=1) + hour)

    shown = changes(world.viewer("subdistrict"), "day", now=now)

    assert shown["total"] == {"now": 8, "usual": 0.1, "notable": True}
    assert shown["units"][0]["zh"] == "永宁社区" and shown["units"][0]["now"] == 8
    assert shown["spots"][0]["at"]["zh"] == "永宁社区"
    week = changes(world.viewer("subdistrict"), "week", now=now)
    assert (week["total"]["now"], week["total"]["usual"]) == (10, 0.0)


@pytest.mark.parametrize(("now", "before", "spans"), [(2, 1, 1), (0, 0, 7), (8, 35, 7), (1, 0, 7)])
def test_a_small_difference_is_chance(now: int, before: int, spans: int) -> None:
    assert not is_notable(now, before, spans)
