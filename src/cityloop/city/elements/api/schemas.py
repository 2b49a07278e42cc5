"""What goes in and out of the registers' API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

_PLAIN = r"^[^\x00]*$"
ElementId = Annotated[int, Field(ge=0, le=2**62)]
KindCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_PLAIN)]
MaybeKind = Annotated[str, StringConstraints(max_length=64, pattern=_PLAIN)]
AreaCode = Annotated[str, StringConstraints(max_length=24, pattern=_PLAIN)]
Words = Annotated[str, StringConstraints(max_length=120, pattern=_PLAIN)]
Cursor = Annotated[str, StringConstraints(max_length=80, pattern=_PLAIN)]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=_PLAIN)]
FamilyName = Literal["people", "place", "matter", "thing", "organisation"]
ShapeName = Literal["point", "line", "polygon", "any"]
ResultName = Literal["fine", "defect", "gone"]


class ElementKindIn(Schema):
    """A kind as a city declares it."""

    family: FamilyName
    name_zh: Annotated[str, Field(min_length=1, max_length=80)]
    name_en: Annotated[str, Field(min_length=1, max_length=80)]
    geometry: ShapeName = "point"
    own_fields: dict[str, Any] = {}
    component_code: Annotated[str, Field(max_length=4)] = ""
    searchable: bool = False
    inspect_every_days: Annotated[int | None, Field(ge=1, le=3660)] = None


class ElementKindOut(ElementKindIn):
    """With what is registered of it now."""

    code: str
    elements: int
    households: int


class KindsDeclared(Schema):
    """Codes of the kinds that were not there before."""

    declared: list[str]


class ElementOut(Schema):
    """One version; the current one has no valid_to. Degrees are WGS84."""

    id: int
    kind: str
    code: str
    version: int
    name: str
    name_en: str
    address: str
    lon: float
    lat: float
    cell_id: int | None
    cell: str
    community_id: int | None
    community: str
    households: int | None
    properties: dict[str, Any]
    source: str
    valid_from: datetime
    valid_to: datetime | None
    inspected_at: datetime | None


class ElementDetail(ElementOut):
    """With its shape as GeoJSON (None = the point alone)."""

    geometry: dict[str, Any] | None


class ElementPage(Schema):
    items: list[ElementOut]
    cursor: str | None


class ElementFeatures(Schema):
    """GeoJSON, and where the next page begins."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]
    cursor: str | None


class ElementIn(Schema):
    """A new element: a point, or a GeoJSON geometry in WGS84."""

    code: Annotated[str, StringConstraints(max_length=80, pattern=_PLAIN)] = ""
    name: Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)] = ""
    name_en: Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)] = ""
    address: Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)] = ""
    lon: float | None = None
    lat: float | None = None
    geometry: dict[str, Any] | None = None
    households: int | None = None
    properties: dict[str, Any] = {}


class ElementChange(Schema):
    """What changes; what is left out stays. `version`: the one it was made from."""

    version: int
    name: Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)] | None = None
    name_en: Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)] | None = None
    address: Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)] | None = None
    lon: float | None = None
    lat: float | None = None
    geometry: dict[str, Any] | None = None
    households: int | None = None
    properties: dict[str, Any] | None = None


class RetireIn(Schema):
    version: int
    reason: Annotated[str, StringConstraints(max_length=500, pattern=_PLAIN)]


class ElementRefusal(Schema):
    """A row that was not taken, by its number in the file."""

    row: int
    element_code: str
    code: str
    message: str
    where: str | None


class ElementGone(Schema):
    code: str
    name: str


class ElementsMissing(Schema):
    """What a whole file has no more, of `of` elements of the source; held: none was retired, for
    too many would go or `nameless` refused rows could be any of them. shown: the first."""

    of: int
    gone: int
    held: bool
    nameless: int
    shown: list[ElementGone]


class ElementImportOut(Schema):
    """What the file did, or would do. `refused` lists the first 200."""

    written: bool
    new: int
    changed: int
    same: int
    ended: int
    outside: int
    refused_count: int
    refused: list[ElementRefusal]
    missing: ElementsMissing | None


class DueOut(Schema):
    """A component whose look is due."""

    element: ElementOut
    due_at: datetime


class DueListOut(Schema):
    items: list[DueOut]
    total: int


class InspectionIn(Schema):
    """What was found; `external_id` is made by the device, the same one is the same inspection."""

    result: ResultName
    note: Note = ""
    external_id: Annotated[str, StringConstraints(max_length=80, pattern=_PLAIN)] = ""


class InspectionOut(Schema):
    id: int
    result: ResultName
    note: str
    at: datetime
    inspector: str


class InspectionPlanIn(Schema):
    """Every so many days; an empty area is the whole city."""

    kind: KindCode
    area_code: AreaCode = ""
    every_days: Annotated[int, Field(ge=1, le=3660)]


class InspectionPlanOut(Schema):
    id: int
    kind: str
    area_code: str
    area: str
    every_days: int
    starts_at: datetime


class PersonCardIn(Schema):
    """A person kept for a declared purpose; everything but area and purpose is sealed."""

    area_code: AreaCode
    purpose: Annotated[str, StringConstraints(max_length=40, pattern=_PLAIN)]
    name: Annotated[str, StringConstraints(max_length=100, pattern=_PLAIN)]
    phone: Annotated[str, StringConstraints(max_length=40, pattern=_PLAIN)] = ""
    address: Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)] = ""
    note: Annotated[str, StringConstraints(max_length=500, pattern=_PLAIN)] = ""


class PersonCardOut(Schema):
    """A card, masked."""

    id: int
    purpose: str
    name: str
    phone: str
    address: str
    kept_until: datetime


class PersonOpenIn(Schema):
    reason: Annotated[str, StringConstraints(max_length=500, pattern=_PLAIN)]


class PersonOpened(Schema):
    """In the clear; the opening is on record."""

    name: str
    phone: str
    address: str
    note: str


class PersonKept(Schema):
    id: int
