"""What a reporter sends and sees of the own case."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from cityloop.business.cases.api.schemas import Given, ReportIn

KEY = r"^[A-Za-z0-9_-]{16,64}$"


class CitizenReportIn(ReportIn):
    """A report without an account; the follow-up key may be made on the citizen's own device."""

    follow_key: str = Field("", pattern=rf"^$|{KEY}", description="random, 16 to 64 characters")


class FollowStepOut(Schema):
    """One thing that happened. `department_*` is who did it, where a department did."""

    at: datetime
    kind: str
    zh: str
    en: str
    department_zh: str | None = None
    department_en: str | None = None
    level: str | None = None
    reopened: bool = False
    reason: str | None = None
    text: str | None = None


class FollowWaitingOut(Schema):
    """Whose turn it is, until when, and who was told when the time had passed."""

    role: str
    role_zh: str
    role_en: str
    department_zh: str | None = None
    department_en: str | None = None
    since: datetime
    due_at: datetime | None = None
    late: bool
    level: str | None = None


class FollowPhotoOut(Schema):
    id: int
    part: str
    width: int
    height: int
    added_at: datetime
    url: str
    thumbnail_url: str


class FollowAnsweredOut(Schema):
    """What the citizen said about the result."""

    responded: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None


class FollowOut(Schema):
    """What a reporter sees of the own case: no names, no other reporter."""

    number: str
    state: str
    state_zh: str
    state_en: str
    step: int = Field(..., description="0 ended without handling, 1 received … 5 done")
    title: str
    text: str
    address: str
    lon: float | None = None
    lat: float | None = None
    located: bool
    class_zh: str | None = None
    class_en: str | None = None
    received_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    department: str | None = None
    department_zh: str | None = None
    department_en: str | None = None
    closing_note: str
    merged_into: str | None = None
    waiting: FollowWaitingOut | None = None
    answered: FollowAnsweredOut | None = None
    answer_until: datetime | None = None
    reopen_until: datetime | None = None
    steps: list[FollowStepOut]
    photos: list[FollowPhotoOut]
    may: list[str]


class FollowAnswerIn(Given):
    """The reporter's answer on a closed case."""

    solved: bool
    satisfied: bool | None = None
    responded: bool | None = None
    text: str = Field("", max_length=2000)


class FollowReasonIn(Given):
    reason: str = Field(..., min_length=1, max_length=2000)


class FollowWordsIn(Given):
    text: str = Field(..., min_length=1, max_length=2000)
