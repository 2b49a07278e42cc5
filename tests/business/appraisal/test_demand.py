"""What forecasts are fed with: cases by local day, hour, area and big class."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.ai.forecasts.models import ForecastRun
from cityloop.business.appraisal import tasks
from cityloop.business.appraisal.demand import demand
from cityloop.business.cases import commands
from cityloop.city.accounts.domain import SYSTEM
from tests.business.cases.stories import report
from tests.world import SUBDISTRICT, World

pytestmark = pytest.mark.django_db


def received(world: World, hours_ago: float, number: int) -> None:
    moment = world.now - timedelta(hours=hours_ago)
    commands.receive(report(number), actor=SYSTEM, now=moment)


def test_cases_are_counted_by_local_day_hour_area_and_big_class(world: World) -> None:
    received(world, 50, 1)  # 08:00 local, two days ago
    received(world, 25, 2)  # 09:00 yesterday
    received(world, 1, 3)  # 09:00 today
    found = demand(world.now)
    assert found is not None
    assert found.counts.counts.sum(axis=1).tolist() == [1, 1]
    area, topic = found.counts.cells[0]
    assert area == str(world.area(SUBDISTRICT))
    assert len(topic) == 3
    assert topic in found.topics
    assert found.recent is not None
    assert found.recent.hourly is not None
    assert found.recent.hourly[0, 8].sum() == 1
    assert found.recent.hourly[1, 9].sum() == 1
    assert found.today is not None
    assert found.today[9].sum() == 1


def test_worker_tries_once_a_day_and_says_what_is_missing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_tried", None)
    tasks.forecast_demand(world.now)
    assert not ForecastRun.objects.exists(), "no case, no forecast"
    monkeypatch.setattr(tasks, "_tried", None)
    received(world, 25, 1)
    tasks.forecast_demand(world.now)
    run = ForecastRun.objects.get()
    assert run.problem is not None
    asked: list[object] = []
    monkeypatch.setattr(tasks, "_given", asked.append)
    monkeypatch.setattr(tasks, "has_nowcast", lambda day, hour: True)
    tasks.forecast_demand(world.now + timedelta(minutes=5))
    assert asked == [], "counted once a day"
