"""What goes in and comes out over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from cityloop.business.cases.api.moments import Moment
from cityloop.city.refusals import Problem

SMALL = 300
LONG = 20_000
Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


class Given(Schema):
    """What comes in: a field that is not known is refused, not dropped."""

    model_config = ConfigDict(extra="forbid")


class ReporterIn(Given):
    name: str = Field("", max_length=80)
    phone: str = Field("", max_length=40)
    contact: str = Field("", max_length=200)


class ReportIn(Given):
    """One message about one matter. Coordinates need their reference system declared."""

    channel: str = Field("api", max_length=24)
    external_id: str = Field("", max_length=120, description="your id; repeats are not doubled")
    title: str = Field("", max_length=SMALL)
    text: str = Field("", max_length=LONG)
    lon: float | None = None
    lat: float | None = None
    crs: Crs = "wgs84"
    address: str = Field("", max_length=SMALL)
    area_code: str = Field("", max_length=24)
    class_key: str = Field("", max_length=5)
    condition_seq: int | None = Field(None, ge=1, le=99, description="condition of the class")
    language: Literal["zh", "en"] = "zh"
    happened_at: Moment | None = None
    reporter: ReporterIn | None = None
    confidential: bool = False


class ReceiptOut(Schema):
    number: str
    case_id: int
    report_id: int
    created: bool
    state: str
    follow_key: str | None = None
    located_by: str
    class_key: str | None = None
    lead_department_id: int | None = None


class BatchIn(Given):
    reports: list[ReportIn] = Field(..., max_length=1000)


class BatchRow(Schema):
    receipt: ReceiptOut | None = None
    problem: Problem | None = None


class BatchOut(Schema):
    accepted: int
    repeated: int
    refused: int
    rows: list[BatchRow]


class CaseRow(Schema):
    """A line of the desk's list."""

    id: int
    number: str
    state: str
    title: str
    channel: str
    urgency: str
    case_class__key: str | None = None
    case_class__name_zh: str | None = None
    case_class__name_en: str | None = None
    subdistrict_id: int | None = None
    community_id: int | None = None
    cell_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str
    owner_role: str
    owner_department_id: int | None = None
    owner_user_id: int | None = None
    lead_department_id: int | None = None
    received_at: datetime
    stage_started_at: datetime
    due_at: datetime | None = None
    alert: str
    late_ever: bool
    report_count: int
    urged: int
    returns: int
    reworks: int
    version: int
    excerpt: str = ""


class CasePage(Schema):
    items: list[CaseRow]
    after: str | None = None


class CountOut(Schema):
    n: int
    more: bool


class PhoneIn(Given):
    phone: str = Field(..., min_length=3, max_length=40)
    purpose: str = Field(..., min_length=4, max_length=200)


class SeenRow(Schema):
    """Somebody had the number shown (opened), or looked for cases by it (searched)."""

    id: int
    at: datetime
    by: str
    how: str
    numbers: list[str]
    purpose: str
    erased: bool


class SeenOut(Schema):
    """Cases that were reported from the number; who saw it since, newest first."""

    cases: list[str]
    since: datetime
    rows: list[SeenRow]


class ReasonOut(Schema):
    """A reason to pick; `{gaps}` in it are filled in by whoever picks it."""

    key: str
    move: str
    zh: str
    en: str
    gaps: list[str]


class ReportOut(Schema):
    id: int
    channel: str
    external_id: str
    title: str
    text: str
    address: str
    happened_at: datetime | None = None
    received_at: datetime
    reporter: dict[str, Any] | None = None


class TaskOut(Schema):
    id: int
    case_id: int
    department_id: int
    department: str
    part: str
    state: str
    sent_at: datetime
    respond_due_at: datetime
    responded_at: datetime | None = None
    feedback_due_at: datetime | None = None
    fed_back_at: datetime | None = None
    handle_due_at: datetime
    done_at: datetime | None = None
    late_response: bool
    late_feedback: bool
    late_handling: bool
    result: str
    round: int


