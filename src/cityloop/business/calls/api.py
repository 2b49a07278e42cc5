"""Calls over REST. Mounted at /calls."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from cityloop.business.calls import commands, queries
from cityloop.business.calls import schemas as s
from cityloop.business.cases.domain.values import NewReporter
from cityloop.city.accounts.domain import Viewer
from cityloop.city.refusals import Problem

router = Router(tags=["calls 来电登记"])
Errors = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.post("", response={200: s.CallOut, **Errors}, summary="登记来电 Take a call")
def take(request: HttpRequest, given: s.CallIn) -> Any:
    """All matters of one call. Safe to send again under the same call_id."""
    viewer = _viewer(request)
    rows = commands.take_call(
        given.call_id,
        [one.dict() for one in given.matters],
        reporter=NewReporter(name=given.name, phone=given.phone),
        confidential=given.confidential,
        language=viewer.language,
        actor=viewer,
        now=timezone.now(),
    )
    return {"rows": rows}


@router.post("/hear", response={200: s.HeardOut, **Errors}, summary="听辨 What was said")
def hear(request: HttpRequest, given: s.MatterIn) -> Any:
    """Class, urgency, place, who and by when, likely repeats, of words still being written."""
    return queries.hear(_viewer(request), **given.dict(), now=timezone.now())


@router.post("/said", response={200: s.CallRow, **Errors}, summary="再次来电 Called again")
def said(request: HttpRequest, given: s.SaidIn) -> Any:
    """What a repeat caller says, on the case it is about; whoever works on it reads it."""
    return commands.say_again(given.number, given.text, actor=_viewer(request), now=timezone.now())
