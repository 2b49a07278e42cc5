"""A reporter follows the own case by key: status, answer, contest, withdraw, photos."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Router
from ninja.files import UploadedFile

from cityloop.business.cases import commands
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.shaping import photo_out
from cityloop.business.cases.commands.reporters import find_by_follow_key
from cityloop.business.cases.following import followed_case, ledger_receipt
from cityloop.city.accounts.domain import PUBLIC

router = Router(tags=["follow-up 查询"])
Errors = {400: s.Problem, 403: s.Problem, 404: s.Problem, 409: s.Problem}


@router.get("/{key}", response={200: s.FollowOut, **Errors}, summary="查询进度 Follow a case")
def read(request: HttpRequest, key: str) -> Any:
    return followed_case(key)


@router.get("/{key}/receipt", response={200: dict[str, Any], **Errors}, summary="存证 Receipt")
def receipt(request: HttpRequest, key: str) -> Any:
    """Proof that the report stands in the ledger; `python -m cityloop.verify` checks it."""
    return ledger_receipt(key)


@router.post("/{key}/answer", response={200: s.FollowOut, **Errors}, summary="评价 Answer")
def answer(request: HttpRequest, key: str, given: s.AnswerIn) -> Any:
    """Solved or not, satisfied or not. Not solved sends the case back to handling."""
    _move(key, "rate", **given.dict())
    return followed_case(key)


@router.post("/{key}/reopen", response={200: s.FollowOut, **Errors}, summary="重新办理 Reopen")
def reopen(request: HttpRequest, key: str, given: s.WordsIn) -> Any:
    _move(key, "reopen", reason=given.reason)
    return followed_case(key)


@router.post("/{key}/withdraw", response={200: s.FollowOut, **Errors}, summary="撤回 Withdraw")
def withdraw(request: HttpRequest, key: str, given: s.WordsIn) -> Any:
    _move(key, "withdraw", reason=given.reason)
    return followed_case(key)


@router.post("/{key}/photos", response={200: s.PhotoOut, **Errors}, summary="补充照片 Add a photo")
def add_photo(request: HttpRequest, key: str, photo: UploadedFile = File(...)) -> Any:
    case_id = find_by_follow_key(key)
    row = commands.add_photo(
        case_id, photo.read(), stage="report", actor=PUBLIC, now=timezone.now()
    )
    return photo_out(row, row.case.number)


def _move(key: str, name: str, **given: Any) -> None:
    commands.move(
        find_by_follow_key(key), name, actor=PUBLIC, now=timezone.now(), follow_key=key, **given
    )
