"""Practising leaves no trace in the city, and the record belongs to the trainee."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from cityloop.hub.practice.commands import (
    CALL_BACK,
    answer,
    forget_run,
    set_consent,
    start_run,
)
from cityloop.hub.practice.domain import SETS, Answer, Item
from cityloop.hub.practice.domain.judging import GOOD
from cityloop.hub.practice.models import Run
from cityloop.hub.practice.queries import record_of, shown_records, stock
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from tests.hub.practice.test_judging import right
from tests.world import World


def rows_elsewhere() -> dict[str, int]:
    """Rows of every table but those of practice."""
    return {
        m._meta.label: m._default_manager.count()
        for m in apps.get_models()
        if m._meta.app_label not in {"practice", "sessions"} and m._meta.managed
    }


@pytest.mark.parametrize("role", sorted(SETS))
def test_a_whole_exercise_writes_nothing_outside_its_own_tables(
    world: World, now: datetime, role: str
) -> None:
    viewer = world.viewer("acceptor")
    before = rows_elsewhere()

    run = start_run(role, actor=viewer, now=now, seed=7)
    for n, row in enumerate(run.items):
        item = Item.of(row)
        if item.story == "no_place":
            told = answer(run.pk, n, Answer(CALL_BACK), actor=viewer, now=now).told
            assert told is not None
        step = answer(run.pk, n, right(item), actor=viewer, now=now)
        assert step.verdict is not None and step.verdict.mark == "good", item

    assert rows_elsewhere() == before
    kept = record_of(viewer.user_id or 0)[0]
    assert (kept["good"], kept["matters"], kept["lessons"]) == (len(run.items),) * 2 + ([],)
    assert kept["ended_at"] == now


def test_the_profile_has_material_for_every_story(world: World, now: datetime) -> None:
    found = stock(now=now)
    for name in GOOD:
        role, _, story = name.partition("/")
        usable = found.usable(role, story)
        assert usable, name
        for reason in {s.reason for s in usable if s.reason}:
            assert reason in found.reasons, reason


def test_what_the_rules_refuse_may_be_tried_again(world: World, now: datetime) -> None:
    viewer = world.viewer("handler")
    run = start_run("handler", actor=viewer, now=now, seed=1)
    n = next(i for i, row in enumerate(run.items) if row["story"] == "not_ours")

    step = answer(run.pk, n, Answer("return"), actor=viewer, now=now)
    assert step.refused == ("理由", "a reason")
    step = answer(run.pk, n, right(Item.of(run.items[n])), actor=viewer, now=now)
    assert step.verdict is not None

    assert Run.objects.get(pk=run.pk).answers[n]["refused"] == 1
    with pytest.raises(Conflict):
        answer(run.pk, n, right(Item.of(run.items[n])), actor=viewer, now=now)


def test_moves_of_other_posts_and_matters_that_are_not_there_are_refused(
    world: World, now: datetime
) -> None:
    viewer = world.viewer("worker")
    run = start_run("grid_worker", actor=viewer, now=now, seed=1)
    for n, given in ((0, Answer("dispatch")), (0, Answer(CALL_BACK)), (9, Answer("pass"))):
        with pytest.raises(DomainError):
            answer(run.pk, n, given, actor=viewer, now=now)


def test_a_record_is_shown_by_consent_to_those_who_look_after_the_person(
    world: World, now: datetime
) -> None:
    for name in ("worker", "handler"):
        start_run("grid_worker", actor=world.viewer(name), now=now, seed=1)

    def seen_by(name: str) -> list[str]:
        return [row["name"] for row in shown_records(world.viewer(name))]

    assert seen_by("district") == []
    set_consent(True, actor=world.viewer("worker"), now=now)
    set_consent(True, actor=world.viewer("handler"), now=now)
    assert seen_by("district") == seen_by("community") == ["worker"]
    assert seen_by("lead") == ["handler"]
    assert seen_by("worker_east") == seen_by("acceptor") == seen_by("system") == []
    set_consent(False, actor=world.viewer("worker"), now=now)
    assert seen_by("district") == []


def test_an_exercise_is_the_persons_own(world: World, now: datetime) -> None:
    run = start_run("acceptor", actor=world.viewer("acceptor"), now=now, seed=1)
    with pytest.raises(NotFound):
        answer(run.pk, 0, Answer("file"), actor=world.viewer("dispatcher"), now=now)
    with pytest.raises(NotFound):
        forget_run(run.pk, actor=world.viewer("dispatcher"))
    forget_run(run.pk, actor=world.viewer("acceptor"))
    assert not Run.objects.exists()
    with pytest.raises(NotAllowed):
        start_run("acceptor", actor=world.viewer("citizen"), now=now)


def test_the_api_never_tells_the_solution_beforehand(world: World) -> None:
    client = Client()
    client.force_login(world.users["acceptor"])
    assert client.get("/api/v1/practice").json()["lessons"][0]["role"] == "acceptor"
    given: dict[str, Any] = {"role": "acceptor"}
    made = client.post("/api/v1/practice/runs", given, content_type="application/json")
    assert made.status_code == 201, made.content
    items = made.json()["items"]
    assert {i["mark"] for i in items} == {""}
    assert all(i["why"] == i["better"] == {"zh": "", "en": ""} for i in items)
    assert not {"story", "target", "lead", "condition_id"} & set(items[0])

    path = f"/api/v1/practice/runs/{made.json()['id']}/items/0"
    refused = client.post(path, {"move": "reject"}, content_type="application/json").json()
    assert refused["refused"]["en"] == "a reason"
    assert refused["run"]["items"][0]["refused"] == 1
    assert client.put(
        "/api/v1/practice/consent", {"given": True}, content_type="application/json"
    ).json() == {"given": True}
    assert client.delete(f"/api/v1/practice/runs/{made.json()['id']}").status_code == 204
