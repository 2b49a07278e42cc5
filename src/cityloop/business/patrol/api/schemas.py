"""What goes in and comes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,24}$")]
Line = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Long = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
User = Annotated[int, Field(ge=1, le=2**62, description="who made it; another log-in is refused")]


class Given(Schema):
    model_config = ConfigDict(extra="forbid")


class WorkerItem(Given):
    """One item of the outbox: the id made on the device, whose it is, when it was made."""

    client_id: Id
    user_id: User
    at: AwareDatetime


class WorkerReportIn(WorkerItem):
    title: Line = ""
    text: Long = ""
    lon: float | None = None
    lat: float | None = None
    crs: Crs = "wgs84"
    address: Line = ""
    area_code: Annotated[str, StringConstraints(max_length=24)] = ""
    class_key: Annotated[str, StringConstraints(max_length=5)] = ""
    language: Literal["zh", "en"] = "zh"
    on_the_spot: bool = Field(False, description="a settle move follows: not sent to a department")


class WorkerMoveIn(WorkerItem):
    move: Literal["confirm", "refute", "pass", "fail", "settle", "relocate", "comment"]
    number: Annotated[str, StringConstraints(max_length=32)] = ""
    report: Annotated[str, StringConstraints(max_length=64)] = Field(
        "", description="client id of the own report, instead of a number"
    )
    photos: list[Id] = Field(default_factory=list, max_length=9)
    reason: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    text: Long = ""
    condition_id: Annotated[int, Field(ge=0, le=2**62)] | None = None
    lon: float | None = None
    lat: float | None = None
    crs: Crs = "wgs84"


class WorkerInspectionIn(WorkerItem):
    element_id: Annotated[int, Field(ge=0, le=2**62)]
    result: Literal["fine", "defect", "gone"]
    note: Annotated[str, StringConstraints(max_length=1800, pattern=r"^[^\x00]*$")] = ""


class PatrolStartIn(WorkerItem):
    plan: Annotated[str, StringConstraints(max_length=24)] = ""


class PatrolEndIn(WorkerItem):
    patrol: Id


class PatrolVisitIn(WorkerItem):
    patrol: Id
    cell_code: Annotated[str, StringConstraints(max_length=24)]
    answers: dict[str, Literal["ok", "found"]] = Field(default_factory=dict, max_length=20)


class TrackPointIn(Given):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    at: AwareDatetime
    accuracy_m: float = Field(0.0, ge=0, le=100_000)


class TrackPartIn(WorkerItem):
    patrol: Id
    points: list[TrackPointIn] = Field(..., max_length=600)


class WorkerTaken(Schema):
    """What was answered; `repeated` says that it came before."""

    repeated: bool
    number: str | None = None
    state: str | None = None
    class_key: str | None = None
    photo_id: int | None = None
    until: datetime | None = None
    kept: int | None = None
    outside: int | None = None


class PatrolCheckItem(Schema):
    key: str
    zh: str
    en: str = ""


class InspectedKind(Schema):
    """A kind of component and what to look for on it."""

    code: str
    zh: str
    en: str
    checks: list[PatrolCheckItem]


class DueComponent(Schema):
    element_id: int
    kind: str
    code: str
    name: str
    address: str
    lon: float
    lat: float
    cell: str
    due_at: datetime
    inspected_at: datetime | None = None


class WorkerInspections(Schema):
    """Components of the own cells due until a week from now; at most 300 of `total`."""

    now: datetime
    cells: int
    total: int
    kinds: list[InspectedKind]
    items: list[DueComponent]


class WorkerShift(Schema):
    starts_at: datetime
    ends_at: datetime


class WorkerGrid(Schema):
    code: str
    name: str
    cells: int


class WorkerCell(Schema):
    id: int
    code: str
    name_zh: str
    name_en: str
    community_zh: str
    community_en: str
    grid: str
    outline: dict[str, Any] | None = None


class WorkerPhoto(Schema):
    id: int
    stage: str
    url: str
    thumbnail_url: str


class WorkerTask(Schema):
    number: str
    state: Literal["checking", "verifying"]
    title: str
    texts: list[str]
    address: str
    lon: float | None = None
    lat: float | None = None
    cell_id: int | None = None
    urgency: str
    class_key: str
    class_zh: str
    class_en: str
    condition: dict[str, str]
    stage_started_at: datetime
    due_at: datetime | None = None
    alert: str
    mine: bool
    reworks: int
    version: int
    result: str
    photos: list[WorkerPhoto]


class PatrolPlanCell(Schema):
    cell_id: int
    last_on: date | None = None
    due: bool


class WorkerPlan(Schema):
    code: str
    name_zh: str
    name_en: str
    every_days: int
    checklist: list[PatrolCheckItem]
    cells: list[PatrolPlanCell]


class WorkerVisit(Schema):
    cell_id: int
    by: str
    at: datetime | None = None
    answers: dict[str, str]


class WorkerPatrol(Schema):
    client_id: str
    plan: str
    started_at: datetime
    ended_at: datetime | None = None
    until: datetime
    visits: list[WorkerVisit]


class TrackConsentOut(Schema):
    given: bool
    given_at: datetime | None = None
    version: str
    zh: str
    en: str
    days: int


class TrackOpeningOut(Schema):
    by: str
    at: datetime
    purpose: str


class WorkerRate(Schema):
    key: str
    zh: str
    en: str
    part: int
    whole: int
    value: float | None = None


class WorkerFigures(Schema):
    since: date
    until: date
    counts: dict[str, int]
    rates: list[WorkerRate]


class WorkerClass(Schema):
    key: str
    kind: str
    group_zh: str
    group_en: str
    name_zh: str
    name_en: str
    words: list[str]
    condition_id: int | None = None


class OrderedTask(Schema):
    """minutes: from now until the worker can be there, walking, in this order."""

    number: str
    minutes: int


class SharingReason(Schema):
    code: str
    zh: str
    en: str


class SharingOther(Schema):
    """more: cost above the proposed one, in minutes of walking and lateness."""

    name: str
    more: float


class SharingUnit(Schema):
    user_id: int
    name: str


class SharedTask(Schema):
    """A matter on site and who should look at it; user_id null: nobody can, see reasons."""

    number: str
    title: str
    state: str
    due_at: datetime | None = None
    user_id: int | None = None
    name: str
    minutes: float | None = None
    reasons: list[SharingReason]
    others: list[SharingOther]


class SharingOut(Schema):
    units: list[SharingUnit]
    tasks: list[SharedTask]
    unplaced: list[str]


class WorkerToday(Schema):
    """A day in the field, whole."""

    now: datetime
    user_id: int
    name: str
    shift: WorkerShift | None = None
    next_shift: WorkerShift | None = None
    grids: list[WorkerGrid]
    cells: list[WorkerCell]
    tasks: list[WorkerTask]
    order: list[OrderedTask]
    plans: list[WorkerPlan]
    patrol: WorkerPatrol | None = None
    consent: TrackConsentOut
    openings: list[TrackOpeningOut]
    done: dict[str, int]
    figures: WorkerFigures
    classes: list[WorkerClass]


class TrackConsentIn(Given):
    version: Annotated[str, StringConstraints(max_length=24)]


class TrackConsentWithdrawn(Schema):
    parts_deleted: int


class TrackOut(Schema):
    client_id: str
    started_at: datetime
    ended_at: datetime | None = None
    points: list[list[float]]
    length_m: int


class PatrolPlanIn(Given):
    name_zh: Line
    name_en: Line = ""
    cell_codes: list[Code] = Field(default_factory=list, max_length=5000)
    duty_grid_codes: list[Code] = Field(default_factory=list, max_length=500)
    every_days: int = Field(1, ge=1, le=366)
    checklist: list[PatrolCheckItem] = Field(default_factory=list, max_length=20)
    active: bool = True


class PatrolPlanOut(Schema):
    code: str
    name_zh: str
    name_en: str
    cell_codes: list[str]
    duty_grid_codes: list[str]
    cells: int
    every_days: int
    checklist: list[PatrolCheckItem]
    active: bool


class PatrolCellCover(Schema):
    cell_id: int
    code: str
    name_zh: str
    name_en: str
    every_days: int
    visits: int
    last_on: date | None = None
    due: bool


class PatrolCoverage(Schema):
    since: date
    until: date
    wanted: int
    covered: int
    cells: list[PatrolCellCover]


class PatrolWalk(Schema):
    id: int
    worker: str
    started_at: datetime
    ended_at: datetime | None = None
    cells: int
    has_track: bool


class TrackPurposeIn(Given):
    purpose: str = Field(..., max_length=300)
