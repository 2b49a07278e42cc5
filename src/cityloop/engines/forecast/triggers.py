"""Named reasons entered by people (a rain warning, a planned outage, an event), and what they did.

A reason's effect is the ratio of what came to what would have been expected, on the days it held
before; with few such days it stays near the guess of the person who entered it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.forecast.counts import Cell
from cityloop.kernel.errors import DomainError

Floats = NDArray[np.float64]
OF_GUESS, OF_KIND = 10.0, 10.0
LEAST, MOST = 0.1, 10.0


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason with its days and what it touches (nothing named = everything).

    guess: by how much its maker thinks it multiplies reports; 1 = nothing known.
    """

    kind: str
    first_day: date
    last_day: date
    areas: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    guess: float = 1.0

    def __post_init__(self) -> None:
        if self.last_day < self.first_day or not LEAST <= self.guess <= MOST:
            raise DomainError(
                "forecast.trigger",
                f"Trigger '{self.kind}' from {self.first_day} to {self.last_day} with effect "
                f"{self.guess}: it must end after it begins, with an effect of {LEAST} to {MOST}.",
                f"触发因素“{self.kind}”（{self.first_day} 至 {self.last_day}，影响 {self.guess}）"
                f"无效：结束不得早于开始，影响倍数须在 {LEAST}–{MOST} 之间。",
                where="trigger",
            )

    def touches(self, cell: Cell) -> bool:
        """Whether it is about this cell; a sum over areas or topics ("") is touched by each."""
        area, topic = cell
        return (not self.areas or not area or area in self.areas) and (
            not self.topics or not topic or topic in self.topics
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a kind of trigger did to a topic: multiplier, and the past days it rests on."""

    multiplier: float
    days: int


Effects = Mapping[tuple[str, str], Effect]


def learned_effects(
    counts: Floats,
    expected: Floats,
    cells: Sequence[Cell],
    first_day: date,
    triggers: Iterable[Trigger],
) -> dict[tuple[str, str], Effect]:
    """Effects by (kind of trigger, topic) from the days of `counts`.

    Args:
        counts, expected: shape (days, cells); expected without any trigger; NaN = not known.
    """
    sums: dict[tuple[str, str], _Seen] = {}
    for trigger in triggers:
        rows = _rows(trigger, first_day, len(counts))
        for column, cell in enumerate(cells):
            if rows and trigger.touches(cell):
                seen = sums.setdefault((trigger.kind, cell[1]), _Seen())
                seen.add(rows, counts[rows, column], expected[rows, column], trigger.guess)
    return {key: _effect(key[0], seen, sums) for key, seen in sums.items()}


@dataclass
class _Seen:
    """What came and what was due on the days of a kind of trigger; the last guess made."""

    came: float = 0.0
    due: float = 0.0
    guess: float = 1.0
    days: set[int] = field(default_factory=set)

    def add(self, rows: Sequence[int], came: Floats, due: Floats, guess: float) -> None:
        known = ~np.isnan(due)
        self.came += float(came[known].sum())
        self.due += float(due[known].sum())
        self.guess = guess
        self.days |= {row for row, is_known in zip(rows, known, strict=True) if is_known}


def _effect(kind: str, mine: _Seen, sums: Mapping[tuple[str, str], _Seen]) -> Effect:
    """Drawn to what the kind did to all topics, that to the guess."""
    of_kind = [seen for (name, _), seen in sums.items() if name == kind]
    came, due = sum(s.came for s in of_kind), sum(s.due for s in of_kind)
    whole = (came + OF_GUESS * mine.guess) / (due + OF_GUESS)
    ratio = (mine.came + OF_KIND * whole) / (mine.due + OF_KIND)
    return Effect(float(np.clip(ratio, LEAST, MOST)), len(mine.days))


def multipliers(
    triggers: Iterable[Trigger],
    effects: Effects,
    cells: Sequence[Cell],
    first_day: date,
    days: int,
) -> Floats:
    """What to multiply the expected counts with, shape (days, cells)."""
    found = np.ones((days, len(cells)))
    for trigger in triggers:
        rows = _rows(trigger, first_day, days)
        for column, cell in enumerate(cells):
            if rows and trigger.touches(cell):
                known = effects.get((trigger.kind, cell[1]))
                found[rows, column] *= known.multiplier if known else trigger.guess
    return np.clip(found, LEAST, MOST)


def _rows(trigger: Trigger, first_day: date, days: int) -> list[int]:
    begin = max((trigger.first_day - first_day).days, 0)
    end = min((trigger.last_day - first_day).days, days - 1)
    return list(range(begin, end + 1))
