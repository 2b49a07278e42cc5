"""Practice over REST. Nothing here reads or writes a case."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from ninja.responses import Status

from cityloop.city.accounts.domain import ROLE_NAMES, Role
from cityloop.hub.practice import commands, queries, schemas
from cityloop.hub.practice.domain import SETS, Answer
from cityloop.hub.practice.rules import check_may_practise
from cityloop.hub.practice.shaping import run_out, two

router = Router(tags=["practice 练习"])
RunId = Annotated[int, Path(ge=0, le=2**62)]
Nth = Annotated[int, Path(ge=0, le=100)]


@router.get("", response=schemas.PracticeOut, summary="练习 Exercises and my record")
def practice(request: HttpRequest) -> Any:
    viewer = request.viewer  # type: ignore[attr-defined]
    user_id = check_may_practise(viewer)
    own = {h.role.value for h in viewer.holdings}
    own |= {"handler"} if viewer.holds(Role.DEPARTMENT_LEAD) else set()
    lessons = [
        {"role": role, "zh": ROLE_NAMES[Role(role)][0], "en": ROLE_NAMES[Role(role)][1],
         "matters": len(stories), "own": role in own}
        for role, stories in SETS.items()
    ]  # fmt: skip
    return {
        "lessons": sorted(lessons, key=lambda lesson: not lesson["own"]),
        "record": queries.record_of(user_id),
        "consent": queries.has_consented(user_id),
    }


@router.post("/runs", response={201: schemas.PracticeRun}, summary="开始练习 Start an exercise")
def start(request: HttpRequest, given: schemas.PracticeStart) -> Status[Any]:
    actor = request.viewer  # type: ignore[attr-defined]
    return Status(201, run_out(commands.start_run(given.role, actor=actor, now=timezone.now())))


@router.get("/runs/{run_id}", response=schemas.PracticeRun, summary="一次练习 One exercise")
def one(request: HttpRequest, run_id: RunId) -> Any:
    return run_out(queries.own_run(request.viewer, run_id))  # type: ignore[attr-defined]


@router.post("/runs/{run_id}/items/{n}", response=schemas.PracticeStep, summary="作答 Decide")
def decide(request: HttpRequest, run_id: RunId, n: Nth, given: schemas.PracticeAnswer) -> Any:
    """Refused as the platform would refuse it, or judged at once."""
    actor = request.viewer  # type: ignore[attr-defined]
    answer = Answer(**{**given.dict(), "co": tuple(given.co)})
    step = commands.answer(run_id, n, answer, actor=actor, now=timezone.now())
    return {
        "refused": two(step.refused) if step.refused else None,
        "told": two(step.told) if step.told else None,
        "run": run_out(queries.own_run(actor, run_id)),
    }


@router.delete("/runs/{run_id}", response={204: None}, summary="删除练习 Forget an exercise")
def forget(request: HttpRequest, run_id: RunId) -> Status[None]:
    commands.forget_run(run_id, actor=request.viewer)  # type: ignore[attr-defined]
    return Status(204, None)


@router.put("/consent", response=schemas.PracticeConsent, summary="公开我的练习记录 Show my record")
def consent(request: HttpRequest, given: schemas.PracticeConsentIn) -> Any:
    """Superiors see the record only while this stands."""
    actor = request.viewer  # type: ignore[attr-defined]
    return {"given": commands.set_consent(given.given, actor=actor, now=timezone.now())}


@router.get("/people", response=list[schemas.PracticePerson], summary="公开的记录 Records shown")
def people(request: HttpRequest) -> Any:
    return queries.shown_records(request.viewer)  # type: ignore[attr-defined]
