"""Supervision over REST. Mounted at /supervision."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import StringConstraints

from cityloop.business.cases.explaining import check_staff
from cityloop.business.cases.queries import get_case_by_number
from cityloop.business.cases.rules import reads_private
from cityloop.business.cases.watching import What
from cityloop.business.supervision import changes, queries
from cityloop.business.supervision import schemas as s
from cityloop.city.accounts.domain import Viewer

router = Router(tags=["supervision 督办"])
MaybeId = Annotated[int | None, Query(ge=0, le=2**62)]
Stage = Annotated[str, StringConstraints(max_length=16, pattern=r"^[a-z]*$")]
Days = Annotated[int, Query(ge=1, le=366)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("", response=s.SupervisionOut, summary="督办总览 What is late below me")
def read(request: HttpRequest, area: MaybeId = None, days: Days = 30) -> Any:
    return queries.supervision(_viewer(request), now=timezone.now(), area_id=area, days=days)


@router.get("/cases", response=list[s.WatchedCase], summary="督办案卷 Cases of one kind")
def cases(
    request: HttpRequest,
    what: What = "late",
    area: MaybeId = None,
    department: MaybeId = None,
    state: Stage = "",
) -> Any:
    """At most 200, the longest overdue first."""
    return queries.watched(
        _viewer(request), what, area_id=area, department_id=department, state=state
    )


@router.get("/steps", response=list[s.LateStep], summary="卡在哪一步 Where they stand")
def steps(
    request: HttpRequest,
    what: What = "late",
    area: MaybeId = None,
    department: MaybeId = None,
) -> Any:
    """The most first."""
    return queries.steps(_viewer(request), what, area_id=area, department_id=department)


@router.get("/changes", response=s.ChangesOut, summary="增减分析 What changed, and where")
def what_changed(request: HttpRequest, span: changes.Span = "day", area: MaybeId = None) -> Any:
    """day: today until now beside the same hours of the seven days before; week: the last seven
    days beside the seven before."""
    return changes.changes(_viewer(request), span, now=timezone.now(), area_id=area)


@router.get("/urges", response=list[s.UrgeOut], summary="督办记录 Urges and their answers")
def urges(request: HttpRequest, area: MaybeId = None, waiting: bool = True) -> Any:
    return queries.urges(_viewer(request), now=timezone.now(), area_id=area, waiting=waiting)


@router.get("/urges/{number}", response=list[s.UrgeOut], summary="案卷督办 Urges of one case")
def urges_of_case(request: HttpRequest, number: str) -> Any:
    viewer = _viewer(request)
    check_staff(viewer)
    case = get_case_by_number(viewer, number)
    return queries.urges_of_case(case.pk, is_open=reads_private(viewer, case))
