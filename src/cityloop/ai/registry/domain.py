"""Whether a model keeps its promise, whether its world has changed, who gets which model."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEAST_JUDGED = 30
"""Fewer judged answers say nothing about a promise."""
SURE_Z = 1.96  # two-sided 95 %
DRIFT_SEEN, DRIFT_MUCH = 0.1, 0.25
"""Usual reading of the population stability index: below, between, above."""


class Mode(StrEnum):
    """How far a model is let in.

    SHADOW: answers beside the one in service; nobody acts on it. SHARE: answers for a share of
    the reports. LIVE: answers for all. STOPPED: still suggests, but decides nothing by itself.
    ENDED: out of use.
    """

    SHADOW = "shadow"
    SHARE = "share"
    LIVE = "live"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a model's answers in a time.

    Args:
        answered: reports it was asked about. accepted: of them, sure enough to go on alone.
        judged: accepted ones a person has looked at since, or whose case came to its end.
        right: of the judged ones, those whose class stayed. classes: class → answers.
    """

    answered: int = 0
    accepted: int = 0
    judged: int = 0
    right: int = 0
    classes: Mapping[str, int] | None = None

    @property
    def accuracy(self) -> float | None:
        """Share of right ones among the judged; None where nothing was judged."""
        return self.right / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a model about one case, as it stands now.

    Args:
        day: the day the case came. accepted, judged, right: as in `Tally`.
    """

    case_id: int
    shadow: bool
    model: str
    day: date
    class_key: str
    accepted: bool
    judged: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model has to stop deciding by itself, and why, in both languages."""

    stop: bool
    zh: str
    en: str
    high: float | None = None


def added(tallies: Sequence[Tally]) -> Tally:
    """All of them together."""
    classes: dict[str, int] = {}
    for one in tallies:
        for name, count in (one.classes or {}).items():
            classes[name] = classes.get(name, 0) + count
    return Tally(
        sum(t.answered for t in tallies),
        sum(t.accepted for t in tallies),
        sum(t.judged for t in tallies),
        sum(t.right for t in tallies),
        classes,
    )


def wilson(right: int, judged: int) -> tuple[float, float]:
    """Bounds of a share with 95 % confidence (Wilson, 1927). Raises: ValueError for none judged."""
    if judged < 1:
        raise ValueError("nothing was judged")
    share, z2 = right / judged, SURE_Z**2
    middle = (share + z2 / (2 * judged)) / (1 + z2 / judged)
    root = math.sqrt(share * (1 - share) / judged + z2 / (4 * judged**2))
    reach = SURE_Z * root / (1 + z2 / judged)
    return min(share, max(0.0, middle - reach)), max(share, min(1.0, middle + reach))


def verdict(tally: Tally, promise: float) -> Verdict:
    """A model stops when even the favourable bound of its accuracy lies under its promise."""
    if tally.judged < LEAST_JUDGED:
        return Verdict(
            False,
            f"已核对 {tally.judged} 件，不足 {LEAST_JUDGED} 件，暂不判断",
            f"{tally.judged} judged, fewer than {LEAST_JUDGED}: too few to say",
        )
    low, high = wilson(tally.right, tally.judged)
    said = f"{tally.right}/{tally.judged} = {tally.right / tally.judged:.3f}"
    bounds = f"[{low:.3f}, {high:.3f}]"
    if high < promise:
        return Verdict(
            True,
            f"核对正确率 {said}，区间 {bounds} 低于承诺 {promise:.2f}，自动停用自动判定",
            f"accuracy {said}, bounds {bounds} under the promised {promise:.2f}: stopped deciding",
            high,
        )
    return Verdict(
        False,
        f"核对正确率 {said}，区间 {bounds}，承诺 {promise:.2f}",
        f"accuracy {said}, bounds {bounds}, promised {promise:.2f}",
        high,
    )


def drift(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Population stability index of the classes answered, 0 = the same mix.

    Each class gets half an answer more in both, so that a class unseen before is finite.
    """
    names = sorted({*before, *now})
    if not names or not sum(before.values()) or not sum(now.values()):
        return 0.0
    whole_before = sum(before.values()) + len(names) / 2
    whole_now = sum(now.values()) + len(names) / 2
    total = 0.0
    for name in names:
        was = (before.get(name, 0) + 0.5) / whole_before
        is_now = (now.get(name, 0) + 0.5) / whole_now
        total += (is_now - was) * math.log(is_now / was)
    return total


def drift_by_chance(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """What the index comes to on average while nothing changes: few answers make it large.

    Source: Yurdakul, Naranjo 2020, the index of two samples of one distribution is about a
    chi-square of (classes - 1) times (1/n + 1/m).
    """
    n, m = sum(before.values()), sum(now.values())
    return (len({*before, *now}) - 1) * (1 / n + 1 / m) if n and m else 0.0


def drift_level(index: float) -> str:
    """In a word: none, some or much."""
    return "much" if index > DRIFT_MUCH else "some" if index > DRIFT_SEEN else "none"


def in_share(key: str, share: float) -> bool:
    """Whether a report belongs to the share that a new model answers; the same one always does."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64
