"""Issues as reports come in: each batch is placed at once, a nightly pass groups anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cityloop.engines.hot_issues.grams import grams_of
from cityloop.engines.hot_issues.identity import keep_names
from cityloop.engines.hot_issues.linkage import groups
from cityloop.engines.hot_issues.matter import learn
from cityloop.engines.hot_issues.pairs import Index, Pairs
from cityloop.engines.hot_issues.values import FIXED, INTS, Reports, Settings


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a new report went: issue number (-1 = alone), mean similarity to its members."""

    issue: int
    similarity: float


class Stream:
    """Reports numbered in the order they come; issues keep their number from day to day.

    Args:
        regroups: keep all pairs for `regroup`; without, memory is that of the index alone.
    """

    def __init__(self, settings: Settings = FIXED, *, regroups: bool = True) -> None:
        self.settings = settings
        self.regroups = regroups
        self.index = Index(settings)
        self.issue_of: list[int] = []
        self.days: list[float] = []
        self._sizes: dict[int, int] = defaultdict(int)
        self._next = 0
        self._pairs: list[Pairs] = []
        self.newest: Pairs = Pairs.joined([])
        """Pairs of the last batch. `changed`: the reports that got an issue with it."""
        self.changed: list[int] = []

    def learn(self, titles: list[str], bodies: list[str]) -> bool:
        """Learn the axes of matter from texts (once, at the start); False when too few."""
        grams = grams_of(titles, bodies, body_characters=self.settings.body_characters)
        self.index.axes = learn(grams, self.settings.axes)
        return self.index.axes is not None

    def restore(self, reports: Reports, issues: INTS, *, free: int) -> None:
        """Take in reports whose issues (-1 = none) are known; `free`: next number never used."""
        pairs = self.index.add(reports)
        if self.regroups:
            self._pairs.append(pairs)
        self.days += reports.days.tolist()
        self.reassign(
            np.concatenate([np.asarray(self.issue_of, dtype=np.int64), issues]), free=free
        )

    def reassign(self, issues: INTS, *, free: int) -> None:
        """Issues of all reports as people decided meanwhile."""
        self.issue_of = issues.tolist()
        numbers, sizes = np.unique(issues[issues >= 0], return_counts=True)
        self._sizes = defaultdict(int, zip(numbers.tolist(), sizes.tolist(), strict=True))
        self._next = max(free, self._next)

    def add(self, reports: Reports) -> list[Placed]:
        """Place a batch, in the order given, each after those before it."""
        start = self.index.size
        pairs = self.index.add(reports)
        if self.regroups:
            self._pairs.append(pairs)
        self.newest, self.changed = pairs, []
        self.days += reports.days.tolist()
        self.issue_of += [-1] * len(reports)
        order = np.argsort(pairs.left, kind="stable")
        left, right = pairs.left[order], pairs.right[order].tolist()
        values = pairs.similarity[order].tolist()
        ends = np.searchsorted(left, np.arange(start, start + len(reports) + 1)).tolist()
        return [
            self._place(start + i, right[a:b], values[a:b])
            for i, (a, b) in enumerate(pairwise(ends))
        ]

    def _place(self, report: int, near: list[int], values: list[float]) -> Placed:
        """Into the issue, or to the single report, it resembles most as a whole."""
        sums: dict[int, float] = defaultdict(float)
        best, mean = -1, 0.0
        for other, value in zip(near, values, strict=True):
            issue = self.issue_of[other]
            if issue >= 0:
                sums[issue] += value
            elif value > mean:
                best, mean = other, value
        joined = -1
        for issue, total in sums.items():
            if total / self._sizes[issue] >= mean:
                joined, mean = issue, total / self._sizes[issue]
        if mean < self.settings.same_issue:
            return Placed(-1, mean)
        if joined < 0:
            joined = self._next
            self._next += 1
            self.issue_of[best] = joined
            self._sizes[joined] = 1
            self.changed.append(best)
        self.issue_of[report] = joined
        self.changed.append(report)
        self._sizes[joined] += 1
        return Placed(joined, mean)

    def regroup(self) -> INTS:
        """Group all reports of the window anew, old issues keeping their numbers.

        Returns: issue of each report that ever came, shape (n,); those before the window as
        they were. Raises: ValueError when pairs were not kept.
        """
        if not self.regroups:
            raise ValueError("this stream keeps no pairs: make it with regroups=True")
        first = self._first_in_window()
        pairs = Pairs.joined(self._pairs)
        keep = pairs.right >= first
        pairs = Pairs(pairs.left[keep], pairs.right[keep], pairs.similarity[keep])
        self._pairs = [pairs]
        shifted = Pairs(pairs.left - first, pairs.right - first, pairs.similarity)
        fresh = groups(shifted, len(self.days) - first, least=self.settings.same_issue)
        before = np.asarray(self.issue_of, dtype=np.int64)
        names, self._next = keep_names(before[first:], fresh, free=self._next)
        before[first:] = names
        self.reassign(before, free=self._next)
        return before

    def _first_in_window(self) -> int:
        days = np.asarray(self.days)
        if not days.size:
            return 0
        late = days >= days.max() - self.settings.window_days
        return int(np.argmax(late))
