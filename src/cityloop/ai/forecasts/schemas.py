"""Shapes of the forecasts API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

PLAIN = r"^[^\x00]*$"
Words = Annotated[str, StringConstraints(max_length=300, pattern=PLAIN, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(max_length=24, pattern=r"^[a-z0-9_]+$")]
TopicKey = Annotated[str, StringConstraints(max_length=8, pattern=PLAIN)]


class LevelFigures(Schema):
    """Errors on the past days shown, beside the same weekday last week.

    trees: share of boosted trees in the days ahead, 0..1; mae_without_trees: the error without.
    """

    per_day: float
    mae: float
    mae_naive: float
    mae_ratio: float
    within_80: float
    trees: float = 0.0
    mae_without_trees: float | None = None


class NowcastBand(Schema):
    """Probabilities between two limits: how often said, their mean, the share that came true."""

    n: int
    said: float
    came: float


class NowcastWorth(Schema):
    """What today's probabilities were worth on past days at the same hour, each from what was
    known then: of `given` overloads said with `least` or more, `came` came; `events` in all."""

    hour: int
    days: int
    least: float
    given: int
    came: int
    events: int
    bands: list[NowcastBand]


class WarningWords(Schema):
    zh: str
    en: str


class NamedArea(Schema):
    id: int
    zh: str
    en: str


class NamedKey(Schema):
    key: str
    zh: str
    en: str


class ForecastState(Schema):
    """problem: why nothing could be forecast, in the reader's languages; notes: what a reader must
    know of how it was made (short history, provisional lines, which way)."""

    last_day: date | None
    made_at: datetime | None
    history_days: int
    problem_zh: str | None
    problem_en: str | None
    notes: list[WarningWords]
    nowcast: NowcastWorth | None
    suppressed: int
    least: int
    figures: dict[str, LevelFigures]
    areas: list[NamedArea]
    topics: list[NamedKey]
    trigger_kinds: list[NamedKey]


class ForecastPoint(Schema):
    day: date
    median: float
    low: float
    high: float
    line: float | None
    chance: float | None
    actual: int | None
    hindsight: bool


class CellName(Schema):
    area_id: int
    area_zh: str
    area_en: str
    topic: str
    topic_zh: str
    topic_en: str


class ForecastSeries(CellName):
    points: list[ForecastPoint]


class TodayRow(CellName):
    seen: int
    usual: float
    mean: float
    low: float
    high: float
    line: float | None
    chance: float | None


class TodayOut(Schema):
    day: date
    hour: int | None
    rows: list[TodayRow]


class WarningOut(CellName):
    id: int
    day: date
    days_ahead: int
    made_at: datetime | None
    chance: float | None
    mean: float | None
    low: float | None
    high: float | None
    line: float
    reasons: list[WarningWords]
    preparations: list[WarningWords]
    decision: str
    decision_reason: str
    decided_by: str
    decided_at: datetime | None
    outcome: str
    actual: int | None
    lead_hours: float | None


class RecordPart(Schema):
    hits: int
    false_alarms: int
    misses: int
    hit_rate: float | None
    found_rate: float | None
    lead_hours: float | None


class WarningRecord(Schema):
    days: int
    ahead: RecordPart
    same_day: RecordPart


class WarningDecision(Schema):
    decision: Literal["accepted", "declined"]
    reason: Words


class TriggerIn(Schema):
    kind: Key
    first_day: date
    last_day: date
    areas: Annotated[list[Annotated[int, Field(ge=1, le=2**62)]], Field(max_length=500)] = []
    topics: Annotated[list[TopicKey], Field(max_length=500)] = []
    guess: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    note: Words = ""


class TriggerOut(Schema):
    id: int
    kind: str
    kind_zh: str
    kind_en: str
    first_day: date
    last_day: date
    areas: list[int]
    topics: list[str]
    guess: float
    note: str
    entered_by: str
    entered_at: datetime
    withdrawn_at: datetime | None
