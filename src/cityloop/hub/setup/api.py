"""/setup: the first administrators (open while there are none), and how far the setup is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import StringConstraints

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_person
from cityloop.hub.setup import commands, queries
from cityloop.hub.setup.domain import next_step

router = Router(tags=["首次启用 setup"])


class DoorOut(Schema):
    """needs_administrators: the first step is open, with the setup code."""

    needs_administrators: bool


class SetupCodeIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class AdministratorOut(Schema):
    """Shown once: one a person."""

    username: str
    password: str | None


class SetupStepOut(Schema):
    """A step: `have` of `want`; state done, partly or open."""

    key: str
    have: int
    want: int | None
    state: str


class SetupMissingOut(Schema):
    key: str
    count: int
    examples: list[str]


class SetupStatusOut(Schema):
    steps: list[SetupStepOut]
    next: str | None
    missing: list[SetupMissingOut]


class ProfileOut(Schema):
    key: str
    zh: str
    en: str
    in_use: bool


class TakenOut(Schema):
    departments: int
    version: int | None
    rules: int
    days: int


@router.get("", response=DoorOut, summary="Is it new 是否待启用")
def door(request: HttpRequest) -> dict[str, bool]:
    return {"needs_administrators": not queries.has_administrators()}


@router.post(
    "/administrators", response={201: list[AdministratorOut]}, summary="三员 The first three"
)
def administrators(request: HttpRequest, given: SetupCodeIn) -> Status[Any]:
    """With the code of the data folder, while there is no administrator."""
    made = commands.make_administrators(given.code, now=timezone.now())
    return Status(201, [{"username": m.username, "password": m.password} for m in made])


@router.get("/status", response=SetupStatusOut, summary="How far it is 进度")
def status(request: HttpRequest) -> dict[str, Any]:
    found = queries.status(viewer=_person(request), now=timezone.now())
    return {
        "steps": [asdict(s) | {"state": s.state} for s in found.steps],
        "next": next_step(found.steps),
        "missing": [asdict(m) for m in found.missing],
    }


@router.get("/profiles", response=list[ProfileOut], summary="Profiles 城市方案")
def profiles(request: HttpRequest) -> list[dict[str, Any]]:
    need_person(_person(request))
    return queries.profiles()


@router.post("/profile", response=TakenOut, summary="Take the profile 载入方案")
def take_profile(request: HttpRequest) -> Any:
    return commands.take_profile(actor=_person(request), now=timezone.now())


def _person(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    need_person(viewer)
    return viewer
