"""Shapes of the catalogue API."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class VersionOut(Schema):
    number: int
    name: str
    source: str
    fingerprint: str
    created_at: datetime
    active: bool


class VersionPage(Schema):
    items: list[VersionOut]
    next_after: int | None


class LimitOut(Schema):
    """unit: clock_* runs round the clock, work_* in office hours."""

    value: float
    unit: str
    zh: str
    en: str


class ConditionOut(Schema):
    id: int
    seq: int
    file_zh: str
    file_en: str
    close_zh: str
    close_en: str
    limit: LimitOut
    departments: list[str]
    evidence: str
    is_default: bool


class ClassOut(Schema):
    id: int
    key: str
    kind: str
    big_zh: str
    big_en: str
    name_zh: str
    name_en: str
    aliases: list[str]
    urgency: str
    conditions: int


class ClassDetail(ClassOut):
    version: int
    items: list[ConditionOut]


class ClassPage(Schema):
    version: int
    items: list[ClassOut]
    next_after: str | None


class ConditionDetail(ConditionOut):
    class_key: str
    class_zh: str
    class_en: str
