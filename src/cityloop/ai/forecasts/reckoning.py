"""Counts, calendar and triggers brought together for every level; no table is touched here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from cityloop.ai.forecasts.domain import SMALL, Demand
from cityloop.engines.forecast import (
    LEAST_FOR_FIRST_LINE,
    LEAST_HISTORY,
    DailyCounts,
    Effect,
    Outlook,
    Trees,
    Trigger,
    at_level,
    day_kinds,
    grouped,
    learned_effects,
    multipliers,
    outlook,
)
from cityloop.engines.forecast.counts import LEVELS, Cell
from cityloop.engines.forecast.outlook import YEAR

Floats = NDArray[np.float64]
ALARM_LEVELS = ("city", "topic", "area")
SHOWN_LEVELS = (*ALARM_LEVELS, "cell")
LATELY = 28


@dataclass
class Reckoning:
    """All that forecasts of several levels and days are made from.

    counts: small cells together. kinds: kinds of the days known and of some after them.
    triggers, effects: reasons entered and what their kind did before. joined: how each cell of the
    demand is shown; suppressed: how many are not shown by themselves.
    """

    counts: DailyCounts
    kinds: NDArray[np.int64]
    triggers: Sequence[Trigger]
    effects: dict[tuple[str, str], Effect]
    joined: dict[Cell, Cell]
    suppressed: int

    @property
    def days(self) -> int:
        return self.counts.days

    @property
    def only_area(self) -> bool:
        """Whether the city has one area at this level: its warnings would repeat the city's."""
        return len(self.level("area").cells) == 1

    def day(self, row: int) -> date:
        return self.counts.first_day + timedelta(days=row)

    def level(self, name: str) -> DailyCounts:
        return at_level(self.counts, name)

    def ahead(
        self, level: str, *, start: int, stop: int, horizon: int, trees: Trees = 0.0
    ) -> Outlook:
        """The engine's forecasts of these rows at a level, triggers included.

        There is a line from 28 days on; before 180 the page says that it is of the days known.
        """
        shown = self.level(level)
        return outlook(
            shown.counts, self.kinds, shown.topics, start=start, stop=stop, horizon=horizon,
            multiplier=self.multiplier(level, stop), trees=trees,
            least_for_line=LEAST_FOR_FIRST_LINE,
        )  # fmt: skip

    def multiplier(self, level: str, days: int) -> Floats | None:
        """Effects of triggers on a level: those on its cells, weighed by their recent reports."""
        if not self.triggers:
            return None
        by_cell = multipliers(
            self.triggers, self.effects, self.counts.cells, self.counts.first_day, days
        )
        names = self.level(level).cells
        onto = np.zeros((len(self.counts.cells), len(names)))
        for place, cell in enumerate(self.counts.cells):
            onto[place, names.index(LEVELS[level](cell))] = 1.0
        weight = self.counts.counts[-2 * LATELY :].sum(axis=0) + 0.1
        return np.asarray((by_cell * weight) @ onto / (weight @ onto), dtype=np.float64)

    def triggers_on(self, cell: Cell, day: date) -> list[Trigger]:
        """Reasons that touch a cell on a day."""
        return [t for t in self.triggers if t.first_day <= day <= t.last_day and t.touches(cell)]


def reckoning(
    demand: Demand, triggers: Sequence[Trigger], *, least: int, days_ahead: int
) -> Reckoning:
    """Cells with fewer than `least` reports in 28 days become one rest of their area."""
    joined = _joined(demand.counts, least)
    counts = grouped(demand.counts, lambda cell: joined[cell])
    kinds = day_kinds(
        counts.first_day, counts.days + days_ahead, off=demand.off, swapped=demand.swapped
    )
    found = Reckoning(counts, kinds, triggers, {}, joined,
                      sum(old != new for old, new in joined.items()))  # fmt: skip
    if triggers and counts.days > LEAST_HISTORY + 1:
        found.effects = _effects(found)
    return found


def _joined(counts: DailyCounts, least: int) -> dict[Cell, Cell]:
    lately = counts.counts[-LATELY:].sum(axis=0).tolist()
    return {
        cell: cell if n >= least else (cell[0], SMALL)
        for cell, n in zip(counts.cells, lately, strict=True)
    }


def _effects(known: Reckoning) -> dict[tuple[str, str], Effect]:
    """What each kind of trigger did to each topic, on the days of the last year it held."""
    counts = known.counts
    start = max(LEAST_HISTORY, counts.days - YEAR)
    said = outlook(
        counts.counts, known.kinds, counts.topics, start=start, stop=counts.days, horizon=1
    )
    expected = np.full(counts.counts.shape, np.nan)
    expected[start:] = said.mean
    return learned_effects(
        counts.counts.astype(np.float64), expected, counts.cells, counts.first_day, known.triggers
    )
