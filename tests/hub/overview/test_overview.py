"""The overview counts from figures, for those who may, and is reckoned once a second."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from ninja.responses import NinjaJSONEncoder

from cityloop.city.jobs.run import run_until_quiet
from cityloop.hub.overview import queries
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import received, unclassed
from tests.world import COMMUNITIES, World

pytestmark = pytest.mark.django_db


def test_today_shows_what_came_in_and_what_waits(world: World) -> None:
    received(world)
    unclassed(world)
    run_until_quiet(world.now)
    shown = queries.overview(world.viewer("district"), now=world.now)
    today = {row["measure"]: row["today"] for row in shown["today"]}
    assert (today["reported"], today["filed"], today["dispatched"]) == (2, 1, 1)
    assert shown["open"]["total"] == 2
    rates = {row["key"]: row["value"] for row in shown["rates"]}
    assert (rates["auto_dispatch_share"], rates["auto_dispatch_accuracy"]) == (1.0, 1.0)


def test_a_community_sees_its_own_and_is_refused_the_others(world: World) -> None:
    received(world, 0)
    received(world, 3)
    run_until_quiet(world.now)
    community = world.viewer("community")
    assert queries.overview(community, now=world.now)["open"]["total"] == 1
    with pytest.raises(NotAllowed):
        queries.overview(community, now=world.now, area_id=world.area(COMMUNITIES[1]))


@pytest.mark.parametrize("name", ["citizen", "handler", "system", "security", "audit"])
def test_who_has_no_post_in_the_area_sees_no_overview(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        queries.overview(world.viewer(name), now=world.now)


def test_within_a_second_it_is_reckoned_once_and_then_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.kept, "fresh_s", 1000.0)
    viewer = world.viewer("district")
    later = world.now + timedelta(seconds=1)
    first = queries.overview(viewer, now=world.now)
    assert queries.overview(viewer, now=later)["as_of"] == first["as_of"]
    monkeypatch.setattr(queries.kept, "fresh_s", 0.0)
    assert queries.overview(viewer, now=later)["as_of"] == later


def test_over_rest_it_is_what_it_was_reckoned_as(world: World, client: Client) -> None:
    received(world)
    run_until_quiet(world.now)
    client.force_login(world.users["district"])
    answer = client.get("/api/v1/overview")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    shown = queries.overview(world.viewer("district"), now=world.now)
    assert answer.json() == json.loads(json.dumps(shown, cls=NinjaJSONEncoder))
    assert answer.json()["today"][0]["measure"] == "reported"
