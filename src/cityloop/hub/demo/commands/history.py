"""A month gone by: every moment at which somebody acted or a clock rang, in order."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.cases.commands import ring_due
from cityloop.city.db import write
from cityloop.hub.demo.commands.acting import Stage
from cityloop.hub.demo.commands.cast import Cast
from cityloop.hub.demo.commands.reporting import send
from cityloop.hub.demo.domain.behaviour import next_act
from cityloop.hub.demo.domain.facts import Act, Facts
from cityloop.hub.demo.domain.stories import Story
from cityloop.hub.demo.queries import Observer

TOGETHER = timedelta(minutes=12)
PER_TRANSACTION = 400


class History:
    """Plays stories and all that follows from them, up to a moment."""

    def __init__(self, cast: Cast, *, until: datetime) -> None:
        self.cast = cast
        self.until = until
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.observer = Observer()
        self.stage = Stage(cast, self.observer)
        self.acted = self.refused = self.rung = 0
        self._queue: list[tuple[datetime, int, str, Any]] = []
        self._order = 0
        self._acts: dict[int, tuple[datetime, Act, Facts]] = {}
        self._clocks: dict[int, datetime] = {}

    def play(self, stories: Sequence[Story], tell: Callable[[datetime], None]) -> None:
        """Let everything happen, in transactions of some hundred moments."""
        for group in _together(stories):
            self._push(group[-1].at, "report", group)
        kept = gc.get_threshold()
        gc.set_threshold(100_000, 50, 50)  # thousands of rows at once; a tenth of the time
        try:
            self._play(tell)
        finally:
            gc.set_threshold(*kept)

    def _play(self, tell: Callable[[datetime], None]) -> None:
        at = self.until
        while self._queue and self._queue[0][0] <= self.until:
            with write():
                for _ in range(PER_TRANSACTION):
                    if not self._queue or self._queue[0][0] > self.until:
                        break
                    at, _, kind, what = heapq.heappop(self._queue)
                    self._happen(at, kind, what)
            tell(at)

    def _push(self, at: datetime, kind: str, what: Any) -> None:
        self._order += 1
        heapq.heappush(self._queue, (at, self._order, kind, what))

    def _happen(self, at: datetime, kind: str, what: Any) -> None:
        if kind == "report":
            opened = send(what, self.cast, now=at, observer=self.observer)
            self._look(opened, at)
        elif kind == "act":
            self._act(what, at)
        elif self._clocks.get(what) == at:
            self.rung += ring_due(now=at)
            self._look([pk for pk, ring in self._clocks.items() if ring <= at], at)

    def _act(self, case_id: int, at: datetime) -> None:
        planned = self._acts.pop(case_id, None)
        if planned is None or planned[0] != at:  # the case went another way meanwhile
            if planned is not None:
                self._acts[case_id] = planned
            return
        _, act, facts = planned
        after = self.stage.perform(act, facts, now=at)
        if after is None:
            self.refused += 1
            return
        self.acted += 1
        self._plan(after, at)
        if act.name == "split" or facts.is_child:
            self._look(self.observer.family_of(facts.case_id), at)
        elif act.name == "merge":
            self._look(self.observer.named(facts.repeats), at)

    def _look(self, case_ids: Iterable[int], at: datetime) -> None:
        """Plan anew for cases that changed."""
        for facts in self.observer.facts_of(list(dict.fromkeys(case_ids))):
            self._plan(facts, at)

    def _plan(self, facts: Facts, at: datetime) -> None:
        """The next act and the next ring of a case."""
        case_id, ring = facts.case_id, facts.ring_at
        self._clocks.pop(case_id, None)
        if ring is not None:
            self._clocks[case_id] = max(ring, at)
            self._push(max(ring, at), "ring", case_id)
        act = next_act(facts, seed=self.cast.seed, zone=self.zone)
        self._acts.pop(case_id, None)
        if act is not None:
            when = max(act.at, at + timedelta(seconds=5))
            self._acts[case_id] = (when, act, facts)
            self._push(when, "act", case_id)


def _together(stories: Sequence[Story]) -> Iterable[list[Story]]:
    """Reports that come close after each other are taken in together."""
    group: list[Story] = []
    for story in stories:
        if group and story.at - group[0].at > TOGETHER:
            yield group
            group = []
        group.append(story)
    if group:
        yield group
