"""Shapes of a call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

from cityloop.business.cases.api.schemas import LONG, SMALL, Crs, Given
from cityloop.city.refusals import Problem

MOST_MATTERS = 10
CallId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class MatterIn(Given):
    """One matter, as far as it is known. class_key "" = the platform, then the acceptor decides."""

    text: str = Field("", max_length=LONG)
    address: str = Field("", max_length=SMALL)
    lon: float | None = None
    lat: float | None = None
    crs: Crs = "wgs84"
    class_key: str = Field("", max_length=5)


class CallMatterIn(MatterIn):
    """joins: number of the case that this matter is already, after the caller was asked.

    follow_key: made by the page, so that an answer lost on the way loses no link.
    """

    joins: str = Field("", max_length=32)
    follow_key: str = Field("", pattern=r"^$|^[A-Za-z0-9_-]{16,64}$")


class CallIn(Given):
    """call_id: made by the page; the same call sent again is answered, not doubled."""

    call_id: CallId
    phone: str = Field("", max_length=40)
    name: str = Field("", max_length=80)
    confidential: bool = False
    matters: list[CallMatterIn] = Field(..., min_length=1, max_length=MOST_MATTERS)


class CallRow(Schema):
    """What became of one matter. joined: the case it went into; problem: why it was refused, or
    why it stands alone although it should have been joined."""

    number: str | None = None
    joined: str | None = None
    department_zh: str = ""
    department_en: str = ""
    due_at: datetime | None = None
    problem: Problem | None = None


class CallOut(Schema):
    rows: list[CallRow]


class SaidIn(Given):
    number: str = Field(..., min_length=1, max_length=32)
    text: str = Field(..., min_length=1, max_length=2000)


class HeardClass(Schema):
    key: str
    zh: str
    en: str
    probability: float


class HeardUrgency(Schema):
    """level: normal, urgent or emergency; words: what in the text says so."""

    level: str
    words: list[str]


class HeardPlace(Schema):
    """sure: it will be taken as the place; otherwise one to offer to the caller."""

    sure: bool
    name_zh: str
    name_en: str
    area_zh: str
    area_en: str
    lon: float | None
    lat: float | None


class HeardHandling(Schema):
    """Who would handle it, and within what time. department "" = a dispatcher decides."""

    department_zh: str
    department_en: str
    limit_zh: str
    limit_en: str


class HeardAlike(Schema):
    """An open case that may be the same. metres: None = only the community is the same."""

    number: str
    title: str
    state: str
    state_zh: str
    state_en: str
    class_zh: str
    class_en: str
    received_at: datetime
    metres: int | None
    words: list[str]
    likely: bool
    reports: int
    department_zh: str
    department_en: str
    due_at: datetime | None
    late: bool


class HeardOut(Schema):
    """parts: the text cut where it goes on to another matter; [] = one matter."""

    parts: list[str]
    classes: list[HeardClass]
    sure: bool
    urgency: HeardUrgency
    place: HeardPlace | None
    offered: list[HeardPlace]
    handling: HeardHandling | None
    alike: list[HeardAlike]
