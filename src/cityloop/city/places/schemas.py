"""What goes in and out of the places API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from cityloop.city.refusals import RowProblem

_PLAIN = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=120, pattern=_PLAIN)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=_PLAIN)]
Id = Annotated[int, Field(ge=0, le=2**62)]
LevelName = Literal["city", "district", "subdistrict", "community", "cell"]
Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]


class AreaOut(Schema):
    id: int
    level: LevelName
    code: str
    name_zh: str
    name_en: str
    parent_id: int | None
    households: int | None
    sensitive_place: bool
    current: bool


class AreaPage(Schema):
    items: list[AreaOut]
    next_after: int | None


class AreaDetail(AreaOut):
    """An area with those above it, highest first."""

    above: list[AreaOut]


class FeatureCollection(Schema):
    """GeoJSON, RFC 7946, WGS84."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]


class PointIn(Schema):
    """Degrees in the declared system."""

    lon: float
    lat: float


class LocateIn(Schema):
    """Points with the system they are in: there is no default, 500 m are at stake."""

    crs: Crs
    points: list[PointIn] = Field(max_length=10_000)


class PathOut(Schema):
    city_id: int | None
    district_id: int | None
    subdistrict_id: int | None
    community_id: int | None
    cell_id: int | None


class ErrorOut(Schema):
    code: str
    message: str
    where: str | None = None
    details: dict[str, Any] = {}


class PlacedOut(Schema):
    """Where a point lies (lon, lat in WGS84), or why it has no place."""

    kind: Literal["inside", "edge", "outside", "refused"]
    lon: float | None
    lat: float | None
    cell_id: int | None
    cell_code: str | None
    path: PathOut | None
    error: ErrorOut | None


class LocateOut(Schema):
    points: list[PlacedOut]


class AnswererOut(Schema):
    cell_id: int
    user_id: int | None
    how: Literal["on_duty", "next_rank", "community", "nobody"]


class CoverOut(Schema):
    """Cells by how they are answered for now, and the cells with nobody."""

    counts: dict[str, int]
    uncovered: list[int]


class OnDutyOut(Schema):
    user_id: int
    name: str
    ends_at: datetime
    duty_grids: list[str]


class DutyGridIn(Schema):
    name: Line
    cell_codes: list[Code] = Field(max_length=500)


class WorkerIn(Schema):
    rank: int = 1


class ShiftIn(Schema):
    user_id: Id
    starts_at: datetime
    ends_at: datetime


class Made(Schema):
    id: int


class BareCellOut(Schema):
    id: int
    code: str
    name: str


class GridCellOut(BareCellOut):
    current: bool


class GridWorkerOut(Schema):
    user_id: int
    name: str
    rank: int
    active: bool


class DutyGridOut(Schema):
    """Who answers for these cells; the lowest rank first."""

    id: int
    code: str
    name: str
    community_id: int
    community_name: str
    cells: list[GridCellOut]
    workers: list[GridWorkerOut]


class DutyGridPage(Schema):
    items: list[DutyGridOut]
    next_after: int | None


class AssignedOut(Schema):
    """Whether each cell has a worker at all; `uncovered` names the first thousand without."""

    cells: int
    covered: int
    uncovered: list[BareCellOut]


class ShiftOut(Schema):
    id: int
    user_id: int
    user_name: str
    starts_at: datetime
    ends_at: datetime


class WeekIn(Schema):
    from_monday: date
    to_monday: date
    area_id: Id | None = None


class CopiedOut(Schema):
    added: int


class RoleHolderOut(Schema):
    """Who holds a role that reaches an area; area_id null = the whole city."""

    holding_id: int
    user_id: int
    name: str
    role: str
    area_id: int | None
    area_name: str | None
    department_name: str | None
    until: datetime | None


class TableOut(Schema):
    """What a table did, or would do (written false)."""

    written: bool
    added: int
    unchanged: int
    refused: list[RowProblem]
    remarks: list[str]


class FindingOut(Schema):
    kind: str
    ids: list[int]
    lon: float
    lat: float
    area_m2: float
    message: str


class RefusedOut(ErrorOut):
    index: int
    area_code: str


class AreaImportOut(Schema):
    """What an import did; ids of findings are positions of features in the file."""

    written: bool
    added: list[str]
    changed: list[str]
    unchanged: int
    ended: list[str]
    refused: list[RefusedOut]
    findings: list[FindingOut]
    remarks: list[str]
