"""Shapes of practice: what is told, asked and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

Text = Annotated[str, Field(max_length=2_000)]
Word = Annotated[str, Field(max_length=64)]


class TwoOut(Schema):
    zh: str
    en: str


class ChoiceOut(TwoOut):
    value: str


class MoveOut(Schema):
    name: str
    zh: str
    en: str
    needs: list[str]


class ItemOut(Schema):
    """A matter as the trainee sees it; the solution stays on the server."""

    number: str
    state: TwoOut
    text: TwoOut
    place: TwoOut
    matter: TwoOut
    site: TwoOut
    back: TwoOut
    unit: TwoOut
    limit: TwoOut
    beside: list[ChoiceOut]
    conditions: list[ChoiceOut]
    moves: list[MoveOut]
    told: TwoOut
    refused: int
    mark: str
    why: TwoOut
    better: TwoOut


class RunOut(Schema):
    id: int
    role: str
    started_at: datetime
    ended_at: datetime | None
    departments: list[ChoiceOut]
    items: list[ItemOut]


class MarksOut(Schema):
    id: int
    role: str
    started_at: datetime
    ended_at: datetime | None
    matters: int
    answered: int
    good: int
    fair: int
    lessons: list[str]


class LessonOut(Schema):
    role: str
    zh: str
    en: str
    matters: int
    own: bool


class PracticeOut(Schema):
    lessons: list[LessonOut]
    record: list[MarksOut]
    consent: bool


class StartIn(Schema):
    role: Word


class AnswerIn(Schema):
    move: Word
    reason: Text = ""
    reason_key: Word = ""
    text: Text = ""
    condition_id: Annotated[int, Field(ge=0, le=2**62)] | None = None
    target: Word = ""
    lead: Word = ""
    co: Annotated[list[Word], Field(max_length=20)] = []
    photo: bool = False


class StepOut(Schema):
    """Exactly one of refused, told, or the verdict within the item is news."""

    refused: TwoOut | None
    told: TwoOut | None
    run: RunOut


class ConsentIn(Schema):
    given: bool


class ConsentOut(Schema):
    given: bool


class PersonOut(Schema):
    name: str
    runs: list[MarksOut]
