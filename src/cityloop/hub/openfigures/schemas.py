"""What the public endpoints answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema


class PublicWords(Schema):
    zh: str
    en: str


class PublicHotline(PublicWords):
    number: str


class PublicSiteOut(Schema):
    name: PublicWords
    hotline: PublicHotline
    promises: dict[str, PublicWords]
    reopen_days: int
    retention_days: int
    bounds: list[float] | None = None
    photo_max_bytes: int
    text_max: int
    demo: bool


class PublicCountOut(PublicWords):
    """A group that is shown; n is at least the minimum."""

    n: int


class PublicClassCount(PublicCountOut):
    key: str


class PublicGroupCount(PublicCountOut):
    """A group of classes, with those of its classes that are large enough."""

    classes: list[PublicClassCount]


class PublicAreaCount(PublicCountOut):
    id: int


class PublicSubdistrictCount(PublicAreaCount):
    other_below: int | None = None


class PublicRateOut(PublicWords):
    """bound: exact, or at_least / at_most where saying more would tell of few people."""

    key: str
    value: float | None = None
    bound: Literal["exact", "at_least", "at_most"] | None = None
    of: int | None = None


class PublicMedians(Schema):
    """Minutes from the report on; None where there are too few."""

    respond_min: int | None = None
    close_min: int | None = None


class PublicFiguresOut(Schema):
    as_of: datetime
    since: date
    until: date
    days: int
    minimum: int
    reported: int | None = None
    closed: int | None = None
    groups: list[PublicGroupCount]
    other_groups: int | None = None
    areas: list[PublicSubdistrictCount]
    other_areas: int | None = None
    communities: list[PublicAreaCount]
    rates: list[PublicRateOut]
    medians: PublicMedians


class PublicOutlinesOut(Schema):
    type: str
    features: list[dict[str, Any]]


class PublicPlaceOut(Schema):
    community_zh: str | None = None
    community_en: str | None = None
    subdistrict_zh: str | None = None
    subdistrict_en: str | None = None


class PublicWhereOut(PublicPlaceOut):
    lon: float
    lat: float


class PublicNamedPlaceOut(PublicPlaceOut):
    name: str
    lon: float | None = None
    lat: float | None = None
    confidence: float


class PublicMatter(PublicWords):
    words: str | None = None
    stage: Literal["handling", "done"]
    day: date
    lon: float
    lat: float
    distance_m: int


class PublicNearOut(Schema):
    place: PublicPlaceOut
    lon: float
    lat: float
    radius_m: int
    days: int
    matters: list[PublicMatter]
    more: bool


class PublicStateOut(Schema):
    number: str
    state: str
    state_zh: str
    state_en: str
    step: int
    received_on: date
    ended_on: date | None = None
    late: bool
