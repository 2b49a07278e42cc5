"""Shapes of the division API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field


class DivisionTheme(Schema):
    """A layer of grids and its usual window. kind: of the elements its cells are; "" = areas."""

    key: str
    zh: str
    en: str
    weight: str
    lo: int
    hi: int
    kind: str


class DivisionWeight(Schema):
    """What a cell may weigh; unit: what follows a number of it."""

    key: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str


class DivisionChoices(Schema):
    themes: list[DivisionTheme]
    weights: list[DivisionWeight]


class BeginIn(Schema):
    """keep: begin with the present cells; afresh: take no account of them. What is left out of
    the window is as usual for the theme."""

    community: str = Field(..., max_length=24)
    theme: str = Field("general", max_length=32)
    weight: str | None = Field(None, max_length=40)
    lo: int | None = Field(None, ge=1, le=1_000_000)
    hi: int | None = Field(None, ge=1, le=1_000_000)
    keep: bool = False
    afresh: bool = False
    seed: int = Field(7, ge=0, le=2**31)


class EditIn(Schema):
    act: Literal["merge", "split", "move", "redraw", "lock", "undo"]
    step: int | None = None
    number: int | None = Field(None, ge=0, le=999_999)
    numbers: list[int] = Field(default_factory=list, max_length=200)
    parts: int | None = Field(None, ge=2, le=20)
    buildings: list[str] = Field(default_factory=list, max_length=2000)
    area: dict[str, Any] | None = None


class DivisionRow(Schema):
    id: int
    community: str
    theme: str
    name_zh: str
    name_en: str
    made_at: datetime
    by: str
    published_at: datetime | None
    steps: int


class DividedCell(Schema):
    number: int
    weight: int
    households: int
    buildings: int
    in_window: bool
    locked: bool
    changed: bool
    geometry: dict[str, Any]


class PresentCell(Schema):
    number: int
    geometry: dict[str, Any]


class DivisionFinding(Schema):
    kind: str
    where: str
    zh: str
    en: str
    grave: bool
    at: list[float] | None


class DivisionOut(Schema):
    id: int
    community: str
    theme: str
    window: dict[str, Any]
    published_at: datetime | None
    step: int
    act: str
    cells: list[DividedCell]
    before: list[PresentCell]
    findings: list[DivisionFinding]
    figures: dict[str, float]
    figures_before: dict[str, float]
    moved_households: int


class DivisionBuilding(Schema):
    code: str
    households: int
    weight: int
    lon: float
    lat: float


class DivisionPublished(Schema):
    added: int
    changed: int
    unchanged: int
    ended: int


class SharesAsk(Schema):
    """workers: how many duty grids. The rest says what a day's work is made of."""

    workers: int = Field(..., ge=1, le=200)
    per_household: float = Field(0.05, ge=0, le=60, description="minutes a household and day")
    per_case: float = Field(15.0, ge=0, le=600, description="minutes a case")
    rounds: float = Field(1.0, ge=0, le=10, description="patrols a day")


class SharesNow(Schema):
    grids: int
    bare: int
    spread: float | None


class ShareWorker(Schema):
    user_id: int
    name: str
    rank: int
    active: bool


class ShareGroup(Schema):
    code: str
    name: str
    kept: bool
    workers: list[ShareWorker]
    cells: list[str]
    households: int
    cases: float
    walking: float
    minutes: float
    share: float


class ShareFinding(Schema):
    zh: str
    en: str


class SharesOut(Schema):
    """spread: the heaviest load over the mean; 1 is even. cases: of the last `days`."""

    community: str
    area_id: int
    name_zh: str
    name_en: str
    days: int
    cases: int
    minutes: float
    spread: float
    now: SharesNow
    groups: list[ShareGroup]
    removed: list[str]
    findings: list[ShareFinding]


class ShareIn(Schema):
    code: str = Field(..., max_length=24)
    name: str = Field(..., max_length=120)
    cells: list[str] = Field(..., max_length=500)
    user_id: int | None = Field(None, ge=1, le=2**62)


class SharesIn(Schema):
    shares: list[ShareIn] = Field(..., min_length=1, max_length=200)


class SharesDone(Schema):
    grids: int
    removed: int
