"""Cases: list, file, moves, photos, export."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

import msgspec
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from cityloop.business.cases import commands, export
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.asked import CaseFilters
from cityloop.business.cases.api.moments import After, PathId
from cityloop.business.cases.api.shaping import case_out, photo_out
from cityloop.business.cases.domain import MOVES
from cityloop.business.cases.domain.values import Part
from cityloop.business.cases.models import Photo
from cityloop.business.cases.queries import (
    case_file,
    case_page,
    count_cases,
    get_case_by_number,
)
from cityloop.business.cases.reasons import reasons_for
from cityloop.business.cases.rules import only_analyses, reads_private
from cityloop.business.cases.seen import who_saw
from cityloop.city.accounts.queries import names_of
from cityloop.city.audit.confirmed import check_confirmed
from cityloop.city.audit.queries import trace
from cityloop.engines.privacy import Mode
from cityloop.kernel.errors import NotFound

router = Router(tags=["cases 案卷"])
MOST_COUNTED = 1000
Errors = {400: s.Problem, 401: s.Problem, 403: s.Problem, 404: s.Problem, 409: s.Problem}


@router.get("", response={200: s.CasePage, **Errors}, summary="案卷列表 List of cases")
def list_cases(
    request: HttpRequest,
    asked: Query[CaseFilters],
    order: Literal["due", "received", "oldest", "heat"] = "due",
    after: str = "",
    limit: int = 50,
) -> Any:
    page = case_page(request.viewer, asked.given(), order=order, after=after, limit=limit)
    # Encoded directly: validating fifty rows again would cost more than reading them.
    body = msgspec.json.encode({"items": page.items, "after": page.after})
    return HttpResponse(body, content_type="application/json")


@router.get("/count", response={200: s.CountOut, **Errors}, summary="案卷计数 How many cases")
def count(request: HttpRequest, asked: Query[CaseFilters]) -> Any:
    """Counting stops at 1,000: `more` says that there are more than `n`."""
    n = count_cases(request.viewer, asked.given(), most=MOST_COUNTED + 1)
    return {"n": min(n, MOST_COUNTED), "more": n > MOST_COUNTED}


@router.get("/export.{kind}", summary="导出 Export as CSV or XLSX")
def export_cases(
    request: HttpRequest, kind: Literal["csv", "xlsx"], asked: Query[CaseFilters]
) -> Any:
    body, content_type = export.case_table(request.viewer, asked.given(), kind=kind)
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="cases.{kind}"'
    return response


@router.post(
    "/by-phone", response={200: s.CasePage, **Errors}, summary="按电话查找 Cases of a phone number"
)
def by_phone(request: HttpRequest, given: s.PhoneIn) -> Any:
    """For those who may open reporters, for a purpose, on record."""
    items = commands.cases_by_phone(
        given.phone, purpose=given.purpose, actor=request.viewer, now=timezone.now()
    )
    return {"items": items, "after": None}


@router.post(
    "/by-phone/seen", response={200: s.SeenOut, **Errors}, summary="谁看过此号码 Who saw a number"
)
def seen_by(request: HttpRequest, given: s.PhoneIn) -> Any:
    """For the security and the audit administrator, with a fresh password, on record."""
    check_confirmed(request)
    return who_saw(given.phone, purpose=given.purpose, actor=request.viewer, now=timezone.now())


@router.post("/bulk/{move}", response={200: s.BulkOut, **Errors}, summary="批量办理 Bulk move")
def bulk_move(request: HttpRequest, move: str, given: s.BulkIn) -> Any:
    """Each case by itself: what is refused says why and keeps nothing else from being moved."""
    inputs = given.dict(exclude={"key", "numbers"}, exclude_unset=True)
    inputs["co"] = tuple(given.co)
    rows = commands.move_many(
        given.numbers, move, key=given.key, actor=request.viewer, now=timezone.now(), **inputs
    )
    language = request.viewer.language
    return {
        "moved": sum(r.problem is None for r in rows),
        "refused": sum(r.problem is not None for r in rows),
        "rows": [
            {
                "number": r.number,
                "state": r.state,
                "version": r.version,
                "before": r.before,
                "problem": r.problem.as_dict(language) if r.problem else None,
            }
            for r in rows
        ],
    }


@router.get("/{number}", response={200: s.CaseOut, **Errors}, summary="案卷 One case")
def read_case(request: HttpRequest, number: str) -> Any:
    case = get_case_by_number(request.viewer, number)
    return case_out(request.viewer, case_file(request.viewer, case))


@router.post("/{number}/moves/{move}", response={200: s.CaseOut, **Errors}, summary="办理 Move")
def move_case(request: HttpRequest, number: str, move: str, given: s.MoveIn) -> Any:
    viewer = request.viewer
    case = get_case_by_number(viewer, number)
    inputs = given.dict(exclude={"parts", "photo_ids", "co"})
    inputs["photo_ids"], inputs["co"] = tuple(given.photo_ids), tuple(given.co)
    inputs["parts"] = tuple(Part(p.title, p.condition_id, p.lead, tuple(p.co)) for p in given.parts)
    commands.move(case.pk, move, actor=viewer, now=timezone.now(), **inputs)
    return case_out(viewer, case_file(viewer, get_case_by_number(viewer, number)))


@router.post("/{number}/photos", response={200: s.PhotoOut, **Errors}, summary="照片 Add a photo")
def add_photo(
    request: HttpRequest,
    number: str,
    photo: UploadedFile = File(...),
    stage: str = Form("before"),
) -> Any:
    case = get_case_by_number(request.viewer, number)
    row = commands.add_photo(
        case.pk, photo.read(), stage=stage, actor=request.viewer, now=timezone.now()
    )
    return photo_out(row, number)


@router.get("/{number}/photos/{photo_id}/{size}", summary="照片 A photo")
def read_photo(
    request: HttpRequest, number: str, photo_id: PathId, size: Literal["image", "thumbnail"]
) -> Any:
    case = get_case_by_number(request.viewer, number)
    row = Photo.objects.filter(pk=photo_id, case=case).first()
    if row is None:
        raise NotFound("photo.unknown", "There is no such photo.", "没有该照片。")
    response = FileResponse(getattr(row, size).open("rb"), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{row.sha256[:12]}.jpg"'
    return response


@router.get(
    "/{number}/trace", response={200: list[s.TraceOut], **Errors}, summary="留痕 Trace of a case"
)
def read_trace(request: HttpRequest, number: str, after: After = 0, limit: int = 200) -> Any:
    viewer = request.viewer
    case = get_case_by_number(viewer, number)
    rows = trace(
        "case",
        case.pk,
        viewer=viewer,
        may_read_private=reads_private(viewer, case),
        mode=Mode.LEAVING if only_analyses(viewer) else Mode.PLAIN,
        after=after,
        limit=max(1, min(limit, 200)),
    )
    names = names_of(row.actor_id for row in rows)
    return [{**asdict(row), "actor_name": names.get(row.actor_id or 0, "")} for row in rows]


@router.post(
    "/{number}/reporter",
    response={200: list[dict[str, Any]], **Errors},
    summary="查看反映人 Open the reporter's data, on record",
)
def open_reporter(request: HttpRequest, number: str, given: s.PurposeIn) -> Any:
    case = get_case_by_number(request.viewer, number)
    return commands.open_reporter(
        case, purpose=given.purpose, actor=request.viewer, now=timezone.now()
    )


moves_router = Router(tags=["cases 案卷"])


@moves_router.get("/reasons", response=list[s.ReasonOut], summary="理由模板 Reasons to pick from")
def list_reasons(request: HttpRequest, move: str = "") -> Any:
    """Templates of the city's profile; `gaps` are to be filled in by whoever picks one."""
    return [asdict(r) for r in reasons_for(move)]


@moves_router.get("", response=list[s.MoveRow], summary="流转表 The move table")
def list_moves(request: HttpRequest) -> Any:
    return [
        {
            "name": m.name,
            "zh": m.zh,
            "en": m.en,
            "sources": sorted(x.value for x in m.sources),
            "to": m.to.value if m.to else None,
            "roles": sorted(r.value for r in m.roles),
            "scope": m.scope.value,
            "needs": sorted(n.value for n in m.needs),
        }
        for m in MOVES.values()
    ]
