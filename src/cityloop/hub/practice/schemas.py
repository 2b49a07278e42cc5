"""Shapes of practice: what is told, asked and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

Text = Annotated[str, Field(max_length=2_000)]
Word = Annotated[str, Field(max_length=64)]


class PracticeText(Schema):
    zh: str
    en: str


class PracticeChoice(PracticeText):
    value: str


class PracticeMove(Schema):
    name: str
    zh: str
    en: str
    needs: list[str]


class PracticeItem(Schema):
    """A matter as the trainee sees it; the solution stays on the server."""

    number: str
    state: PracticeText
    text: PracticeText
    place: PracticeText
    matter: PracticeText
    site: PracticeText
    back: PracticeText
    unit: PracticeText
    limit: PracticeText
    beside: list[PracticeChoice]
    conditions: list[PracticeChoice]
    moves: list[PracticeMove]
    told: PracticeText
    refused: int
    mark: str
    why: PracticeText
    better: PracticeText


class PracticeRun(Schema):
    id: int
    role: str
    started_at: datetime
    ended_at: datetime | None
    departments: list[PracticeChoice]
    items: list[PracticeItem]


class PracticeMarks(Schema):
    id: int
    role: str
    started_at: datetime
    ended_at: datetime | None
    matters: int
    answered: int
    good: int
    fair: int
    lessons: list[str]


class PracticeLesson(Schema):
    role: str
    zh: str
    en: str
    matters: int
    own: bool


class PracticeOut(Schema):
    lessons: list[PracticeLesson]
    record: list[PracticeMarks]
    consent: bool


class PracticeStart(Schema):
    role: Word


class PracticeAnswer(Schema):
    move: Word
    reason: Text = ""
    reason_key: Word = ""
    text: Text = ""
    condition_id: Annotated[int, Field(ge=0, le=2**62)] | None = None
    target: Word = ""
    lead: Word = ""
    co: Annotated[list[Word], Field(max_length=20)] = []
    photo: bool = False


class PracticeStep(Schema):
    """Exactly one of refused, told, or the verdict within the item is news."""

    refused: PracticeText | None
    told: PracticeText | None
    run: PracticeRun


class PracticeConsentIn(Schema):
    given: bool


class PracticeConsent(Schema):
    given: bool


class PracticePerson(Schema):
    name: str
    runs: list[PracticeMarks]
