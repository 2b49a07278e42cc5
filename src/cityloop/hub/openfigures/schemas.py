"""What the public endpoints answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema


class Words(Schema):
    zh: str
    en: str


class Hotline(Words):
    number: str


class SiteOut(Schema):
    name: Words
    hotline: Hotline
    promises: dict[str, Words]
    reopen_days: int
    retention_days: int
    bounds: list[float] | None = None
    photo_max_bytes: int
    text_max: int
    demo: bool


class CountOut(Words):
    """A group that is shown; n is at least the minimum."""

    n: int


class ClassCount(CountOut):
    key: str


class AreaCount(CountOut):
    id: int


class SubdistrictCount(AreaCount):
    other_below: int | None = None


class RateOut(Words):
    """bound: exact, or at_least / at_most where saying more would tell of few people."""

    key: str
    value: float | None = None
    bound: Literal["exact", "at_least", "at_most"] | None = None
    of: int | None = None


class Medians(Schema):
    """Minutes from the report on; None where there are too few."""

    respond_min: int | None = None
    close_min: int | None = None


class FiguresOut(Schema):
    as_of: datetime
    since: date
    until: date
    days: int
    minimum: int
    reported: int | None = None
    closed: int | None = None
    classes: list[ClassCount]
    other_classes: int | None = None
    areas: list[SubdistrictCount]
    other_areas: int | None = None
    communities: list[AreaCount]
    rates: list[RateOut]
    medians: Medians


class OutlinesOut(Schema):
    type: str
    features: list[dict[str, Any]]


class PlaceOut(Schema):
    community_zh: str | None = None
    community_en: str | None = None
    subdistrict_zh: str | None = None
    subdistrict_en: str | None = None


class WhereOut(PlaceOut):
    lon: float
    lat: float


class NamedPlaceOut(PlaceOut):
    name: str
    lon: float | None = None
    lat: float | None = None
    confidence: float


class Matter(Words):
    words: str | None = None
    stage: Literal["handling", "done"]
    day: date
    lon: float
    lat: float
    distance_m: int


class NearOut(Schema):
    place: PlaceOut
    lon: float
    lat: float
    radius_m: int
    days: int
    matters: list[Matter]
    more: bool


class StateOut(Schema):
    number: str
    state: str
    state_zh: str
    state_en: str
    step: int
    received_on: date
    ended_on: date | None = None
    late: bool
