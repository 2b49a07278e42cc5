"""Requests as their deciders see them: reason, history, effect before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from cityloop.business.cases import commands
from cityloop.business.cases.models import Approval
from cityloop.business.cases.reviewing import requests_of, taken_part, to_decide
from tests.business.cases.stories import Walk, unclassed
from tests.world import World


def asked(world: World, move: str = "ask_extension", **given: Any) -> Walk:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", move, reason="机械明日进场，请联系13800138000", **given)
    return walk


def decide(world: World, walk: Walk, who: str, *, grant: bool = True) -> None:
    pk = Approval.objects.get(case=walk.case).pk
    commands.decide(pk, grant, reason="情况属实", actor=world.viewer(who), now=walk.at)


def test_a_request_waits_for_the_first_level_with_its_reason(world: World) -> None:
    walk = asked(world)

    (row,) = to_decide(world.viewer("dispatcher"), now=walk.at)

    assert row["reason"].startswith("机械明日进场") and row["asked_by_name"] == "handler"
    assert row["waits_for"] == ["acceptor", "dispatcher", "supervisor_subdistrict"]
    assert to_decide(world.viewer("district"), now=walk.at) == []
    assert to_decide(world.viewer("handler"), now=walk.at) == []


def test_the_effect_shown_before_is_what_granting_does(world: World) -> None:
    walk = asked(world)
    shown = to_decide(world.viewer("dispatcher"), now=walk.at)[0]["effect"]

    decide(world, walk, "dispatcher")
    decide(world, walk, "district")

    walk.case.refresh_from_db()
    assert shown["applies"] and shown["before"] < shown["after"]
    assert walk.case.handle_due_at == shown["after"]


def test_a_suspension_shows_when_the_clock_goes_on(world: World) -> None:
    until = world.now + timedelta(days=10)
    walk = asked(world, "ask_suspension", until=until)
    shown = to_decide(world.viewer("dispatcher"), now=walk.at)[0]["effect"]
    decide(world, walk, "dispatcher")
    decide(world, walk, "district")

    from cityloop.business.cases.commands.timers import ring_case

    ring_case(walk.case.pk, now=until)

    walk.case.refresh_from_db()
    assert shown["resumes"] == until
    # What is left is reckoned at the decision; the clock stood from there to the date.
    assert walk.case.handle_due_at == shown["after"]


def test_a_request_that_came_too_late_says_that_it_no_longer_applies(world: World) -> None:
    walk = asked(world)
    walk.finish()

    (row,) = to_decide(world.viewer("dispatcher"), now=walk.at)

    assert not row["effect"]["applies"]


def test_decisions_carry_both_opinions_and_stay_with_who_took_part(world: World) -> None:
    walk = asked(world)
    decide(world, walk, "dispatcher")
    decide(world, walk, "district", grant=False)

    (row,) = taken_part(world.viewer("dispatcher"), now=walk.at)

    assert (row["state"], row["first_reason"], row["decision"]) == (
        "refused",
        "情况属实",
        "情况属实",
    )
    assert row["second_by_name"] == "district" and row["waits_for"] == []
    assert [r["id"] for r in taken_part(world.viewer("handler"), now=walk.at)] == [row["id"]]


def test_earlier_requests_of_the_case_are_shown(world: World) -> None:
    walk = asked(world)
    decide(world, walk, "dispatcher", grant=False)
    walk.step("handler", "ask_extension", reason="再次申请")

    (row,) = to_decide(world.viewer("dispatcher"), now=walk.at)

    assert [(e["kind"], e["state"]) for e in row["earlier"]] == [("extension", "refused")]


def test_numbers_in_a_reason_are_masked_for_who_does_not_work_on_the_case(world: World) -> None:
    walk = asked(world)
    (row,) = requests_of(world.viewer("analyst"), walk.case, now=walk.at)
    assert "13800138000" not in row["reason"]


def test_the_lists_come_over_rest(world: World) -> None:
    asked(world)
    client = Client()
    client.force_login(world.users["dispatcher"])
    assert len(client.get("/api/v1/approvals").json()) == 1
    assert client.get("/api/v1/approvals?which=mine").json() == []
    assert client.get("/api/v1/approvals?which=all").status_code == 400
