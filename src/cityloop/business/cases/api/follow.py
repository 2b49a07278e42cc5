"""A reporter follows the own case by key: status, answer, contest, withdraw, words, photos."""

from __future__ import annotations

from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import File, Router
from ninja.files import UploadedFile

from cityloop.business.cases import commands
from cityloop.business.cases.api import follow_schemas as f
from cityloop.business.cases.api import schemas as s
from cityloop.business.cases.api.moments import PathId
from cityloop.business.cases.commands.reporters import find_by_follow_key
from cityloop.business.cases.following import (
    followed_case,
    followed_case_id,
    followed_photo,
    ledger_receipt,
)
from cityloop.business.cases.models import Photo
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.accounts.entry import source_of
from cityloop.city.limits.commands import count_visit
from cityloop.kernel.errors import Conflict

router = Router(tags=["follow-up 查询"])
Errors = {400: s.Problem, 403: s.Problem, 404: s.Problem, 409: s.Problem, 429: s.Problem}
MOST_PHOTOS = 9  # of one reporter


@router.get("/{key}", response={200: f.FollowOut, **Errors}, summary="查询进度 Follow a case")
def read(request: HttpRequest, key: str) -> Any:
    return _read(key)


@router.get("/{key}/receipt", response={200: dict[str, Any], **Errors}, summary="存证 Receipt")
def receipt(request: HttpRequest, key: str) -> Any:
    """Proof that the report stands in the ledger; `python -m cityloop.verify` checks it."""
    return ledger_receipt(key)


@router.post("/{key}/answer", response={200: f.FollowOut, **Errors}, summary="评价 Answer")
def answer(request: HttpRequest, key: str, given: f.FollowAnswerIn) -> Any:
    """Solved or not, satisfied or not. Not solved sends the case back to handling."""
    _move(key, followed_case_id(key), "rate", **given.dict())
    return _read(key)


@router.post("/{key}/reopen", response={200: f.FollowOut, **Errors}, summary="重新办理 Reopen")
def reopen(request: HttpRequest, key: str, given: f.FollowReasonIn) -> Any:
    _move(key, followed_case_id(key), "reopen", reason=given.reason)
    return _read(key)


@router.post("/{key}/withdraw", response={200: f.FollowOut, **Errors}, summary="撤回 Withdraw")
def withdraw(request: HttpRequest, key: str, given: f.FollowReasonIn) -> Any:
    """Only while nobody works on it, and only where nobody else reported the same matter."""
    own = find_by_follow_key(key)
    shown = _read(key)
    if "withdraw" not in shown["may"] and shown["step"] == 1:
        raise Conflict(
            "follow.shared",
            f"Others reported the matter of case {shown['number']} too, so it goes on.",
            f"案卷 {shown['number']} 还有其他人反映，将继续办理，不能撤回。",
        )
    _move(key, own, "withdraw", reason=given.reason)
    return _read(key)


@router.post("/{key}/words", response={200: f.FollowOut, **Errors}, summary="补充说明 Add words")
def add_words(request: HttpRequest, key: str, given: f.FollowWordsIn) -> Any:
    """Whoever works on the case reads them in its trace."""
    now = timezone.now()
    count_visit("photos", source_of(request), now=now)
    commands.add_words(followed_case_id(key), given.text, actor=PUBLIC, now=now)
    return _read(key)


@router.post("/{key}/photos", response={200: f.FollowOut, **Errors}, summary="补充照片 Add a photo")
def add_photo(request: HttpRequest, key: str, photo: UploadedFile = File(...)) -> Any:
    now = timezone.now()
    own = find_by_follow_key(key)
    count_visit("photos", source_of(request), now=now)
    if "photo" not in _read(key)["may"]:
        raise Conflict(
            "follow.ended",
            "This matter has ended; a photo would not be seen. Send a new report.",
            "此事已办结，补充的照片不会有人看到，请重新上报。",
        )
    if Photo.objects.filter(case_id=own, stage="report").count() >= MOST_PHOTOS:
        raise Conflict(
            "follow.photos",
            f"There are {MOST_PHOTOS} photos of you already; that is as many as are kept.",
            f"您已上传 {MOST_PHOTOS} 张照片，已达上限。",
        )
    commands.add_photo(own, photo.read(), stage="report", actor=PUBLIC, now=now)
    return _read(key)


@router.get("/{key}/photos/{photo_id}/{size}", summary="照片 A photo of the own case")
def read_photo(
    request: HttpRequest, key: str, photo_id: PathId, size: Literal["image", "thumbnail"]
) -> Any:
    row = followed_photo(key, photo_id)
    response = FileResponse(getattr(row, size).open("rb"), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{row.sha256[:12]}.jpg"'
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _read(key: str) -> dict[str, Any]:
    return followed_case(key, now=timezone.now())


def _move(key: str, case_id: int, name: str, **given: Any) -> None:
    commands.move(case_id, name, actor=PUBLIC, now=timezone.now(), follow_key=key, **given)
