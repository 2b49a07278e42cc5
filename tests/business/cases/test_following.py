"""The holder of a key follows the own case, answers, adds, withdraws; and sees nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cityloop.business.cases import commands
from cityloop.business.cases.following import followed_case
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import PUBLIC
from cityloop.kernel.errors import Conflict, DomainError, NotFound
from tests.business.cases.stories import Walk, jpeg, received, unclassed
from tests.world import World

pytestmark = pytest.mark.django_db
XSS = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def walk_of(world: World, **given: Any) -> tuple[Walk, str]:
    """A case of the urban department, and the key of its reporter."""
    answer = received(world, class_key="", title="嗯", text="嗯嗯", **given)
    return Walk(world, Case.objects.get(pk=answer.case_id)), answer.follow_key or ""


def post(key: str, what: str, **given: Any) -> tuple[int, Any]:
    answer = Client().post(f"/api/v1/follow/{key}/{what}", given, content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def photo(colour: str = "grey") -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg(colour), content_type="image/jpeg")


def test_each_step_names_time_and_department_and_what_was_told(world: World) -> None:
    walk, key = walk_of(world)
    walk.to_handling()
    walk.step("handler", "feed_back", text="联系13800138000，周三清运")
    walk.finish()
    shown = followed_case(key, now=walk.at)
    steps = {s["kind"]: s for s in shown["steps"]}
    assert list(steps) == ["receive", "file", "dispatch", "accept", "feed_back", "finish"]
    assert steps["dispatch"]["department_zh"] == "城市管理综合执法局"
    assert steps["feed_back"]["text"] == "联系138****8000，周三清运"
    assert steps["finish"]["text"] == "已清运完毕"
    assert (shown["step"], shown["waiting"]["role"]) == (4, "grid_worker")


def test_that_nobody_answered_is_said_with_the_level_that_knows(world: World) -> None:
    walk, key = walk_of(world)
    walk.file()
    walk.dispatch()
    for hours in (2, 3, 5, 11, 27):
        late = walk.at + timedelta(hours=hours)
        commands.ring_due(now=late)
    shown = followed_case(key, now=late)
    assert (shown["waiting"]["late"], shown["waiting"]["level"]) == (True, "district")
    assert shown["waiting"]["department_zh"] == "城市管理综合执法局"
    assert [s["level"] for s in shown["steps"] if s["kind"] == "escalate"] == [
        "community", "subdistrict", "district",
    ]  # fmt: skip


def test_photos_before_and_after_are_shown_those_of_others_are_not(world: World) -> None:
    walk, key = walk_of(world)
    commands.add_photo(walk.case.pk, jpeg("red"), stage="report", actor=PUBLIC, now=walk.at)
    commands.add_photo(
        walk.case.pk, jpeg("blue"), stage="check", actor=world.viewer("worker"), now=walk.at
    )
    walk.to_handling()
    walk.finish()
    shown = followed_case(key, now=walk.at)["photos"]
    assert [p["part"] for p in shown] == ["before", "after"]
    answer = Client().get(shown[1]["thumbnail_url"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    other = received(world).follow_key
    stolen = shown[1]["url"].replace(key, str(other))
    assert Client().get(stolen).status_code == 404


def test_the_merged_reporter_answers_for_the_matter_but_sees_no_others_photo(
    world: World,
) -> None:
    walk, key = walk_of(world)
    other, other_key = walk_of(world)
    commands.add_photo(walk.case.pk, jpeg(), stage="report", actor=PUBLIC, now=walk.at)
    other.step("acceptor", "merge", target=walk.case.number, reason="同一处")
    walk.case.refresh_from_db()
    assert followed_case(other_key, now=walk.at)["photos"] == []
    assert "withdraw" not in followed_case(key, now=walk.at)["may"]
    assert post(key, "withdraw", reason="不用了")[1]["code"] == "follow.shared"
    walk.to_closed()
    status, shown = post(other_key, "answer", solved=True, satisfied=False, responded=True)
    assert (status, shown["state"]) == (200, "evaluated")
    assert shown["answered"] == {"responded": True, "solved": True, "satisfied": False}


def test_not_solved_goes_back_to_the_department(world: World) -> None:
    walk, key = walk_of(world)
    walk.to_closed()
    assert "answer" in followed_case(key, now=walk.at)["may"]
    status, shown = post(key, "answer", solved=False, satisfied=False, text="还在")
    assert (status, shown["state"], shown["step"]) == (200, "handling", 3)
    assert shown["steps"][-1]["reopened"] is True


def test_words_reach_the_trace_and_hostile_ones_stay_words(world: World) -> None:
    walk, key = walk_of(world)
    status, shown = post(key, "words", text=XSS)
    assert status == 200
    assert shown["steps"][-1]["text"] == XSS
    answer = Client().get(f"/api/v1/follow/{key}")
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    desk = Client()
    desk.force_login(world.users["acceptor"])
    trace = desk.get(f"/api/v1/cases/{walk.case.number}/trace").json()
    assert trace[-1]["kind"] == "case.said"
    assert trace[-1]["private"] == {"text": XSS}


@pytest.mark.parametrize("text", ["  ", "a\u202eb", "字" * 2001])
def test_words_that_say_nothing_or_hide_something_are_refused(world: World, text: str) -> None:
    case = unclassed(world)
    with pytest.raises(DomainError):
        commands.add_words(case.pk, text, actor=PUBLIC, now=world.now)


def test_what_has_ended_takes_no_more_words_or_photos(world: World) -> None:
    walk, key = walk_of(world)
    walk.step("public", "withdraw", reason="弄错了", follow_key=key)
    assert followed_case(key, now=walk.at)["may"] == []
    with pytest.raises(Conflict):
        commands.add_words(walk.case.pk, "再说", actor=PUBLIC, now=walk.at)
    answer = Client().post(f"/api/v1/follow/{key}/photos", {"photo": photo()})
    assert answer.json()["code"] == "follow.ended"


def test_a_reporter_sends_nine_photos_and_no_more(world: World) -> None:
    _, key = walk_of(world)
    codes = [
        Client().post(f"/api/v1/follow/{key}/photos", {"photo": photo()}).status_code
        for _ in range(10)
    ]
    assert codes == [200] * 9 + [409]


def test_a_key_made_by_the_sender_opens_the_case_even_when_the_answer_was_lost(
    world: World,
) -> None:
    body = {"text": "路灯不亮", "external_id": "device-1", "follow_key": "k" * 22}
    for expected in (201, 200):
        answer = Client().post("/api/v1/public/reports", body, content_type="application/json")
        assert answer.status_code == expected
    assert followed_case("k" * 22, now=world.now)["text"] == "路灯不亮"
    weak = Client().post(
        "/api/v1/public/reports", {**body, "follow_key": "short"}, content_type="application/json"
    )
    assert weak.status_code == 400


def test_an_unknown_key_is_unknown(world: World) -> None:
    with pytest.raises(NotFound):
        followed_case("x" * 16, now=world.now)
