"""Versions, classes, conditions and exports. Mounted at /catalogue."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Path, Query, Router

from cityloop.business.catalogue import queries, schemas
from cityloop.business.catalogue.export import catalogue_file, duties_file
from cityloop.business.catalogue.keeping_api import router as keeping
from cityloop.business.catalogue.queries import ClassInfo, ConditionInfo
from cityloop.business.catalogue.rules import need_reader
from cityloop.engines.deadlines import format_limit
from cityloop.kernel.errors import NotFound

router = Router(tags=["catalogue 案卷目录"])
router.add_router("", keeping)
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[int, Query(ge=0, le=2**31 - 1)]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="version; default: active")]
PathId = Annotated[int, Path(ge=0, le=2**62)]
Key = Annotated[str, Path(max_length=5)]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/versions", response=schemas.VersionPage, summary="Versions 目录版本")
def versions(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    rows = queries.versions(viewer=request.viewer, after=after, limit=limit)  # type: ignore[attr-defined]
    return {"items": rows, "next_after": rows[-1].number if len(rows) == limit else None}


@router.get("/classes", response=schemas.ClassPage, summary="Classes 类别")
def classes(
    request: HttpRequest,
    version: Number = None,
    kind: Literal["component", "event"] | None = None,
    search: Annotated[str, Query(max_length=80)] = "",
    after: Annotated[str, Query(max_length=5)] = "",
    limit: Limit = 200,
) -> dict[str, Any]:
    need_reader(request.viewer)  # type: ignore[attr-defined]
    known = queries.catalogue_by_number(version)
    rows = queries.find_classes(known, kind=kind, search=search, after=after)
    shown = [_class(row) for row in rows[:limit]]
    more = shown[-1]["key"] if len(rows) > limit else None
    return {"version": known.number, "items": shown, "next_after": more}


@router.get("/classes/{key}", response=schemas.ClassDetail, summary="One class 类别详情")
def one_class(request: HttpRequest, key: Key, version: Number = None) -> dict[str, Any]:
    need_reader(request.viewer)  # type: ignore[attr-defined]
    known = queries.catalogue_by_number(version)
    found = known.classes.get(key)
    if found is None:
        raise NotFound(
            "catalogue.no_class",
            f"Catalogue {known.number} has no class '{key}'.",
            f"目录 {known.number} 中没有类别“{key}”。",
            where="key",
        )
    items = [_condition(c) for c in found.conditions]
    return _class(found) | {"version": known.number, "items": items}


@router.get("/conditions/{condition_id}", response=schemas.ConditionDetail, summary="立案条件")
def condition(request: HttpRequest, condition_id: PathId) -> dict[str, Any]:
    """A condition of any version: cases keep the version they were filed by."""
    need_reader(request.viewer)  # type: ignore[attr-defined]
    found, cls = queries.get_condition(condition_id)
    names = {"class_key": cls.key, "class_zh": cls.name_zh, "class_en": cls.name_en}
    return _condition(found) | names


@router.get("/export.{form}", summary="Export 导出", response={200: None})
def export(
    request: HttpRequest, form: Literal["csv", "xlsx"], version: Number = None
) -> StreamingHttpResponse:
    """The version as a file that `cityloop import catalogue` reads back to the same content."""
    need_reader(request.viewer)  # type: ignore[attr-defined]
    row = queries.version_by_number(version)
    return _file(catalogue_file(row, form), f"catalogue-{row.number}.{form}", TYPES[form])


@router.get("/duties.csv", summary="Duty table 权责清单", response={200: None})
def duties(request: HttpRequest, version: Number = None) -> StreamingHttpResponse:
    need_reader(request.viewer)  # type: ignore[attr-defined]
    row = queries.version_by_number(version)
    return _file(duties_file(row), f"duties-{row.number}.csv", TYPES["csv"])


def _file(pieces: Any, name: str, kind: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)


def _class(row: ClassInfo) -> dict[str, Any]:
    names = ("id", "key", "kind", "big_zh", "big_en", "name_zh", "name_en", "aliases", "urgency")
    return {name: getattr(row, name) for name in names} | {"conditions": len(row.conditions)}


def _condition(row: ConditionInfo) -> dict[str, Any]:
    names = ("id", "seq", "file_zh", "file_en", "close_zh", "close_en", "departments", "evidence")
    shown = {name: getattr(row, name) for name in (*names, "is_default")}
    limit = {
        "value": row.limit.value,
        "unit": row.limit.unit.value,
        "zh": format_limit(row.limit, "zh"),
        "en": format_limit(row.limit, "en"),
    }
    return shown | {"limit": limit}
