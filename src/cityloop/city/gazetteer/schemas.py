"""What the address search answers."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field


class FoundPlaceOut(Schema):
    """A place that a search may mean. lon, lat: WGS84 degrees; null = only its area is known."""

    kind: str = Field(description="street, compound, building, poi, community, subdistrict ...")
    name_zh: str
    name_en: str
    number: str = Field(description="house or building; empty where none was asked or is known")
    lon: float | None
    lat: float | None
    confidence: float = Field(description="probability that this is the place meant, 0 to 1")
    area_code: str | None
    area_zh: str
    area_en: str
    metres: float | None = Field(description="from `near`, where that was given")
    radius_m: float | None = Field(
        description="of the circle in which the place is expected; null = a street, an area"
    )
    note_zh: str = Field(description="what was made of words like 对面, 以北50米")
    note_en: str


class FoundPlacesOut(Schema):
    """Candidates, the likeliest first. `sure`: the first may be taken without asking."""

    sure: bool
    items: list[FoundPlaceOut]


class NearPlaceOut(Schema):
    """Something with a name near a point."""

    kind: str
    name_zh: str
    name_en: str
    metres: float


class ReversedPlaceOut(Schema):
    """A point as words."""

    lon: float
    lat: float
    cell_code: str | None
    community_zh: str | None
    community_en: str | None
    address_zh: str
    address_en: str
    house: NearPlaceOut | None
    place: NearPlaceOut | None
    street: NearPlaceOut | None


Words = Annotated[str, Field(min_length=1, max_length=200)]
