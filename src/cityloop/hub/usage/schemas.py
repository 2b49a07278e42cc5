"""Shapes of the answers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema


class UsagePeople(Schema):
    """people: null where there are some, but fewer than the minimum (then few is true)."""

    people: int | None
    few: bool


class UsagePost(Schema):
    role: str
    people: int


class UsageFunction(UsagePeople):
    key: str
    zh: str
    en: str
    roles: list[str]
    uses: int | None
    last: date | None
    posts: list[UsagePost]


class UsageDay(UsagePeople):
    day: date


class UsageSilent(Schema):
    department_id: int | None
    role: str | None
    zh: str
    en: str
    people: int
    away: int


class UsageOut(Schema):
    since: date
    until: date
    minimum: int
    people: UsagePeople
    functions: list[UsageFunction]
    days: list[UsageDay]
    silent: list[UsageSilent]


class UsageOwnLine(Schema):
    key: str
    zh: str
    en: str
    days: int
    uses: int
    last: date | None


class UsageOwn(Schema):
    kept_days: int
    last_login: datetime | None
    items: list[UsageOwnLine]


class UnansweredStage(Schema):
    state: str
    zh: str
    en: str
    owner: str
    waiting: int
    unanswered: int
    oldest: datetime | None


class UnansweredCase(Schema):
    number: str
    title: str
    state: str
    owner_role: str
    stage_started_at: datetime
    due_at: datetime | None
    received_at: datetime


class UnansweredOut(Schema):
    hours: float
    total: int
    stages: list[UnansweredStage]
    items: list[UnansweredCase]
