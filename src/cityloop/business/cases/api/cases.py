"""Cases: list, file, moves, photos, export."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

import msgspec
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Router
from ninja.files import UploadedFile

from cityloop.business.cases import commands, export
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.moments import After, MaybeId, MaybeMoment, PathId
from cityloop.business.cases.api.shaping import case_out, photo_out
from cityloop.business.cases.domain import MOVES
from cityloop.business.cases.domain.values import Part
from cityloop.business.cases.models import Photo
from cityloop.business.cases.queries import case_file, case_page, get_case_by_number
from cityloop.business.cases.rules import reads_private
from cityloop.city.accounts.queries import names_of
from cityloop.city.audit.queries import trace
from cityloop.kernel.errors import NotFound

router = Router(tags=["cases 案卷"])
Errors = {400: s.Problem, 401: s.Problem, 403: s.Problem, 404: s.Problem, 409: s.Problem}


@router.get("", response={200: s.CasePage, **Errors}, summary="案卷列表 List of cases")
def list_cases(
    request: HttpRequest,
    state: str = "",
    alert: Literal["", "near", "late"] = "",
    class_key: str = "",
    department: MaybeId = None,
    area: MaybeId = None,
    channel: str = "",
    owner_role: str = "",
    owner_user: MaybeId = None,
    urgency: str = "",
    number: str = "",
    text: str = "",
    since: MaybeMoment = None,
    before: MaybeMoment = None,
    late: bool | None = None,
    rated: bool | None = None,
    filed_since: MaybeMoment = None,
    dispatched_since: MaybeMoment = None,
    responded_since: MaybeMoment = None,
    handled_since: MaybeMoment = None,
    closed_since: MaybeMoment = None,
    filed_before: MaybeMoment = None,
    dispatched_before: MaybeMoment = None,
    responded_before: MaybeMoment = None,
    handled_before: MaybeMoment = None,
    closed_before: MaybeMoment = None,
    on_time: bool | None = None,
    auto: bool | None = None,
    misrouted: bool | None = None,
    reworked: bool | None = None,
    responded: bool | None = None,
    solved: bool | None = None,
    satisfied: bool | None = None,
    open: bool | None = None,
    order: Literal["due", "received", "oldest"] = "due",
    after: str = "",
    limit: int = 50,
) -> Any:
    filters = {
        "state": [x for x in state.split(",") if x],
        "alert": alert,
        "class_key": class_key,
        "department": department,
        "area": area,
        "channel": channel,
        "owner_role": owner_role,
        "owner_user": owner_user,
        "urgency": urgency,
        "number": number,
        "text": text,
        "since": since,
        "before": before,
        "late": late,
        "rated": rated,
        "filed_since": filed_since,
        "dispatched_since": dispatched_since,
        "responded_since": responded_since,
        "handled_since": handled_since,
        "closed_since": closed_since,
        "filed_before": filed_before,
        "dispatched_before": dispatched_before,
        "responded_before": responded_before,
        "handled_before": handled_before,
        "closed_before": closed_before,
        "on_time": on_time,
        "auto": auto,
        "misrouted": misrouted,
        "reworked": reworked,
        "responded": responded,
        "solved": solved,
        "satisfied": satisfied,
        "open": open,
    }
    page = case_page(request.viewer, filters, order=order, after=after, limit=limit)
    # Encoded directly: validating fifty rows again would cost more than reading them.
    body = msgspec.json.encode({"items": page.items, "after": page.after})
    return HttpResponse(body, content_type="application/json")


@router.get("/export.{kind}", summary="导出 Export as CSV or XLSX")
def export_cases(
    request: HttpRequest,
    kind: Literal["csv", "xlsx"],
    state: str = "",
    area: MaybeId = None,
    department: MaybeId = None,
    since: MaybeMoment = None,
    before: MaybeMoment = None,
) -> Any:
    filters = {
        "state": [x for x in state.split(",") if x],
        "area": area,
        "department": department,
        "since": since,
        "before": before,
    }
    body, content_type = export.case_table(request.viewer, filters, kind=kind)
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="cases.{kind}"'
    return response


@router.get("/{number}", response={200: s.CaseOut, **Errors}, summary="案卷 One case")
def read_case(request: HttpRequest, number: str) -> Any:
    case = get_case_by_number(request.viewer, number)
    return case_out(case_file(request.viewer, case))


@router.post("/{number}/moves/{move}", response={200: s.CaseOut, **Errors}, summary="办理 Move")
def move_case(request: HttpRequest, number: str, move: str, given: s.MoveIn) -> Any:
    viewer = request.viewer
    case = get_case_by_number(viewer, number)
    inputs = given.dict(exclude={"parts", "photo_ids", "co"})
    inputs["photo_ids"], inputs["co"] = tuple(given.photo_ids), tuple(given.co)
    inputs["parts"] = tuple(Part(p.title, p.condition_id, p.lead, tuple(p.co)) for p in given.parts)
    commands.move(case.pk, move, actor=viewer, now=timezone.now(), **inputs)
    return case_out(case_file(viewer, get_case_by_number(viewer, number)))


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
