"""From an empty database to a district in the middle of its work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.city.audit.followers import advance_all
from cityloop.city.db import write
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from cityloop.engines.district import District, generate
from cityloop.hub.demo.commands import town
from cityloop.hub.demo.commands.cast import Cast
from cityloop.hub.demo.commands.history import History
from cityloop.hub.demo.commands.patrols import plan_patrols
from cityloop.hub.demo.commands.registering import register
from cityloop.hub.demo.domain.registers import registers_of
from cityloop.hub.demo.domain.stories import Example, Story, new_story, stories_of_day
from cityloop.hub.demo.models import Town
from cityloop.hub.demo.queries import find_town
from cityloop.kernel.errors import Conflict

PER_DAY = {"street": 14.0, "community": 6.0}
# A busy hour at the end, so that work stands at every desk when somebody looks.
RUSH = {"street": 24, "community": 8}
RUSH_TIME = timedelta(minutes=55)
Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made: reports sent, moves made, clocks rung, moves the platform refused."""

    reports: int
    moves: int
    rings: int
    refused: int


def seed(
    size: str = "street",
    seed_number: int = 7,
    *,
    now: datetime,
    days: int = 30,
    tell: Tell = lambda zh, en: None,
) -> Seeded:
    """A synthetic district with `days` of history, ending in open work of every kind.

    Everything goes through the same commands as real people's clicks, at its moment in the past;
    clocks that would have rung have rung. Equal size, seed and now give an equal history.
    Args:
        tell: called with each step, in Chinese and English.
    Raises: Conflict("demo.exists") where there is a town already.
    """
    if find_town() is not None:
        raise Conflict(
            "demo.exists", "This database holds a demo town already.", "此数据库中已有演示城区。"
        )
    zone = ZoneInfo(settings.TIME_ZONE)
    first = (now.astimezone(zone) - timedelta(days=days)).date()
    opening = datetime.combine(first, time(0), zone) - timedelta(days=1)
    tell("生成演示街道：区域、地名、底图", "Laying out the district: areas, names, ground")
    district = generate(size, seed_number)
    with write():
        town.lay_out(district, now=opening)
    tell("登记建筑、道路、部件等要素", "Registers of buildings, streets, components")
    register(registers_of(district), now=opening)
    tell("载入部门、案卷目录与派遣规则", "Loading departments, catalogue, rules")
    with write():
        town.load_city(now=opening)
    tell("训练分类模型", "Training the classifier")
    examples = town.train_model(now=opening)
    tell("安排人员、责任网格与班次", "Hiring people, duty grids, shifts")
    people = town.hire(seed_number, now=opening)
    town.put_on_duty(people, now=opening)
    town.plan_shifts(people, first - timedelta(days=1), days + 10, now=opening)
    stories = _stories(district, examples, seed_number, first, now)
    history = History(Cast(seed_number), until=now)
    history.play(stories, lambda at: tell(f"回放历史 {at:%m-%d}", f"Living through {at:%m-%d}"))
    tell("巡查计划与巡查记录", "Patrol plans and walks")
    plan_patrols(seed_number, now=now)
    with write():
        Town.objects.create(
            size=size, seed=seed_number, made_at=now, told_until=now, told=len(stories)
        )
    tell("登记账本，统计指标", "Sequencing the ledger, counting figures")
    settle_ledger(now=now)
    return Seeded(len(stories), history.acted, history.rung, history.refused)


def _stories(
    district: District, examples: Sequence[Example], seed_number: int, first: date, now: datetime
) -> list[Story]:
    zone = ZoneInfo(settings.TIME_ZONE)
    spots = town.spots_of(district)
    told: list[Story] = []
    day = first
    while day <= now.astimezone(zone).date():
        told += stories_of_day(
            datetime.combine(day, time(0), zone), seed=seed_number,
            per_day=PER_DAY[district.size], examples=examples, spots=spots,
        )  # fmt: skip
        day += timedelta(days=1)
    count = RUSH[district.size]
    for n in range(count):
        at = now - RUSH_TIME * (count - n) / count
        key = f"{at:%Y%m%d}-r{n + 1:02d}"
        told.append(new_story(key, at, seed=seed_number, examples=examples, spots=spots))
    return sorted((s for s in told if s.at <= now), key=lambda story: story.at)


def settle_ledger(*, now: datetime) -> None:
    """Give every event its place and let the followers count it."""
    load()
    while sequence_all(now=now) or advance_all(now=now):
        pass
