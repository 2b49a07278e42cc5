"""Can weights be packed into k windows at all, whatever the shape of the cells?"""

from __future__ import annotations

from collections import Counter

from cityloop.engines.partition.model import Window

NODES = 20_000
MOST_WEIGHTS = 400  # more of them are not looked into: small ones can always be packed, mostly


def packable(weights: list[int], window: Window, *, nodes: int = NODES) -> bool | None:
    """True: some grouping has every sum in the window; False: proved that none has; None: the
    search was given up after `nodes` steps, or there are too many weights.

    Depth first: the heaviest weight left opens a group, which is then filled in every way that
    stays under the window's top; a group may close once it is heavy enough. Equal weights are
    tried once.
    """
    counts = Counter(w for w in weights if w > 0)
    kinds = sorted(counts, reverse=True)
    if not kinds:
        return False
    if kinds[0] > window.hi:
        return False
    if counts.total() > MOST_WEIGHTS:
        return None
    search = _Search(kinds, [counts[w] for w in kinds], window, nodes)
    return search.run()


class _Search:
    def __init__(self, kinds: list[int], left: list[int], window: Window, nodes: int) -> None:
        self.kinds, self.left, self.window, self.nodes = kinds, left, window, nodes
        self.rest = sum(w * n for w, n in zip(kinds, left, strict=True))
        self.dead: set[tuple[int, ...]] = set()

    def run(self) -> bool | None:
        try:
            return self._open()
        except _Spent:
            return None

    def _open(self) -> bool:
        if self.rest == 0:
            return True
        state = tuple(self.left)
        if state in self.dead or not self.window.counts(self.rest):
            return False
        first = next(i for i, n in enumerate(self.left) if n)
        if self._take(first, 0):
            return True
        self.dead.add(state)
        return False

    def _take(self, i: int, load: int) -> bool:
        """Put one of kind i into the open group, then close it or go on with i or lighter."""
        self.nodes -= 1
        if self.nodes < 0:
            raise _Spent
        load += self.kinds[i]
        self.left[i] -= 1
        self.rest -= self.kinds[i]
        done = self.window.holds(load) and self._open()
        for j in range(i, len(self.kinds)):
            if done:
                break
            if self.left[j] and load + self.kinds[j] <= self.window.hi:
                done = self._take(j, load)
        if not done:
            self.left[i] += 1
            self.rest += self.kinds[i]
        return done


class _Spent(Exception):
    """The node limit is reached."""