class PhotoOut(Schema):
    id: int
    stage: str
    width: int
    height: int
    sha256: str
    added_at: datetime
    url: str
    thumbnail_url: str


class ApprovalOut(Schema):
    id: int
    case_id: int
    kind: str
    state: str
    until: datetime | None = None
    asked_by: int
    asked_at: datetime
    first_by: int | None = None
    second_by: int | None = None
    due_at: datetime


class CaseOut(CaseRow):
    """A case with all that belongs to it."""

    condition_id: int | None = None
    condition_zh: str | None = None
    condition_en: str | None = None
    closing_zh: str | None = None
    closing_en: str | None = None
    located_by: str
    confidential: bool
    stage_started_at: datetime
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    responded_at: datetime | None = None
    handled_at: datetime | None = None
    handle_due_at: datetime | None = None
    closed_at: datetime | None = None
    ended_at: datetime | None = None
    exempt: bool
    extensions: int
    returns: int
    reworks: int
    reopens: int
    responded: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    closing_note: str
    auto_dispatched: bool
    routed_by: str
    triage: dict[str, Any] | None = None
    route: dict[str, Any] | None = None
    parent: str | None = None
    merged_into: str | None = None
    children: list[str]
    merged: list[str]
    reports: list[ReportOut]
    tasks: list[TaskOut]
    photos: list[PhotoOut]
    approvals: list[ApprovalOut]
    moves: list[str]


class PartIn(Given):
    title: str = Field("", max_length=SMALL)
    condition_id: int
    lead: str = Field("", max_length=64)
    co: list[str] = Field(default_factory=list, max_length=12)


class MoveIn(Given):
    """Whatever the move needs; see GET /api/v1/moves."""

    reason: str = Field("", max_length=2000)
    text: str = Field("", max_length=LONG)
    photo_ids: list[int] = Field(default_factory=list, max_length=40)
    condition_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    crs: Crs = "wgs84"
    area_code: str = Field("", max_length=24)
    address: str = Field("", max_length=SMALL)
    lead: str = Field("", max_length=64)
    co: list[str] = Field(default_factory=list, max_length=12)
    target: str = Field("", max_length=32)
    until: Moment | None = None
    parts: list[PartIn] = Field(default_factory=list, max_length=12)
    task_id: int | None = None
    responded: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    closing: str = Field("", max_length=400)
    urgency: str = Field("", max_length=9, description="normal, urgent or emergency")
    version: int | None = None


class BulkIn(Given):
    """One move on many cases. `key` makes it safe to send again: nothing is moved twice."""

    key: str = Field(..., min_length=8, max_length=64)
    numbers: list[str] = Field(..., min_length=1, max_length=200)
    reason: str = Field("", max_length=2000)
    text: str = Field("", max_length=LONG)
    condition_id: int | None = None
    lead: str = Field("", max_length=64)
    co: list[str] = Field(default_factory=list, max_length=12)
    target: str = Field("", max_length=32)
    until: Moment | None = None
    closing: str = Field("", max_length=400)


class BulkRow(Schema):
    """What became of one case; `before`: it had been moved by the same request sent earlier."""

    number: str
    state: str | None = None
    version: int | None = None
    before: bool = False
    problem: Problem | None = None


class BulkOut(Schema):
    moved: int
    refused: int
    rows: list[BulkRow]


class MoveRow(Schema):
    """One row of the move table."""

    name: str
    zh: str
    en: str
    sources: list[str]
    to: str | None = None
    roles: list[str]
    scope: str
    needs: list[str]


class PurposeIn(Given):
    purpose: str = Field(..., min_length=4, max_length=200)


class DecisionIn(Given):
    grant: bool
    reason: str = Field(..., min_length=1, max_length=2000)


class TraceOut(Schema):
    """One row of the trace; `position` is its place in the ledger once it is sequenced."""

    id: int
    position: int | None = None
    at: datetime
    kind: str
    actor_kind: str
    actor_id: int | None = None
    actor_name: str = ""
    data: dict[str, Any]
    private: dict[str, Any] | None = None
    erased: bool
