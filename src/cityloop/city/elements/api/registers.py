"""Registers: kinds, lists, one element, changes, files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements import commands, queries
from cityloop.city.elements.api import schemas
from cityloop.city.elements.api.shown import (
    detail_out,
    element_out,
    geometry_in,
    kind_out,
    taken_out,
)
from cityloop.city.elements.domain import ElementRow, KindSpec
from cityloop.city.elements.queries.files import FORMS, export, feature
from cityloop.city.elements.rules import need_keeper
from cityloop.city.refusals import Problem
from cityloop.city.uploads import as_file
from cityloop.kernel.errors import DomainError

router = Router(tags=["elements 要素登记"])
ERRORS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
PathId = Annotated[int, Path(ge=0, le=2**62)]
PathKind = Annotated[schemas.KindCode, Path()]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks; the door has seen to it."""
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/kinds", response={200: list[schemas.ElementKindOut], **ERRORS}, summary="类别 Kinds")
def list_kinds(request: HttpRequest) -> Any:
    return [kind_out(k) for k in queries.counted_kinds(viewer_of(request))]


@router.post(
    "/kinds/profile",
    response={200: schemas.KindsDeclared, **ERRORS},
    summary="登记方案类别 Take the profile's kinds",
)
def declare_profile_kinds(request: HttpRequest) -> Any:
    """Kinds of the profile that are not there yet; those a city changed stay as they are."""
    actor, now = viewer_of(request), timezone.now()
    need_keeper(actor)
    return {"declared": commands.register_profile_kinds(actor=actor, now=now)}


@router.put("/kinds/{code}", response={204: None, **ERRORS}, summary="登记类别 Declare a kind")
def declare_kind(request: HttpRequest, code: PathKind, given: schemas.ElementKindIn) -> Any:
    raw = given.dict() | {"schema": given.own_fields}
    actor, now = viewer_of(request), timezone.now()
    need_keeper(actor)
    commands.register_kinds([KindSpec.read(code, raw)], actor=actor, now=now)
    return Status(204, None)


@router.get("/of/{kind}", response={200: schemas.ElementPage, **ERRORS}, summary="列表 List")
def list_elements(
    request: HttpRequest,
    kind: PathKind,
    area_code: schemas.AreaCode = "",
    search: schemas.Words = "",
    after: schemas.Cursor = "",
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 50,
) -> Any:
    viewer = viewer_of(request)
    page = queries.listed(
        viewer, kind, area_code=area_code or None, words=search, after=after, limit=limit
    )
    rows = [element_out(row, viewer.language) for row in page.rows]
    return {"items": rows, "cursor": page.cursor}


@router.get("/box", response={200: schemas.ElementFeatures, **ERRORS}, summary="范围内 In a box")
def in_box(
    request: HttpRequest,
    bbox: Annotated[str, Query(max_length=200, description="west,south,east,north")],
    kinds: Annotated[str, Query(max_length=1000, description="codes, by commas")] = "",
    cursor: schemas.Cursor = "",
    limit: Annotated[int, Query(ge=1, le=queries.MOST_IN_BOX)] = 500,
) -> Any:
    """GeoJSON of what touches the box, page by page."""
    chosen = [code for code in kinds.split(",") if code]
    page = queries.in_box(viewer_of(request), _box(bbox), chosen, limit, cursor)
    return {"features": [feature(row, row.kind.code) for row in page.rows], "cursor": page.cursor}


@router.get(
    "/one/{element_id}", response={200: schemas.ElementDetail, **ERRORS}, summary="要素 One"
)
def one_element(request: HttpRequest, element_id: PathId) -> Any:
    """Its last version, by the id of any version."""
    viewer = viewer_of(request)
    return detail_out(queries.one(viewer, element_id), viewer.language)


@router.get(
    "/one/{element_id}/history",
    response={200: list[schemas.ElementOut], **ERRORS},
    summary="沿革 History",
)
def element_history(request: HttpRequest, element_id: PathId) -> Any:
    viewer = viewer_of(request)
    return [element_out(row, viewer.language) for row in queries.history(viewer, element_id)]


@router.post("/of/{kind}", response={201: schemas.ElementDetail, **ERRORS}, summary="新增要素 Add")
def add_element(request: HttpRequest, kind: PathKind, given: schemas.ElementIn) -> Any:
    viewer = viewer_of(request)
    values = given.dict() | {"geometry": geometry_in(given.geometry)}
    row = commands.add(ElementRow(**values), kind=kind, actor=viewer, now=timezone.now())
    return Status(201, detail_out(row, viewer.language))


@router.patch(
    "/one/{element_id}", response={200: schemas.ElementDetail, **ERRORS}, summary="修改 Change"
)
def change_element(request: HttpRequest, element_id: PathId, given: schemas.ElementChange) -> Any:
    """What is left out stays; null empties households and geometry."""
    viewer = viewer_of(request)
    changes = given.dict(exclude_unset=True, exclude={"version"})
    emptied = ("households", "geometry")
    changes = {n: v for n, v in changes.items() if v is not None or n in emptied}
    if changes.get("geometry"):
        changes["geometry"] = geometry_in(given.geometry)
    row = commands.change(
        element_id, changes, version=given.version, actor=viewer, now=timezone.now()
    )
    return detail_out(row, viewer.language)


@router.post("/one/{element_id}/retire", response={204: None, **ERRORS}, summary="注销 Retire")
def retire_element(request: HttpRequest, element_id: PathId, given: schemas.RetireIn) -> Any:
    commands.retire(
        element_id,
        reason=given.reason,
        version=given.version,
        actor=viewer_of(request),
        now=timezone.now(),
    )
    return Status(204, None)


@router.post(
    "/of/{kind}/import", response={200: schemas.ElementImportOut, **ERRORS}, summary="导入 Import"
)
def import_elements(
    request: HttpRequest,
    kind: PathKind,
    file: Annotated[UploadedFile, File()],
    crs: Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")],
    dry_run: Annotated[bool, Form()] = True,
    repair: Annotated[bool, Form()] = False,
    ends_missing: Annotated[bool, Form()] = False,
    most_missing: Annotated[float, Form(ge=0, le=1)] = commands.MOST_SHARE,
) -> Any:
    """GeoJSON, CSV, XLSX or JSON lines; a dry run tells the same and writes nothing.

    crs: the system of its coordinates: wgs84, cgcs2000, gcj02, bd09, EPSG:4548 ...
    """
    viewer, now = viewer_of(request), timezone.now()
    need_keeper(viewer)
    with as_file(file) as path:
        done = commands.import_file(
            path, kind=kind, source="file", crs=crs, actor=viewer, now=now, dry_run=dry_run,
            repair=repair, ends_missing=ends_missing, most_missing=most_missing,
        )  # fmt: skip
    return taken_out(done, viewer.language)


@router.get("/of/{kind}/export.{form}", response={200: None, **ERRORS}, summary="导出 Export")
def export_elements(
    request: HttpRequest,
    kind: PathKind,
    form: Literal["csv", "xlsx", "geojson"],
    area_code: schemas.AreaCode = "",
) -> StreamingHttpResponse:
    """All current elements of a kind, as an import reads them back."""
    pieces = export(viewer_of(request), kind, form, area_code)
    answer = StreamingHttpResponse(pieces, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return answer


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise DomainError(
            "element.box",
            f"bbox {text!r:.60} is not west,south,east,north in degrees.",
            f"bbox {text!r:.60} 应为 西,南,东,北（度）。",
            where="bbox",
        ) from None
    return west, south, east, north
