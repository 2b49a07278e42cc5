"""A grid worker's device. Mounted at /worker; for people, not for tokens."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from ninja import File, Form, Path, Router
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from cityloop.business.cases.domain.values import NewReport
from cityloop.business.patrol import commands
from cityloop.business.patrol.api import schemas as s
from cityloop.business.patrol.domain import Point
from cityloop.business.patrol.queries.inspections import own_inspections
from cityloop.business.patrol.queries.today import today
from cityloop.business.patrol.queries.tracks import own_track
from cityloop.city.accounts.domain import Viewer
from cityloop.city.refusals import Problem

router = Router(tags=["worker 网格员"])
Errors = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
GIVEN = {"client_id", "user_id", "at"}


def _viewer(request: HttpRequest, item: s.WorkerItem | None = None) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if item is not None:
        commands.need_same_user(viewer, item.user_id)
    return viewer


@router.get(
    "/today", response={200: s.WorkerToday, **Errors}, summary="今日 A day in the field, whole"
)
@decorate_view(gzip_page)  # the whole catalogue is in it, and a phone's line is slow
def read_today(request: HttpRequest) -> Any:
    return today(_viewer(request), now=timezone.now())


@router.post("/reports", response={200: s.WorkerTaken, **Errors}, summary="上报 Report, once")
def send_report(request: HttpRequest, item: s.WorkerReportIn) -> Any:
    fields = item.dict(exclude=GIVEN)
    report = NewReport(channel="", external_id="", happened_at=item.at, **fields)
    return commands.deliver_report(
        item.client_id, report, actor=_viewer(request, item), now=timezone.now()
    )


@router.post("/photos", response={200: s.WorkerTaken, **Errors}, summary="照片 Photo, once")
def send_photo(
    request: HttpRequest,
    photo: UploadedFile = File(...),
    client_id: s.Id = Form(...),
    user_id: s.User = Form(...),
    stage: str = Form("report"),
    number: str = Form("", max_length=32),
    report: str = Form("", max_length=64),
) -> Any:
    viewer = _viewer(request)
    commands.need_same_user(viewer, user_id)
    return commands.deliver_photo(
        client_id,
        photo.read(),
        stage=stage,
        number=number,
        report=report,
        actor=viewer,
        now=timezone.now(),
    )


@router.post("/moves", response={200: s.WorkerTaken, **Errors}, summary="办理 Move, once")
def send_move(request: HttpRequest, item: s.WorkerMoveIn) -> Any:
    inputs = item.dict(exclude=GIVEN | {"move", "number", "report", "photos"})
    return commands.deliver_move(
        item.client_id,
        item.move,
        number=item.number,
        report=item.report,
        photos=item.photos,
        at=item.at,
        inputs=inputs,
        actor=_viewer(request, item),
        now=timezone.now(),
    )


@router.get(
    "/inspections",
    response={200: s.WorkerInspections, **Errors},
    summary="本格待巡部件 Components of the own cells to look at",
)
def read_inspections(request: HttpRequest) -> Any:
    return own_inspections(_viewer(request), now=timezone.now())


@router.post(
    "/inspections", response={200: s.WorkerTaken, **Errors}, summary="部件巡检 Inspection, once"
)
def send_inspection(request: HttpRequest, item: s.WorkerInspectionIn) -> Any:
    """With a defect or a loss the answer names the case that came of it."""
    fields = item.dict(exclude={"client_id", "user_id", "element_id"})
    return commands.deliver_inspection(
        item.client_id, item.element_id, **fields, actor=_viewer(request, item), now=timezone.now()
    )


@router.post("/patrols", response={200: s.WorkerTaken, **Errors}, summary="开始巡查 Start a patrol")
def send_start(request: HttpRequest, item: s.PatrolStartIn) -> Any:
    return commands.deliver_start(
        item.client_id,
        plan=item.plan,
        at=item.at,
        actor=_viewer(request, item),
        now=timezone.now(),
    )


@router.post("/patrols/end", response={200: s.WorkerTaken, **Errors}, summary="结束巡查 End it")
def send_end(request: HttpRequest, item: s.PatrolEndIn) -> Any:
    return commands.deliver_end(
        item.client_id,
        patrol=item.patrol,
        at=item.at,
        actor=_viewer(request, item),
        now=timezone.now(),
    )


@router.post(
    "/visits", response={200: s.WorkerTaken, **Errors}, summary="到格 A cell was looked at"
)
def send_visit(request: HttpRequest, item: s.PatrolVisitIn) -> Any:
    return commands.deliver_visit(
        item.client_id,
        patrol=item.patrol,
        cell_code=item.cell_code,
        answers=item.answers,
        at=item.at,
        actor=_viewer(request, item),
        now=timezone.now(),
    )


@router.post(
    "/tracks", response={200: s.WorkerTaken, **Errors}, summary="轨迹 Some minutes of a track"
)
def send_track(request: HttpRequest, item: s.TrackPartIn) -> Any:
    points = [Point(p.lon, p.lat, p.at, p.accuracy_m) for p in item.points]
    return commands.deliver_track(
        item.client_id,
        patrol=item.patrol,
        points=points,
        actor=_viewer(request, item),
        now=timezone.now(),
    )


@router.get(
    "/patrols/{client_id}/track",
    response={200: s.TrackOut, **Errors},
    summary="本人轨迹 The own track",
)
def read_own_track(request: HttpRequest, client_id: Annotated[s.Id, Path()]) -> Any:
    return own_track(client_id, viewer=_viewer(request))


@router.put(
    "/consent", response={200: s.WorkerTaken, **Errors}, summary="同意采集轨迹 Agree to tracks"
)
def agree(request: HttpRequest, given: s.TrackConsentIn) -> Any:
    commands.give_consent(given.version, actor=_viewer(request), now=timezone.now())
    return {"repeated": False}


@router.delete(
    "/consent",
    response={200: s.TrackConsentWithdrawn, **Errors},
    summary="撤回同意 Withdraw; tracks go",
)
def withdraw(request: HttpRequest) -> Any:
    gone = commands.withdraw_consent(actor=_viewer(request), now=timezone.now())
    return {"parts_deleted": gone}
