"""Shapes of the triage API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import StringConstraints

PLAIN = r"^[^\x00]*$"
Kind = Literal["class", "department"]


class ModelOut(Schema):
    id: int
    kind: str
    number: int
    label: str
    name: str
    created_at: datetime
    trained_on: int
    catalogue_version: int | None
    fingerprint: str
    threshold: float
    accuracy_wanted: float
    active: bool
    figures: dict[str, Any]


class ModelDetail(ModelOut):
    report: dict[str, Any]


class ModelPage(Schema):
    items: list[ModelOut]
    next_after: int | None


class SuggestIn(Schema):
    title: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""
    text: Annotated[str, StringConstraints(max_length=20_000, pattern=PLAIN)] = ""
    kind: Kind = "class"


class ChanceOut(Schema):
    label: str
    probability: float
    words: list[tuple[str, float]]


class SuggestOut(Schema):
    """model "" = none is active. accepted: sure enough to go on without a person."""

    model: str
    accepted: bool
    top: list[ChanceOut]
