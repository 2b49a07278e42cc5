"""Shapes of the catalogue API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime, StringConstraints


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


class CatalogueClassOut(Schema):
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


class ClassDetail(CatalogueClassOut):
    version: int
    items: list[ConditionOut]


class ClassPage(Schema):
    version: int
    items: list[CatalogueClassOut]
    next_after: str | None


class ConditionDetail(ConditionOut):
    class_key: str
    class_zh: str
    class_en: str


class ClassChangeOut(Schema):
    """A class that is new, changed or gone; `what` names the fields that differ."""

    key: str
    name_zh: str
    name_en: str
    what: list[str]


class CatalogueRefusedRow(Schema):
    """A row that cannot be read; row as a spreadsheet shows it."""

    sheet: str
    row: int
    column: str
    value: str
    message: str


class UnitCount(Schema):
    """A handling unit that is no department here, and in how many conditions it stands."""

    name: str
    count: int


class CatalogueImportOut(Schema):
    """What an import did or would do. same_as: the version that already has this content."""

    written: bool
    version: int | None
    same_as: int | None
    rows: int
    classes: int
    conditions: int
    added: list[ClassChangeOut]
    changed: list[ClassChangeOut]
    gone: list[ClassChangeOut]
    unchanged: int
    refused_count: int
    refused: list[CatalogueRefusedRow]
    remarks: list[str]
    unknown_units: list[UnitCount]
    created_departments: list[str]
    renamed: list[str]


class CatalogueDutyOut(Schema):
    pattern: str
    area_id: int | None
    area_name: str
    lead: str
    co: list[str]
    remark: str


class StageLimitOut(Schema):
    stage: str
    zh: str
    en: str
    value: float
    unit: str
    limit_zh: str
    limit_en: str
    default: bool


class WorkDayOut(Schema):
    day: date
    works: bool
    name: str


class CalendarOut(Schema):
    """periods: office hours; weekend: 0 = Monday; published: years that can be loaded."""

    year: int
    periods: list[list[str]]
    weekend: list[int]
    days: list[WorkDayOut]
    published: list[int]


class WorkDayIn(Schema):
    works: bool
    name: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")] = ""


class YearsIn(Schema):
    years: list[Annotated[int, Field(ge=2000, le=2100)]] = Field(min_length=1, max_length=10)


class EnteredOut(Schema):
    entered: int


class DeadlineIn(Schema):
    starts_at: AwareDatetime
    value: Annotated[float, Field(gt=0, le=3650)]
    unit: Literal["clock_minute", "clock_hour", "clock_day", "work_hour", "work_day"]


class LeftOutOut(Schema):
    day: date
    why: Literal["holiday", "weekend"]
    name: str


class DeadlineOut(Schema):
    due_at: datetime
    value: float
    unit: str
    limit_zh: str
    limit_en: str
    left_out: list[LeftOutOut]
