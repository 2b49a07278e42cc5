"""Forecasts over REST: what readers are shown, and what a decision needs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.ai.forecasts.commands import make_forecast
from cityloop.ai.forecasts.models import EarlyWarning
from tests.ai.forecasts.given import demand, local
from tests.web.conftest import Sign, problem_of
from tests.world import SUBDISTRICT, World

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/forecasts"


@pytest.fixture
def warning(world: World) -> EarlyWarning:
    make_forecast(demand(world), now=world.now)
    EarlyWarning.objects.all().delete()
    return EarlyWarning.objects.create(
        day=local(world.now).date() + timedelta(days=36_500), horizon=2, made_at=world.now,
        area_id=world.area(SUBDISTRICT), chance=0.6, mean=22, low=15, high=30, line=20,
        reasons=[["周一", "Monday"]], preparations=[["值守", "People"]],
    )  # fmt: skip


def test_forecasts_are_read_by_class_and_by_area(
    site: Sign, world: World, warning: EarlyWarning
) -> None:
    client = site("community")
    state = client.get(ROOT).json()
    assert [one["id"] for one in state["areas"]] == [0, world.area(SUBDISTRICT)]
    assert state["figures"]["cell"]["mae_ratio"] < 1
    by_topic = client.get(f"{ROOT}/series").json()
    assert by_topic[0]["topic"] == ""
    assert {one["topic"] for one in by_topic} == {"", "C01", "E03", "*"}
    by_area = client.get(f"{ROOT}/series?by=area&topic=C01").json()
    assert [one["area_id"] for one in by_area] == [0, world.area(SUBDISTRICT)]
    last = by_area[1]["points"][-1]
    assert last["low"] <= last["median"] <= last["high"]
    assert last["actual"] is None


def test_a_decision_needs_a_reason_and_is_made_once(site: Sign, warning: EarlyWarning) -> None:
    client, path = site("lead"), f"{ROOT}/warnings/{warning.pk}/decision"
    shown = client.get(f"{ROOT}/warnings").json()
    assert shown[0]["reasons"] == [{"zh": "周一", "en": "Monday"}]

    def decide(reason: str) -> object:
        said = {"decision": "accepted", "reason": reason}
        return client.post(path, said, content_type="application/json")

    assert problem_of(decide(" "))["code"] == "forecast.reason"
    assert decide("已安排加班").json()["decision"] == "accepted"  # type: ignore[attr-defined]
    assert problem_of(decide("再来"))["code"] == "forecast.decided"


def test_who_may_not_read_may_not_decide_or_enter(site: Sign, warning: EarlyWarning) -> None:
    client = site("acceptor")
    said = {"decision": "accepted", "reason": "x"}
    path = f"{ROOT}/warnings/{warning.pk}/decision"
    answer = client.post(path, said, content_type="application/json")
    assert problem_of(answer)["code"] == "forecast.not_yours"
    trigger = {"kind": "rain", "first_day": "2026-03-17", "last_day": "2026-03-17"}
    answer = client.post(f"{ROOT}/triggers", trigger, content_type="application/json")
    assert problem_of(answer)["code"] == "forecast.not_yours"


def test_triggers_are_entered_listed_and_withdrawn(site: Sign, warning: EarlyWarning) -> None:
    client = site("dispatcher")
    trigger = {"kind": "rain", "first_day": "2099-03-17", "last_day": "2099-03-18", "guess": 2}
    made = client.post(f"{ROOT}/triggers", trigger, content_type="application/json").json()
    assert (made["kind_zh"], made["guess"]) == ("暴雨预警", 2)
    assert [one["id"] for one in client.get(f"{ROOT}/triggers").json()] == [made["id"]]
    gone = client.post(f"{ROOT}/triggers/{made['id']}/withdraw").json()
    assert gone["withdrawn_at"]
    wrong = client.post(f"{ROOT}/triggers", trigger | {"kind": "moon"},
                        content_type="application/json")  # fmt: skip
    assert problem_of(wrong)["code"] == "forecast.trigger_kind"
