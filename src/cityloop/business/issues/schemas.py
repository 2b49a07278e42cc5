"""Shapes of hot issues."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

Note = Annotated[str, Field(max_length=400)]
Id = Annotated[int, Field(ge=0, le=2**62)]


class IssueDepartment(Schema):
    """A department and how many of the issue's reports it leads."""

    id: int
    zh: str
    en: str
    count: int


class IssueOut(Schema):
    """Figures of one issue. heat: see docs/algorithms/hot-issues.md; persons: distinct senders,
    None where fewer than the city shows; unsolved_days: age of the oldest open report, in days;
    trend: reports a week, oldest first, twelve weeks."""

    id: int
    state: str
    title: str
    words: list[str]
    first_at: datetime
    last_at: datetime
    heat: float
    reports: int
    persons: int | None
    this_week: int
    last_week: int
    peak: int
    unsolved: int
    unsolved_days: float
    oldest_number: str
    trend: list[int]
    lon: float | None
    lat: float | None
    alarm: str
    alarmed_at: datetime | None
    cause_number: str
    departments: list[IssueDepartment]


class IssueList(Schema):
    """The hottest first; decides: whether the reader may confirm, split, merge."""

    items: list[IssueOut]
    decides: bool


class IssueArea(Schema):
    zh: str
    en: str


class IssueMember(Schema):
    """One report; similarity: mean to the other members when it came, 0 to 1."""

    report_id: int
    number: str
    title: str
    received_at: datetime
    lon: float | None
    lat: float | None
    area: IssueArea | None
    is_open: bool
    similarity: float
    pinned: bool


class IssueDecision(Schema):
    kind: str
    data: dict[str, Any]
    note: str
    by: str
    at: datetime


class IssuePage(IssueOut):
    """One issue with its members, newest first, and what people decided."""

    decides: bool
    merged_into: int | None
    members: list[IssueMember]
    decisions: list[IssueDecision]


class DecideIn(Schema):
    """report_ids: for remove and split; into: for merge."""

    report_ids: Annotated[list[Id], Field(max_length=500)] = []
    into: Id | None = None
    note: Note = ""


class SolveIn(Schema):
    """The case for the cause; join: open cases of the members go on as part of it."""

    title: Annotated[str, Field(min_length=2, max_length=300)]
    text: Annotated[str, Field(max_length=4_000)] = ""
    class_key: Annotated[str, Field(max_length=5)] = ""
    join: bool = True


class LeftOut(Schema):
    """A case that did not go in, and why."""

    number: str
    zh: str
    en: str


class SolveOut(Schema):
    number: str
    merged: list[str]
    left: list[LeftOut]


class AlikeOut(Schema):
    """An earlier case, and why it is probably the same: words that stand in both texts, metres
    (None = a place is not known), hours apart, share of the text that is the same."""

    number: str
    title: str
    state: str
    received_at: datetime
    verdict: Literal["attach", "suggest"]
    score: float
    words: list[str]
    metres: float | None
    hours: float
    same_text: float
    same_class: bool | None


class IssueName(Schema):
    id: int
    title: str
    reports: int
    heat: float


class AlikeList(Schema):
    items: list[AlikeOut]
    issue: IssueName | None
