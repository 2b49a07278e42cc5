"""Keeps the district alive: each second, whoever is due acts.

The real clock stays real, so deadlines do. Speed says how often people act: at x60 what takes an
office an hour takes it a minute. Cases of visitors are left to them; only when one has waited for
some minutes somebody of the office helps on, so that nobody's case comes to a halt.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from cityloop.engines.district import generate
from cityloop.hub.demo.commands.acting import Stage
from cityloop.hub.demo.commands.cast import Cast
from cityloop.hub.demo.commands.patrols import post_visitor
from cityloop.hub.demo.commands.reporting import send
from cityloop.hub.demo.commands.seed import PER_DAY
from cityloop.hub.demo.commands.town import plan_ahead, profile_texts, spots_of
from cityloop.hub.demo.domain.behaviour import next_act
from cityloop.hub.demo.domain.facts import Act, Facts
from cityloop.hub.demo.domain.stories import Example, Spot, new_story, split_examples
from cityloop.hub.demo.models import Town
from cityloop.hub.demo.queries import Observer, find_town, ripe_cases, visited

log = logging.getLogger(__name__)
SLOWEST, FASTEST, USUAL = 1.0, 3600.0, 60.0
PATIENCE = timedelta(minutes=3)
MOST_REPORTS, MOST_ACTS, LOOKED_AT = 8, 14, 600
CATCH_UP = timedelta(minutes=5)


@lru_cache(maxsize=2)
def _material(size: str, seed: int) -> tuple[list[Example], list[Spot]]:
    return split_examples(profile_texts())[1], spots_of(generate(size, seed))


class Simulator:
    """One town's people; made once a process."""

    def __init__(self, town: Town) -> None:
        self.seed = town.seed
        self.examples, self.spots = _material(town.size, town.seed)
        self.cast = Cast(town.seed)
        self.observer = Observer()
        self.stage = Stage(self.cast, self.observer)
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self._refused: dict[int, int] = {}

    def step(self, town: Town, *, now: datetime) -> tuple[int, int]:
        """One second of life: (reports sent, moves made)."""
        told = self._report(town, now)
        acted = self._act(town, now)
        if told or acted:
            Town.objects.filter(pk=town.pk).update(acted=F("acted") + acted)
        return told, acted

    def _report(self, town: Town, now: datetime) -> int:
        """Reports come evenly, so many a day of the town's own time."""
        gap = timedelta(days=1) / (PER_DAY[town.size] * town.speed)
        since = max(town.told_until, now - CATCH_UP)
        count = min(int((now - since) / gap), MOST_REPORTS)
        if count <= 0:
            return 0
        stories = [
            new_story(
                f"live-{town.made_at:%Y%m%d%H%M%S}-{town.told + n + 1:06d}", now, seed=self.seed,
                examples=self.examples, spots=self.spots,
            )
            for n in range(count)
        ]  # fmt: skip
        until = now if count == MOST_REPORTS else since + count * gap
        Town.objects.filter(pk=town.pk).update(told_until=until, told=F("told") + count)
        return len(send(stories, self.cast, now=now, observer=self.observer))

    def _act(self, town: Town, now: datetime) -> int:
        theirs = visited(now - PATIENCE)
        closed_since = now - max(timedelta(days=3) / town.speed, timedelta(minutes=2))
        ids = ripe_cases(now, closed_since=closed_since, limit=LOOKED_AT)
        ids = [pk for pk in ids if pk not in theirs and self._refused.get(pk, 0) < 3]
        due = []
        for facts in self.observer.facts_of(ids):
            act = next_act(facts, seed=self.seed, zone=self.zone)
            if act is None:
                continue
            at = act.due_at(facts.since, speed=town.speed)
            if at <= now:
                due.append((at, facts, act))
        due.sort(key=lambda found: (found[0], found[1].case_id))
        return sum(self._perform(act, facts, now) for _, facts, act in due[:MOST_ACTS])

    def _perform(self, act: Act, facts: Facts, now: datetime) -> bool:
        after = self.stage.perform(act, facts, now=now)
        if after is None:
            self._refused[facts.case_id] = self._refused.get(facts.case_id, 0) + 1
        return after is not None


_running: dict[tuple[int, int], Simulator] = {}
_planned: dict[int, object] = {}


def tick(now: datetime) -> tuple[int, int]:
    """Let the town live for a moment, if it is to; called every second by the worker."""
    town = find_town()
    if town is None or not town.runs:
        return 0, 0
    key = (town.pk, town.seed)
    if key not in _running:
        _running.clear()
        _running[key] = Simulator(town)
    today = now.date()
    if _planned.get(town.pk) != today:
        plan_ahead(town.seed, now=now)
        post_visitor(now=now)
        _planned[town.pk] = today
    return _running[key].step(town, now=now)
