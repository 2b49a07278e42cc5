"""Shapes of the division API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field


class BeginIn(Schema):
    """keep: begin with the present cells; afresh: take no account of them."""

    community: str = Field(..., max_length=24)
    lo: int = Field(300, ge=1, le=1_000_000)
    hi: int = Field(500, ge=1, le=1_000_000)
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


class DivisionOut(Schema):
    id: int
    community: str
    window: dict[str, Any]
    published_at: datetime | None
    step: int
    act: str
    cells: list[DividedCell]
    before: list[PresentCell]
    findings: list[DivisionFinding]
    figures: dict[str, float]
    moved_households: int


class DivisionBuilding(Schema):
    code: str
    households: int
    lon: float
    lat: float


class DivisionPublished(Schema):
    added: int
    changed: int
    unchanged: int
    ended: int
