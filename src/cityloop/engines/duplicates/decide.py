"""Attach, suggest or separate: one candidate pair, with the reasons a person can check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cityloop.engines.hot_issues.values import FIXED
from cityloop.engines.hot_issues.wording import shared_words

Verdict = Literal["attach", "suggest", "separate"]
NEAR_M = 150.0
SAME_TEXT, SURE, LIKELY = 0.7, 0.30, 0.15


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a new report and an earlier one.

    Args:
        similarity: of text, time and place as the index says it; same_text: share of triples.
        metres: between the places, None = one of them is not known; hours: between the times.
        same_class: None = one of them has no class yet.
    """

    left: str
    right: str
    similarity: float
    same_text: float
    metres: float | None
    hours: float
    same_class: bool | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, how sure (0 .. 1), and why. words: stand in both texts; none if separate."""

    verdict: Verdict
    score: float
    words: tuple[str, ...]
    metres: float | None
    hours: float
    same_text: float
    same_class: bool | None


def advise(candidate: Candidate) -> Advice:
    """The rule, in full:

    too far apart (3 km) → separate; same text, or very similar, and either within 150 m or (the
    place of one not known) of one class → attach; similar → suggest; else
    separate. "attach" is a proposal with one click too: nothing is attached without a person.
    """
    c = candidate
    score = max(c.similarity, c.same_text if c.same_text >= SAME_TEXT else 0.0)
    far = c.metres is not None and c.metres > FIXED.far_m
    near = c.metres is not None and c.metres <= NEAR_M
    alike = c.same_text >= SAME_TEXT or c.similarity >= SURE
    verdict: Verdict = "separate"
    if not far and alike and (near or (c.metres is None and c.same_class is not False)):
        verdict = "attach"
    elif not far and score >= LIKELY:
        verdict = "suggest"
    words = () if verdict == "separate" else tuple(shared_words(c.left, c.right))
    same_text = round(c.same_text, 3)
    return Advice(verdict, round(min(score, 1.0), 3), words, c.metres, c.hours, same_text,
                  c.same_class)  # fmt: skip
