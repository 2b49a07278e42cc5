"""Areas, points to cells. Mounted at the root of the API: all paths begin with /places."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_scope
from cityloop.city.places import commands, queries, schemas
from cityloop.city.places.domain import AreaPath, Level
from cityloop.city.places.duty_api import router as duty
from cityloop.city.places.rules import need_area_keeper
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

router = Router(tags=["places 区域与网格"])
router.add_router("", duty)
Limit = Annotated[int, Query(ge=1, le=queries.MOST)]
After = Annotated[int, Query(ge=0, le=2**62)]
PathId = Annotated[int, Path(ge=0, le=2**62)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/places/areas", response=schemas.AreaPage, summary="Areas 区域列表")
def areas(
    request: HttpRequest,
    level: Level | None = None,
    parent_id: schemas.Id | None = None,
    search: schemas.Line = "",
    after: After = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    found = queries.areas(
        viewer=_viewer(request),
        level=level,
        parent_id=parent_id,
        search=search,
        after=after,
        limit=limit,
    )
    return {"items": found, "next_after": found[-1].id if len(found) == limit else None}


@router.get("/places/areas/{area_id}", response=schemas.AreaDetail, summary="One area 区域")
def area(request: HttpRequest, area_id: PathId) -> dict[str, Any]:
    need_scope(_viewer(request), "places:read")
    chain = queries.tree().chain(area_id)
    return {**asdict(chain[-1]), "above": [asdict(a) for a in chain[:-1]]}


@router.get("/places/map", response=schemas.FeatureCollection, summary="Boundaries 区域边界")
def boundaries(
    request: HttpRequest,
    area_id: schemas.Id | None = None,
    level: Level | None = None,
    bbox: Annotated[str, Query(max_length=200, description="west,south,east,north")] = "",
    simplify_m: Annotated[float, Query(ge=0, le=1000)] = 0.0,
) -> dict[str, Any]:
    return queries.feature_collection(
        area_id,
        viewer=_viewer(request),
        level=level,
        within=_box(bbox) if bbox else None,
        simplify_m=simplify_m,
    )


@router.post("/places/locate", response=schemas.LocateOut, summary="Points to cells 坐标落格")
def locate(request: HttpRequest, given: schemas.LocateIn) -> dict[str, Any]:
    viewer, known = _viewer(request), queries.tree()
    points = [(p.lon, p.lat) for p in given.points]
    placed = queries.place_points(points, given.crs, viewer=viewer)
    return {
        "points": [
            {
                "kind": p.kind,
                "lon": p.lon,
                "lat": p.lat,
                "cell_id": p.cell_id,
                "cell_code": known.get(p.cell_id).code if p.cell_id is not None else None,
                "path": asdict(p.path) if isinstance(p.path, AreaPath) else None,
                "error": p.error.as_dict(viewer.language) if p.error else None,
            }
            for p in placed
        ]
    }


@router.get("/places/export.geojson", response={200: None}, summary="Export areas 导出区域")
def export_areas(request: HttpRequest) -> HttpResponse:
    """Current areas as a file that an import reads back."""
    need_area_keeper(_viewer(request))
    body = json.dumps(queries.export_areas(), ensure_ascii=False)
    answer = HttpResponse(body, content_type="application/geo+json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="areas.geojson"'
    return answer


@router.post("/places/import", response=schemas.AreaImportOut, summary="Import areas 导入区域")
def import_areas(
    request: HttpRequest,
    given: schemas.FeatureCollection,
    crs: schemas.Line = "wgs84",
    repair: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    viewer = _viewer(request)
    done = commands.import_areas(
        request.body, crs=crs, repair=repair, dry_run=dry_run, actor=viewer, now=timezone.now()
    )
    return _import_out(done, viewer.language)


def _import_out(done: commands.AreaImport, language: str) -> dict[str, Any]:
    plain = ("written", "added", "changed", "unchanged", "ended", "remarks")
    return {
        **{name: getattr(done, name) for name in plain},
        "refused": [
            {"index": f.index, "area_code": f.code, **f.error.as_dict(language)}
            for f in done.refused
        ],
        "findings": [
            {**asdict(f), "message": f.zh if language == "zh" else f.en} for f in done.findings
        ],
    }


def _box(text: str) -> Bounds:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise DomainError(
            "place.bad_bounds",
            f"bbox {text!r:.60} is not west,south,east,north in degrees.",
            f"bbox {text!r:.60} 应为 西,南,东,北（度）。",
            where="bbox",
        ) from None
    return Bounds(west, south, east, north)
