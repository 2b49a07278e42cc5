"""Shapes of supervision."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class WatchedArea(Schema):
    id: int
    code: str
    level: str
    zh: str
    en: str


class WatchedCounts(Schema):
    """Open cases: late, near their deadline, dispatched but unanswered beyond it, urged."""

    open: int
    late: int
    near: int
    unanswered: int
    urged: int


class UnitOutcome(Schema):
    """Rates of the period; outcome 0 to 1 of them, None where too few were handled to rank."""

    handled: int
    answers: int
    outcome: float | None = None
    handling_on_time: float | None = None
    solving_rate: float | None = None
    satisfaction_rate: float | None = None
    not_reworked: float | None = None
    response_on_time: float | None = None


class WatchedUnit(WatchedCounts, UnitOutcome):
    """area None: cases whose unit is not known yet."""

    area: WatchedArea | None = None
    oldest: datetime | None = None


class WatchedDepartment(WatchedCounts, UnitOutcome):
    id: int
    key: str
    zh: str
    en: str
    oldest: datetime | None = None


class UrgeFigures(Schema):
    """Of 30 days: made, answered. Now: waiting, and of these over their time."""

    made: int
    answered: int
    waiting: int
    unanswered: int


class WatchedGrowth(Schema):
    """By how much open cases grew since a moment; less than nought: they shrank."""

    open: int
    late: int
    near: int


class SupervisionOut(Schema):
    """today, week: growth since the beginning of today and since seven days before that; None
    where nothing is known of that time."""

    as_of: datetime
    days: int
    area: WatchedArea
    above: list[WatchedArea]
    mine: list[WatchedArea]
    total: WatchedCounts
    today: WatchedGrowth | None = None
    week: WatchedGrowth | None = None
    units: list[WatchedUnit]
    departments: list[WatchedDepartment]
    urges: UrgeFigures


class UrgeOut(Schema):
    id: int
    number: str
    title: str
    state: str
    department_zh: str
    department_en: str
    level: str
    by: str
    at: datetime
    due_at: datetime
    reason: str
    answered_at: datetime | None = None
    answered_by: str
    answer_kind: str
    answer: str


class LastUrge(Schema):
    level: str
    at: datetime
    due_at: datetime
    answered_at: datetime | None = None


class LateStep(Schema):
    """Where cases of one kind stand, and how many."""

    state: str
    n: int


class WatchedCase(Schema):
    id: int
    number: str
    state: str
    title: str
    address: str
    urgency: str
    alert: str
    due_at: datetime
    stage_started_at: datetime
    received_at: datetime
    returns: int
    reworks: int
    extensions: int
    owner_role: str
    owner_name: str
    department_zh: str
    department_en: str
    case_class__name_zh: str | None = None
    case_class__name_en: str | None = None
    urged: int
    version: int
    last_urge: LastUrge | None = None


class ChangeCount(Schema):
    """Cases of the span, what is usual for such a span, and whether that is more than chance."""

    now: int
    usual: float
    notable: bool


class ChangedClass(ChangeCount):
    key: str
    zh: str
    en: str


class ChangedUnit(ChangeCount):
    id: int
    zh: str
    en: str


class ChangedChannel(ChangeCount):
    channel: str


class SpotClass(Schema):
    key: str
    zh: str
    en: str


class SpotUnit(Schema):
    id: int
    zh: str
    en: str


class ChangedSpot(ChangeCount):
    """A class in a unit below."""

    of: SpotClass
    at: SpotUnit


class ChangesOut(Schema):
    """Lists: the largest differences first, at most twelve each."""

    area: WatchedArea
    span: str
    since: datetime
    until: datetime
    total: ChangeCount
    classes: list[ChangedClass]
    units: list[ChangedUnit]
    channels: list[ChangedChannel]
    spots: list[ChangedSpot]
