"""A dispatcher reads what will come, enters a rain warning, and decides on the warning it makes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import REPO, as_role, fits, room, shoot

# Made-up counts of 260 days for the demo's subdistrict, forecast in the demo's own database.
MAKE = """
from datetime import timedelta
from dataclasses import replace
from zoneinfo import ZoneInfo
import django; django.setup()
from django.conf import settings
from django.utils import timezone
from cityloop.ai.forecasts.commands import make_forecast
from cityloop.ai.forecasts.domain import Demand
from cityloop.city.places.queries import tree
from cityloop.engines.forecast import DailyCounts
from tests.engines.forecast.made import city
now = timezone.now()
today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
made = city(260, areas=2)
area = {"a0": str(tree().below(None, "subdistrict")[0].id), "a1": "-1"}
topic = {"t0": "C01", "t1": "E03", "t2": "*"}
cells = tuple((area[a], topic[t]) for a, t in made.cells)
names = {"C01": ("公用设施", "Public facilities"), "E03": ("施工管理", "Building sites")}
counts = DailyCounts(today - timedelta(days=260), cells, made.counts)
make_forecast(Demand(counts, topics=names), now=now)
"""


@pytest.fixture(scope="module")
def forecast(demo: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], None]:
    """Makes the demo's forecasts anew, as the worker does each day."""
    folder = next(Path(tmp_path_factory.getbasetemp()).glob("demo*"))

    def make() -> None:
        env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        env |= {
            "CITYLOOP_DATA": str(folder), "CITYLOOP_DEMO": "1",
            "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}",
            "DJANGO_SETTINGS_MODULE": "cityloop.config.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-c", MAKE], env=env, check=True, timeout=120)

    make()
    return make


def test_a_rain_warning_becomes_a_warning_that_a_person_accepts(
    browser: Any, demo: str, forecast: Callable[[], None]
) -> None:
    with room(browser, demo) as page:
        as_role(page, "dispatcher", "/forecasts/")
        page.locator("figure.chart").nth(3).wait_for()
        assert page.locator("figure.chart").count() == 4  # all classes, two classes, the small ones
        tomorrow = page.evaluate("new Date(Date.now() + 32 * 36e5).toISOString().slice(0, 10)")
        page.locator("#trigger-from").fill(tomorrow)
        page.locator("#trigger-to").fill(tomorrow)
        page.locator("#trigger-topic").select_option("C01")
        page.locator("#trigger-guess").fill("4")
        page.locator("[data-enter]").click()
        page.locator("[data-trigger]").wait_for()
        forecast()
        page.reload()
        warning = page.locator("[data-warning]", has_text="公用设施").first
        warning.get_by_text("暴雨预警").first.wait_for()
        warning.locator("[data-accept]").click()
        warning.get_by_label("采纳的理由与安排").fill("已安排排水队值守")
        warning.locator("[data-confirm]").click()
        decided = page.locator("[data-decided]").first
        decided.wait_for()
        assert "已安排排水队值守" in decided.inner_text()
        check_axe(page)
        fits(page)
        shoot(page, "forecast-1440-zh", full=True)
    with room(browser, demo, width=390, lang="en", dark=True) as page:
        as_role(page, "dispatcher", "/forecasts/")
        page.locator("[data-figures]").wait_for()
        fits(page)
        check_axe(page)
        shoot(page, "forecast-390-en", full=True)
