"""A worker's day in one answer, own figures, and the doors of the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cityloop.business.cases.models import Photo
from cityloop.business.patrol import commands
from cityloop.business.patrol.models import OwnReport
from cityloop.business.patrol.queries.figures import own_figures
from cityloop.business.patrol.queries.today import today
from cityloop.city.audit.followers import advance_all
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from tests.business.cases.stories import Walk, default_condition, jpeg, unclassed
from tests.business.patrol.outings import agree, new_id, send_report, set_out
from tests.world import World, cell_code

pytestmark = pytest.mark.django_db


def client(world: World, who: str = "worker") -> Client:
    opened = Client()
    opened.force_login(world.users[who])
    return opened


def post(world: World, path: str, body: dict[str, Any], who: str = "worker") -> Any:
    given = {"client_id": new_id(), "user_id": world.users[who].pk, **body}
    return client(world, who).post(
        f"/api/v1/worker/{path}", json.dumps(given), content_type="application/json"
    )


def test_the_day_names_shift_tasks_plan_and_cells(world: World) -> None:
    from cityloop.business.cases import commands as cases

    commands.set_plan("P1", name_zh="日巡", duty_grid_codes=["G1"], actor=world.viewer("community"),
                      now=world.now)  # fmt: skip
    case = unclassed(world)
    cases.move(case.pk, "ask_check", actor=world.viewer("acceptor"), now=world.now)
    day = today(world.viewer("worker"), now=world.now)
    assert day["shift"]["ends_at"] == world.now + timedelta(hours=10)
    assert [(t["number"], t["state"], t["mine"]) for t in day["tasks"]] == [
        (case.number, "checking", True)
    ]
    assert [c["code"] for c in day["cells"]] == [cell_code(0), cell_code(1)]
    assert day["cells"][0]["outline"]["type"] == "Polygon"
    assert [(c["due"]) for c in day["plans"][0]["cells"]] == [True, True]
    rubbish = next(c for c in day["classes"] if c["key"] == "E0111")
    assert rubbish["condition_id"] == default_condition() and len(rubbish["words"]) > 1
    assert day["consent"]["given"] is False


def test_a_colleague_of_another_community_does_not_see_the_task(world: World) -> None:
    from cityloop.business.cases import commands as cases

    case = unclassed(world)
    cases.move(case.pk, "ask_check", actor=world.viewer("acceptor"), now=world.now)
    assert today(world.viewer("worker_east"), now=world.now)["tasks"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_day_takes_the_same_queries_for_one_task_and_three(
    world: World, count: int, django_assert_max_num_queries: Any
) -> None:
    from cityloop.business.cases import commands as cases

    for _ in range(count):
        case = unclassed(world)
        cases.move(case.pk, "ask_check", actor=world.viewer("acceptor"), now=world.now)
    viewer = world.viewer("worker")
    today(viewer, now=world.now)
    with django_assert_max_num_queries(45):
        today(viewer, now=world.now)


def test_own_figures_follow_what_came_of_the_work(world: World) -> None:
    worker = world.viewer("worker")
    send_report(world, new_id())
    unclear = send_report(world, new_id(), class_key="", text="嗯嗯")
    Walk(world, _case(unclear["number"])).step("acceptor", "reject", reason="未发现")
    walk = Walk(world, unclassed(world))
    walk.step("acceptor", "ask_check")
    walk.step("worker", "confirm")
    settle(world)
    figures = own_figures(worker.user_id or 0, now=world.now)
    shares = {rate.key: (rate.part, rate.whole) for rate in figures.rates}
    assert shares["valid"] == (1, 2)
    assert shares["on_time"] == (1, 1)
    # somebody else told of two matters in the worker's cells: one of them was checked above
    assert figures.counts["missed"] == 1
    assert figures.counts["reported"] == 2
    assert OwnReport.objects.count() == 0


def _case(number: str) -> Any:
    from cityloop.business.cases.models import Case

    return Case.objects.get(number=number)


def settle(world: World) -> None:
    load()
    while sequence_all(now=world.now) or advance_all(now=world.now):
        pass


def test_the_device_sends_report_photo_and_move_over_the_api(world: World) -> None:
    lon, lat = 116.902, 39.102
    key, at = new_id(), world.now.isoformat()
    body = {"client_id": key, "at": at, "text": "井盖没了", "lon": lon, "lat": lat,
            "class_key": "C0101"}  # fmt: skip
    first = post(world, "reports", body)
    assert first.status_code == 200, first.content
    assert post(world, "reports", body).json()["repeated"] is True
    file = SimpleUploadedFile("a.jpg", jpeg(), content_type="image/jpeg")
    form = {"photo": file, "client_id": new_id(), "user_id": world.users["worker"].pk,
            "report": key}  # fmt: skip
    sent = client(world).post("/api/v1/worker/photos", form)
    assert sent.status_code == 200, sent.content
    assert Photo.objects.get().pk == sent.json()["photo_id"]
    said = post(world, "moves", {"at": at, "move": "comment", "number": first.json()["number"],
                                 "text": "已设围挡"})  # fmt: skip
    assert said.json()["number"] == first.json()["number"]


def test_an_item_under_another_log_in_is_refused_and_stays(world: World) -> None:
    body = {"at": world.now.isoformat(), "text": "井盖没了", "user_id": world.users["worker"].pk}
    answer = post(world, "reports", body, who="worker_east")
    assert (answer.status_code, answer.json()["code"]) == (409, "delivery.other_user")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reports", {"at": "2026-03-16T10:00:00"}),
        ("moves", {"move": "close", "number": "1"}),
        ("tracks", {"patrol": "abcdefgh-1", "points": [{"lon": 999, "lat": 0, "at": "x"}]}),
        ("reports", {"client_id": "../..", "text": "x"}),
    ],
)
def test_what_is_not_well_formed_is_refused_by_name(
    world: World, path: str, body: dict[str, Any]
) -> None:
    answer = post(world, path, {"at": world.now.isoformat(), **body})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.not_valid")


@pytest.mark.parametrize("who", ["citizen", "acceptor", "handler", "system", "analyst"])
def test_the_day_is_for_grid_workers(world: World, who: str) -> None:
    answer = client(world, who).get("/api/v1/worker/today")
    assert (answer.status_code, answer.json()["code"]) == (403, "role.needed")


def test_the_day_over_the_api_keeps_its_shape(world: World) -> None:
    agree(world)
    set_out(world)
    answer = client(world).get("/api/v1/worker/today")
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown["consent"]["given"] is True
    assert shown["user_id"] == world.users["worker"].pk


def test_plans_and_coverage_over_the_api(world: World) -> None:
    boss = client(world, "community")
    plan = {"name_zh": "日巡", "duty_grid_codes": ["G1"], "every_days": 2,
            "checklist": [{"key": "fire", "zh": "消防通道", "en": "Fire lane"}]}  # fmt: skip
    put = boss.put("/api/v1/patrol/plans/P1", json.dumps(plan), content_type="application/json")
    assert put.status_code == 204, put.content
    assert boss.get("/api/v1/patrol/plans").json()[0]["cells"] == 2
    shown = boss.get("/api/v1/patrol/coverage").json()
    assert (shown["wanted"], shown["covered"]) == (2, 0)
    assert "user" not in json.dumps(shown)
    assert client(world, "citizen").get("/api/v1/patrol/coverage").status_code == 403
    assert boss.delete("/api/v1/patrol/plans/P1").status_code == 204
    assert boss.get("/api/v1/patrol/coverage").json()["wanted"] == 0


def test_an_item_met_by_another_role_is_left_for_its_worker(world: World) -> None:
    body = {"at": world.now.isoformat(), "text": "井盖没了", "user_id": world.users["worker"].pk}
    answer = post(world, "reports", body, who="acceptor")
    assert (answer.status_code, answer.json()["code"]) == (409, "delivery.other_user")
