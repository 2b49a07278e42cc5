"""Shapes of the page of one case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from cityloop.business.cases.api.schemas import CaseOut, Given


class BothNames(Schema):
    zh: str
    en: str


class MoveField(Schema):
    """One field of a move's form; `kind` says which control it gets."""

    name: str
    kind: Literal[
        "words",
        "photos",
        "condition",
        "place",
        "department",
        "departments",
        "case",
        "moment",
        "parts",
        "answer",
        "task",
        "urgency",
    ]
    required: bool
    most: int | None = None
    least: int | None = None
    stage: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    chosen: int | str | None = None
    options: list[int] = []


class MoveOffer(Schema):
    """A move of the viewer's post; where it is not possible, why."""

    name: str
    zh: str
    en: str
    to: str | None = None
    clock: str
    possible: bool
    why_zh: str
    why_en: str
    fields: list[MoveField]


class StageMark(Schema):
    kind: str
    at: datetime


class CaseStage(Schema):
    """One stage; ended_at None = it runs."""

    state: str
    started_at: datetime
    ended_at: datetime | None = None
    on_time: bool | None = None
    marks: list[StageMark]


class DepartmentName(BothNames):
    id: int
    key: str


class AreaName(BothNames):
    id: int
    level: str
    code: str


class CaseRelative(Schema):
    relation: Literal["parent", "merged_into", "child", "merged"]
    number: str
    state: str
    title: str
    due_at: datetime | None = None
    alert: str
    lead_department_id: int | None = None
    received_at: datetime


class CasePageOut(Schema):
    """A case with what its page needs at the first look."""

    case: CaseOut
    now: datetime
    offers: list[MoveOffer]
    stages: list[CaseStage]
    people: dict[int, str]
    departments: list[DepartmentName]
    areas: list[AreaName]
    family: list[CaseRelative]
    opens_reporter: bool
    reads_private: bool


class ReasonWord(Schema):
    words: str
    weight: float


class LikelyClass(BothNames):
    key: str
    probability: float
    words: list[ReasonWord]


class GivenLabel(BothNames):
    at: datetime
    key: str
    by: str


class ClassReasons(BothNames):
    """Why it has its class. by: model, given (by the sender), person, "" = it has none."""

    key: str
    by: str
    said: str | None = None
    confidence: float | None = None
    accepted: bool | None = None
    model: str | None = None
    words_by: str | None = None
    top: list[LikelyClass]
    labels: list[GivenLabel]


class UrgencyHint(Schema):
    """A level above the case's own, and the words of the report that name a danger."""

    level: Literal["urgent", "emergency"]
    now: str
    words: list[str]


class PartHint(BothNames):
    """One matter of several: its words, its class, and what a split of the case needs of it."""

    title: str
    text: str
    key: str
    condition_id: int | None
    probability: float
    words: list[ReasonWord]
    lead: DepartmentName | None


class CoHint(BothNames):
    """A department beside the lead. by: a model of departments, or the class it names second."""

    lead: DepartmentName
    department: DepartmentName
    by: Literal["department", "class"]
    key: str
    probability: float
    words: list[ReasonWord]


class CaseHints(Schema):
    urgency: UrgencyHint | None
    parts: list[PartHint]
    co: CoHint | None


class RouteDecision(Schema):
    at: datetime
    kind: str
    by: str
    person: str
    lead: int | None = None
    before: int | None = None
    version: str | None = None


class RouteReasons(Schema):
    """Why it went where it went; `steps` as routing tried them, names added."""

    by: str
    machine: str | None = None
    version: str | None = None
    fault: str | None = None
    misrouted: bool
    steps: list[dict[str, Any]]
    decisions: list[RouteDecision]


class CaseReasons(Schema):
    classified: ClassReasons
    routed: RouteReasons


class CaseDestination(Schema):
    """Where routing would send the case under this condition."""

    lead: str | None = None
    co: list[str]
    by: str
    version: str
    steps: list[dict[str, Any]]


class CorrectionIn(Given):
    """The right class (by its filing condition), the right department, or both."""

    condition_id: int | None = Field(None, ge=1, le=2**62)
    lead: str = Field("", max_length=64)
    co: list[str] = Field(default_factory=list, max_length=12)
    reason: str = Field("", max_length=2000)
    version: int | None = None


class CorrectedOut(Schema):
    """What was made of it. move: reclassify, dispatch or reroute."""

    move: str
    lead: str
    by: str
    page: CasePageOut


class CaseNear(Schema):
    number: str
    state: str
    title: str
    lon: float
    lat: float
    received_at: datetime
    alert: str
    report_count: int
    case_class__key: str | None = None
    case_class__name_zh: str | None = None
    case_class__name_en: str | None = None
    metres: int
    same_class: bool


class TraceProof(Schema):
    id: int
    index: int
    entry: str
    proof: list[str]


class TraceProofs(Schema):
    """Entries and Merkle paths of a trace, with the signed checkpoint they lead to."""

    checkpoint: str
    public_key: str
    size: int
    proofs: list[TraceProof]


class ApprovalCase(Schema):
    number: str
    state: str
    title: str
    address: str
    alert: str
    due_at: datetime | None = None
    handle_due_at: datetime | None = None
    late_ever: bool
    exempt: bool
    extensions: int
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    received_at: datetime
    class_zh: str | None = None
    class_en: str | None = None
    department_zh: str | None = None
    department_en: str | None = None


class EarlierRequest(Schema):
    id: int
    kind: str
    state: str
    asked_at: datetime


class RequestEffect(Schema):
    """What granting would do: the deadline before and after; when the clock goes on."""

    applies: bool
    before: datetime | None = None
    after: datetime | None = None
    resumes: datetime | None = None
    limit_zh: str | None = None
    limit_en: str | None = None


class ApprovalFile(Schema):
    """A request with everything its decider needs."""

    id: int
    case_id: int
    kind: str
    state: str
    until: datetime | None = None
    asked_by: int
    asked_by_name: str
    asked_at: datetime
    reason: str
    first_by: int | None = None
    first_by_name: str
    first_at: datetime | None = None
    first_reason: str
    second_by: int | None = None
    second_by_name: str
    second_at: datetime | None = None
    decision: str
    due_at: datetime
    waits_for: list[str]
    case: ApprovalCase
    earlier: list[EarlierRequest]
    effect: RequestEffect
