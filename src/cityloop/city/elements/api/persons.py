"""Person cards; every call answers 404 "persons.off" unless the profile switches them on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.responses import Status

from cityloop.city.elements.api import schemas
from cityloop.city.elements.api.registers import ERRORS, PathId, viewer_of
from cityloop.city.elements.commands import persons as commands
from cityloop.city.elements.queries.persons import persons

router = Router(tags=["elements 要素登记"])


@router.get("/persons", response={200: list[schemas.PersonCardOut], **ERRORS}, summary="人员 Cards")
def list_persons(
    request: HttpRequest, area_code: schemas.AreaCode, after: schemas.ElementId = 0
) -> Any:
    """Cards of a community, masked."""
    return persons(viewer_of(request), area_code, ring=commands.key_ring(), after=after)


@router.post("/persons", response={201: schemas.PersonKept, **ERRORS}, summary="登记 Keep a card")
def keep_person(request: HttpRequest, given: schemas.PersonCardIn) -> Any:
    values = given.dict(exclude={"area_code", "purpose"})
    card = commands.keep_person(
        values, area_code=given.area_code, purpose=given.purpose, actor=viewer_of(request),
        now=timezone.now(),
    )  # fmt: skip
    return Status(201, {"id": card.pk})


@router.post(
    "/persons/{card_id}/open", response={200: schemas.PersonOpened, **ERRORS}, summary="查看 Open"
)
def open_person(request: HttpRequest, card_id: PathId, given: schemas.PersonOpenIn) -> Any:
    """In the clear, for a stated reason, on record."""
    return commands.open_person(
        card_id, reason=given.reason, actor=viewer_of(request), now=timezone.now()
    )


@router.delete("/persons/{card_id}", response={204: None, **ERRORS}, summary="删除 Erase")
def erase_person(request: HttpRequest, card_id: PathId) -> Any:
    commands.erase_person(card_id, actor=viewer_of(request), now=timezone.now())
    return Status(204, None)
