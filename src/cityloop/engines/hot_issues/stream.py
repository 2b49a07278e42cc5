"""Issues as reports come in: each batch is placed at once, after those before it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.hot_issues.grams import grams_of
from cityloop.engines.hot_issues.matter import learn
from cityloop.engines.hot_issues.pairs import Index, Pairs
from cityloop.engines.hot_issues.values import FIXED, INTS, Reports, Settings


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a new report went: issue number (-1 = alone), mean similarity to its newest members."""

    issue: int
    similarity: float


class Stream:
    """Reports numbered in the order they come; of old ones only the issue is kept, 8 bytes each.

    `newest`: pairs of the last batch; `changed`: the reports that got an issue with it.
    """

    def __init__(self, settings: Settings = FIXED) -> None:
        self.settings = settings
        self.index = Index(settings)
        self._room: INTS = np.full(0, -1, dtype=np.int64)
        self.issue_of: INTS = self._room
        self.newest: Pairs = Pairs.joined([])
        self.changed: list[int] = []
        self._speakers: dict[int, deque[int]] = {}
        self._next = self._first = 0

    def learn(self, titles: list[str], bodies: list[str]) -> bool:
        """Learn the axes of matter from texts (once, at the start); False when too few."""
        grams = grams_of(titles, bodies, body_characters=self.settings.body_characters)
        self.index.axes = learn(grams, self.settings.axes)
        return self.index.axes is not None

    def restore(self, reports: Reports, issues: INTS, *, free: int) -> None:
        """Take in reports whose issues (-1 = none) are known; `free`: next number never used."""
        self.index.hold(reports)
        self.reassign(np.concatenate([self.issue_of, issues]), free=free)

    def reassign(self, issues: INTS, *, free: int) -> None:
        """Issues of all reports as people or the nightly pass decided meanwhile."""
        self._room = self.issue_of = issues.astype(np.int64)
        self._speakers = {}
        first = self.index.first
        for number in (np.flatnonzero(issues[first:] >= 0) + first).tolist():
            self._speak(int(issues[number]), number)
        self._next = max(free, self._next)

    def add(self, reports: Reports) -> list[Placed]:
        """Place a batch, in the order given, each after those before it."""
        self._forget_silent()
        start = self.index.size
        pairs = self.index.add(reports)
        self.newest, self.changed = pairs, []
        self._grow(len(reports))
        order = np.argsort(pairs.left, kind="stable")
        right, values = pairs.right[order], pairs.similarity[order]
        ends = np.searchsorted(
            pairs.left[order], np.arange(start, start + len(reports) + 1)
        ).tolist()
        return [
            self._place(start + i, right[a:b], values[a:b])
            for i, (a, b) in enumerate(pairwise(ends))
        ]

    def _place(self, report: int, near: INTS, values: NDArray[np.float32]) -> Placed:
        """Into the issue, or to the single report, it resembles most as a whole.

        No mean over members reaches the limit unless one of them does: only those are asked.
        """
        least = self.settings.same_issue
        strong = np.flatnonzero(values >= least)
        if not len(strong):
            return Placed(-1, 0.0)
        issues = self.issue_of[near]
        own = issues[strong]
        joined, mean, best = -1, 0.0, -1
        if (own < 0).any():
            single = strong[own < 0]
            at = single[np.argmax(values[single])]
            best, mean = int(near[at]), float(values[at])
        for issue in sorted(set(own[own >= 0].tolist())):
            speaks = (issues == issue) & (near >= self._speakers[issue][0])
            alike = float(values[speaks].sum()) / self._count(issue)
            if alike >= max(mean, least):
                joined, mean = issue, alike
        if joined < 0 and best < 0:
            return Placed(-1, 0.0)
        if joined < 0:
            joined = self._next
            self._next += 1
            self._join(best, joined)
        self._join(report, joined)
        return Placed(joined, mean)

    def _grow(self, more: int) -> None:
        count = len(self.issue_of) + more
        if count > len(self._room):
            room = np.full(2 * count, -1, dtype=np.int64)
            room[: len(self.issue_of)] = self.issue_of
            self._room = room
        self.issue_of = self._room[:count]

    def _join(self, report: int, issue: int) -> None:
        self.issue_of[report] = issue
        self.changed.append(report)
        self._speak(issue, report)

    def _speak(self, issue: int, report: int) -> None:
        if issue not in self._speakers:
            self._speakers[issue] = deque(maxlen=self.settings.speakers)
        self._speakers[issue].append(report)

    def _count(self, issue: int) -> int:
        """How many speak for an issue; those that are no longer held have fallen silent."""
        held = self._speakers[issue]
        while len(held) > 1 and held[0] < self.index.first:
            held.popleft()
        return len(held)

    def _forget_silent(self) -> None:
        """Issues of which no member is held any more: nothing can be compared with them."""
        if self._first != self.index.first:
            self._first = self.index.first
            living = self._speakers.items()
            self._speakers = {i: held for i, held in living if held[-1] >= self._first}
