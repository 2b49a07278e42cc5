"""Anybody reads figures, matters nearby and states; nobody is found in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.jobs.run import run_until_quiet
from cityloop.city.places.commands import NewName, add_names
from cityloop.city.places.queries import tree
from cityloop.hub.federation.domain.public_place import rough_place
from cityloop.hub.openfigures import queries
from cityloop.kernel.errors import DomainError, NotFound
from tests.business.cases.stories import Walk, received, unclassed
from tests.world import COMMUNITIES, World, centre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def ask(path: str, **given: Any) -> tuple[int, Any]:
    answer = Client().get(f"/api/v1/public/{path}", given)
    return answer.status_code, json.loads(answer.content)


def month_of(world: World, *, east: int, west: int, other_class: int = 0) -> dict[str, Any]:
    """Figures of the day after so many reports in the two communities."""
    for n, many in ((0, west), (3, east)):
        for _ in range(many):
            received(world, n)
    for _ in range(other_class):
        received(world, 0, class_key="E0112")
    run_until_quiet(world.now)
    return queries.figures(now=world.now + timedelta(days=1))


def test_below_the_minimum_nothing_is_said_at_all(world: World) -> None:
    shown = month_of(world, east=2, west=2)
    assert (shown["reported"], shown["groups"], shown["areas"]) == (None, [], [])
    assert all(rate["value"] is None for rate in shown["rates"])


def test_a_small_community_hides_its_neighbour_too(world: World) -> None:
    shown = month_of(world, east=3, west=6)
    assert shown["reported"] == 10
    assert [(a["zh"], a["n"], a["other_below"]) for a in shown["areas"]] == [("和安街道", 10, 10)]
    assert shown["communities"] == []


def test_large_enough_groups_are_shown(world: World) -> None:
    shown = month_of(world, east=6, west=5, other_class=5)
    assert [(c["zh"], c["n"]) for c in shown["communities"]] == [("永宁社区", 10), ("春和社区", 5)]
    assert [(g["zh"], g["n"]) for g in shown["groups"]] == [("市容环境", 15)]
    classes = shown["groups"][0]["classes"]
    assert [(c["key"], c["n"]) for c in classes] == [("E0111", 10), ("E0112", 5)]
    assert (shown["other_groups"], shown["other_areas"]) == (None, None)


def test_today_is_not_counted_before_it_is_over(world: World) -> None:
    for _ in range(8):
        received(world)
    run_until_quiet(world.now)
    assert queries.figures(now=world.now)["reported"] is None


def test_nobody_chooses_the_period_to_subtract_one_from_another(world: World) -> None:
    status, body = ask("figures", days=7)
    assert status == 200
    assert body["days"] == 30


def test_near_me_shows_class_stage_and_day_but_no_word_number_or_door(world: World) -> None:
    answer = received(world, title="我叫张三丰，电话13800138000，<script>alert(1)</script>")
    lon, lat = centre(0)
    shown = queries.nearby(lon, lat, radius_m=300, now=world.now)
    assert [m["zh"] for m in shown["matters"]] == ["积存垃圾渣土"]
    assert (shown["matters"][0]["stage"], shown["matters"][0]["words"]) == ("handling", None)
    said = json.dumps(shown, default=str, ensure_ascii=False)
    for secret in (answer.number, "张三丰", "13800138000", "<script>", str(lon) + ","):
        assert secret not in said.replace(f'"lon": {lon}, "lat": {lat}, "radius', "")


def test_what_is_not_yet_filed_confidential_or_about_a_home_is_not_near_anybody(
    world: World,
) -> None:
    unclassed(world)
    received(world, confidential=True)
    received(world, class_key="E0101")
    lon, lat = centre(0)
    assert queries.nearby(lon, lat, radius_m=500, now=world.now)["matters"] == []


def test_asking_from_another_side_moves_no_matter(world: World) -> None:
    received(world)
    lon, lat = centre(0)
    places = {
        (m["lon"], m["lat"])
        for dx in (-0.001, 0.0, 0.001)
        for m in queries.nearby(lon + dx, lat, radius_m=400, now=world.now)["matters"]
    }
    assert places == {rough_place(lon, lat)}


def test_far_and_old_matters_are_left_out(world: World) -> None:
    received(world, 3)
    lon, lat = centre(0)
    assert queries.nearby(lon, lat, radius_m=300, now=world.now)["matters"] == []
    lon, lat = centre(3)
    later = world.now + timedelta(days=31)
    assert queries.nearby(lon, lat, radius_m=300, now=later)["matters"] == []


def test_a_place_outside_the_city_is_told_apart(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        queries.nearby(0.5, 0.5, now=world.now)
    assert refused.value.code.startswith("place.")


def test_by_number_alone_the_stage_and_nothing_of_the_report(world: World) -> None:
    answer = received(world)
    status, body = ask(f"state/{answer.number}")
    assert (status, body["step"], body["late"]) == (200, 2, body["late"])
    assert set(body) == {
        "number", "state", "state_zh", "state_en", "step", "received_on", "ended_on", "late",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["0", "abc", "' OR 1=1 --", "9" * 40, "２０２６"])
def test_a_number_that_is_none_is_unknown(world: World, number: str) -> None:
    with pytest.raises(NotFound):
        queries.public_state(number, now=world.now)


def test_a_confidential_case_is_as_unknown_as_none(world: World) -> None:
    answer = received(world, confidential=True)
    assert ask(f"state/{answer.number}")[0] == 404


def test_the_city_says_whom_to_call_and_what_it_promises(world: World) -> None:
    status, body = ask("site")
    assert (status, body["hotline"]["number"]) == (200, "12345")
    assert body["promises"]["respond"] == {"zh": "2 小时", "en": "2 hours"}
    assert body["promises"]["feed_back"] == {"zh": "24 小时", "en": "24 hours"}
    assert body["promises"]["satisfaction"] == {"zh": "3 天", "en": "3 days"}


def test_a_place_is_found_by_its_words_and_a_point_knows_its_community(world: World) -> None:
    lon, lat = centre(3)
    name = NewName("文昌小学", "poi", COMMUNITIES[1], lon, lat)
    add_names([name], actor=SYSTEM, now=world.now)
    status, body = ask("place", text="文昌小学门口的路灯")
    assert (status, body["name"], body["community_zh"]) == (200, "文昌小学", "春和社区")
    assert ask("where", lon=lon, lat=lat)[1]["community_zh"] == "春和社区"
    assert ask("place", text="没有这个地方")[1]["code"] == "place.not_named"


def test_outlines_are_the_communities(world: World) -> None:
    status, body = ask("outlines")
    names = {f["properties"]["name_zh"] for f in body["features"]}
    assert (status, names) == (200, {"永宁社区", "春和社区"})
    assert all(tree().find(f["id"]) for f in body["features"])


def test_medians_and_rates_come_of_enough_cases_alone(world: World) -> None:
    walked = []
    for _ in range(10):
        answer = received(world)
        walk = Walk(world, Case.objects.get(pk=answer.case_id))
        walk.step("dispatcher", "reroute", lead="urban", reason="由综合执法局办理", minutes=0)
        walk.accept()
        walk.finish()
        walk.verify()
        walk.close()
        walk.step("public", "rate", solved=True, satisfied=True, follow_key=answer.follow_key)
        walked.append(walk)
    run_until_quiet(world.now + timedelta(hours=3))
    shown = queries.figures(now=world.now + timedelta(days=1))
    rates = {r["key"]: (r["value"], r["bound"], r["of"]) for r in shown["rates"]}
    assert rates["solving_rate"] == (0.5, "at_least", 10)
    assert shown["medians"] == {"respond_min": 5, "close_min": 20}
    assert shown["closed"] == 10
