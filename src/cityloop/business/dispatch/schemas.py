"""Shapes of the routing API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints

PLAIN = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=400, pattern=PLAIN)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Code = Annotated[str, StringConstraints(max_length=24, pattern=PLAIN)]


class RuleIn(Schema):
    """when: a tree of all, any, not over {field, op, value}; then: {lead, co, priority}."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=PLAIN)]
    en: Annotated[str, StringConstraints(max_length=160, pattern=PLAIN)] = ""
    reason_zh: Line = ""
    reason_en: Line = ""
    when: dict[str, Any] = Field(examples=[{"field": "hour", "op": "between", "value": [22, 5]}])
    then: dict[str, Any] = Field(examples=[{"lead": "urban", "co": ["police"]}])
    position: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] = 100
    area_code: Code = ""


class RuleOut(Schema):
    key: str
    version: int
    position: int
    zh: str
    en: str
    reason_zh: str
    reason_en: str
    when: dict[str, Any]
    then: dict[str, Any]
    area_code: str
    in_force: bool
    saved_at: datetime
    ended_at: datetime | None


class RuleList(Schema):
    items: list[RuleOut]


class RuleChoiceOut(Schema):
    key: str
    zh: str
    en: str


class FieldOut(Schema):
    """What a rule may look at. values: key and names; None = free text or a number."""

    field: str
    ops: list[str]
    least: int | None
    most: int | None
    values: list[RuleChoiceOut] | None


class WordsOut(Schema):
    """What rules are made of, for an editor."""

    fields: list[FieldOut]
    leads: list[RuleChoiceOut]
    priorities: list[str]


class TrialIn(RuleIn):
    key: Key
    days: Annotated[int, Field(ge=1, le=366)] = 30


class RuleMoveOut(Schema):
    was: str | None
    would_be: str | None
    cases: int


class ExampleOut(Schema):
    case_id: int
    number: str
    class_key: str
    was: str | None
    would_be: str | None


class TrialOut(Schema):
    """share: held / examined; agreed: of those, the ones that ended with the lead it names."""

    examined: int
    held: int
    otherwise: int
    faults: int
    share: float
    agreed: float | None
    moves: list[RuleMoveOut]
    examples: list[ExampleOut]


class ExplainIn(Schema):
    """A text, and what else is known; class_key "" asks the classifier."""

    title: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000, pattern=PLAIN)] = ""
    class_key: Annotated[str, StringConstraints(max_length=5, pattern=PLAIN)] = ""
    area_code: Code = ""
    channel: Annotated[str, StringConstraints(max_length=24, pattern=PLAIN)] = "hotline"
    urgency: Annotated[str, StringConstraints(max_length=9, pattern=PLAIN)] = "normal"
    at: AwareDatetime | None = None


class WordOut(Schema):
    words: str
    weight: float


class RouteChanceOut(Schema):
    class_key: str
    name_zh: str
    name_en: str
    probability: float


class AlsoOut(Schema):
    """A second answer to be named beside the first. kind: class, or department."""

    kind: Literal["class", "department"]
    label: str
    name_zh: str
    name_en: str
    probability: float
    lead: str | None
    words: list[WordOut]


class ExplainOut(Schema):
    class_key: str
    class_by: str
    confidence: float | None
    accepted: bool | None
    top: list[RouteChanceOut]
    words: list[WordOut]
    also: list[AlsoOut]
    lead: str | None
    co: list[str]
    urgency: str | None
    by: str
    version: str
    explanation: dict[str, Any]
