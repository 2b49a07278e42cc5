"""Demand as the business platform would give it, for the small city's subdistrict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from tests.engines.forecast.made import city
from tests.world import SUBDISTRICT, World

from cityloop.ai.forecasts.domain import Demand
from cityloop.engines.forecast import DailyCounts

ZONE = ZoneInfo("Asia/Shanghai")


def demand(world: World, *, days: int = 215, last: date | None = None) -> Demand:
    """Three topics in the subdistrict and outside every area; up to yesterday of the world."""
    made = city(300, areas=2)
    ids = {"a0": str(world.area(SUBDISTRICT)), "a1": "-1"}
    topics = {"t0": "C01", "t1": "E03", "t2": "*"}
    cells = tuple((ids[area], topics[topic]) for area, topic in made.cells)
    last = last or local(world.now).date() - timedelta(days=1)
    counts, hourly = made.counts[:days], made.hourly[:days]  # type: ignore[index]
    first = last - timedelta(days=days - 1)
    recent = DailyCounts(last - timedelta(days=99), cells, counts[-100:], hourly[-100:])
    names = {"C01": ("公用设施", "Public facilities"), "E03": ("施工管理", "Building sites")}
    return Demand(DailyCounts(first, cells, counts), recent=recent, topics=names)


def local(now: datetime) -> datetime:
    return now.astimezone(ZONE)


def next_day(given: Demand, counts: list[int]) -> Demand:
    """The same a day later; all of the new day's reports came between 9 and 10."""
    new, hours = np.array([counts]), np.zeros((1, 24, len(counts)), dtype=np.int64)
    hours[0, 9] = counts
    assert given.recent is not None
    return replace(
        given,
        counts=replace(given.counts, counts=np.concatenate([given.counts.counts, new])),
        recent=replace(
            given.recent,
            counts=np.concatenate([given.recent.counts, new]),
            hourly=np.concatenate([given.recent.hourly, hours]),  # type: ignore[list-item]
        ),
    )
