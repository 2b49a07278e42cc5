"""An invented stream of reports: many matters at many places, some of them hot. Seeded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cityloop.engines.hot_issues import Reports
from cityloop.engines.hot_issues.values import INTS

HAN = np.array([chr(c) for c in range(0x4E00, 0x4E00 + 3_000)])
KINDS = ["小区", "花园", "新村", "街道", "公园", "家园", "路口", "市场"]
PLACES, MATTERS, WORDS = 30_000, 400, 6_000
HOT_SHARE, HOT_DAYS = 0.08, 60.0


class City:
    """Names, matters and fillers, drawn once."""

    def __init__(self, seed: int = 11) -> None:
        chance = np.random.default_rng(seed)
        names = chance.integers(0, len(HAN), (PLACES, 3))
        self.places = ["".join(HAN[row]) + KINDS[i % len(KINDS)] for i, row in enumerate(names)]
        words = chance.integers(0, len(HAN), (WORDS, 2))
        self.words = ["".join(HAN[row]) for row in words]
        self.matters = chance.integers(0, WORDS, (MATTERS, 12))
        self.chance = chance

    def text(self, place: int, matter: int, length: int) -> str:
        """A sentence of this matter at this place, in words of its own."""
        own = self.matters[matter][self.chance.integers(0, 12, length // 2)]
        # Words are used as people use words: few of them very often.
        rest = (WORDS * self.chance.random(length - length // 2) ** 3).astype(int)
        order = self.chance.permutation(np.concatenate([own, rest]))
        return self.places[place] + "".join(self.words[w] for w in order)


def stream(count: int, batch: int, days: float = 365.0) -> Iterator[tuple[Reports, INTS]]:
    """Batches in order of time, and of each report its planted issue (-1 = none)."""
    city = City()
    chance = np.random.default_rng(12)
    hot = max(1, int(count * HOT_SHARE / 20))
    opens = np.sort(chance.random(hot) * days)
    places, matters = chance.integers(0, PLACES, hot), chance.integers(0, MATTERS, hot)
    for start in range(0, count, batch):
        n = min(batch, count - start)
        day = days * (start + np.arange(n)) / count
        issue = _issues(chance, opens, day)
        place = np.where(issue >= 0, places[issue], chance.integers(0, PLACES, n))
        matter = np.where(issue >= 0, matters[issue], chance.integers(0, MATTERS, n))
        titles = [city.text(p, m, 4) for p, m in zip(place, matter, strict=True)]
        bodies = [city.text(p, m, 36) for p, m in zip(place, matter, strict=True)]
        yield Reports.of_texts(titles, bodies, day), issue


def _issues(chance: np.random.Generator, opens: np.ndarray, day: np.ndarray) -> INTS:
    """A hot issue that is open on the day, for the share of reports that are of one."""
    low = np.searchsorted(opens, day - HOT_DAYS)
    high = np.searchsorted(opens, day, side="right")
    drawn = low + (chance.random(len(day)) * np.maximum(high - low, 1)).astype(int)
    is_hot = (chance.random(len(day)) < HOT_SHARE) & (high > low)
    return np.where(is_hot, np.minimum(drawn, len(opens) - 1), -1).astype(np.int64)
