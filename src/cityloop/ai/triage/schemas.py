"""Shapes of the triage API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import StringConstraints

PLAIN = r"^[^\x00]*$"
Kind = Literal["class", "department"]


class ModelStanding(Schema):
    """mode: how far it is let in. judged, accuracy, low, high: of its answers of the last 28 days,
    with 95 % bounds (of a shadow: as if it had decided). keeps: its promise, null = too few.
    drift_level: of the classes answered, null = too few days."""

    mode: Literal["shadow", "share", "live", "stopped", "ended"]
    share: float
    judged: int
    accuracy: float | None
    low: float | None
    high: float | None
    keeps: bool | None
    drift_level: Literal["none", "some", "much"] | None


class ModelOut(Schema):
    """accuracy_wanted: what is promised for answers from `threshold` on; figures: when tried."""

    id: int
    kind: str
    number: int
    label: str
    name: str
    created_at: datetime
    trained_on: int
    catalogue_version: int | None
    fingerprint: str
    threshold: float
    accuracy_wanted: float
    active: bool
    figures: dict[str, Any]
    standing: ModelStanding


class ModelDetail(ModelOut):
    report: dict[str, Any]


class ModelPage(Schema):
    items: list[ModelOut]
    next_after: int | None


class SuggestIn(Schema):
    title: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000, pattern=PLAIN)] = ""
    kind: Kind = "class"
    opinion: bool = False


class ChanceOut(Schema):
    label: str
    probability: float
    words: list[tuple[str, float]]


class UrgencyOut(Schema):
    """level: normal, urgent or emergency; words: those of the text that raised it."""

    level: str
    words: list[str]


class MatterOut(Schema):
    """One part of a message that is about several matters: characters start to end of its text."""

    start: int
    end: int
    label: str
    probability: float


class OpinionOut(Schema):
    """What the site's own endpoint chose among the first three; null = none of them."""

    label: str | None
    also: str | None
    tokens: int


class SuggestOut(Schema):
    """model "" = none is active. accepted: sure enough to go on without a person. also: a second
    label to name beside the first, or "". matters: where the message could be split, [] = not."""

    model: str
    accepted: bool
    top: list[ChanceOut]
    also: str
    urgency: UrgencyOut
    matters: list[MatterOut]
    opinion: OpinionOut | None


class RolloutIn(Schema):
    """share: part of the reports, above 0 and up to 1; only for mode share."""

    mode: Literal["shadow", "share"]
    share: float = 0.0


class RolledBackIn(Schema):
    kind: Kind = "class"


class WayOut(Schema):
    """A step of a model's way into service. mode: shadow, share, live, stopped, ended."""

    mode: str
    share: float
    begun_at: datetime
    ended_at: datetime | None
    by: str
    why_zh: str
    why_en: str


class OutcomeCounts(Schema):
    """Of the last 28 days. accuracy: right of judged, null = nothing judged yet."""

    answered: int
    accepted: int
    judged: int
    right: int
    accuracy: float | None


class ModelCard(Schema):
    """drift: population stability index of the classes answered, last week against four before;
    null where either has no answers."""

    label: str
    name: str
    made_at: datetime
    trained_on: int
    fingerprint: str
    promise: float
    threshold: float
    active: bool
    report: dict[str, Any]
    in_use: OutcomeCounts
    watched: OutcomeCounts
    promise_zh: str
    promise_en: str
    drift: float | None
    drift_level: Literal["none", "some", "much"] | None
    way: list[WayOut]
