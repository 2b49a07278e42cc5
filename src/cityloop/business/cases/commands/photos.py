"""Photos come in re-encoded; what a file claims about itself is kept as a claim."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile

from cityloop.business.cases.commands.context import case_data, lock_case
from cityloop.business.cases.models import Photo
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.engines.pictures import Picture, take_in
from cityloop.kernel.errors import Conflict, DomainError

STAGES = ("report", "check", "before", "after", "verify")
MOST_PHOTOS = 40


def add_photo(
    case_id: int,
    data: bytes,
    *,
    stage: str,
    actor: Viewer,
    now: datetime,
    report_id: int | None = None,
) -> Photo:
    """Take a photo into a case.

    Args:
        data: JPEG, PNG or WebP bytes.
        stage: one of report, check, before, after, verify.
    Raises: DomainError("photo.*") for what is no acceptable picture, Conflict("photo.too_many").
    """
    check_stage(stage)
    picture = take_in(data)  # before the transaction: decoding may take a second
    return keep_photo(case_id, picture, stage=stage, actor=actor, now=now, report_id=report_id)


def check_stage(stage: str) -> None:
    """Raises: DomainError("photo.stage")."""
    if stage not in STAGES:
        raise DomainError(
            "photo.stage",
            f"'{stage[:20]}' is no stage of a photo; allowed: {', '.join(STAGES)}.",
            f"“{stage[:20]}”不是有效的照片阶段，可选：{'、'.join(STAGES)}。",
            where="stage",
        )


def keep_photo(
    case_id: int,
    picture: Picture,
    *,
    stage: str,
    actor: Viewer,
    now: datetime,
    report_id: int | None = None,
) -> Photo:
    """Keep a picture that was taken in. Raises: Conflict("photo.too_many")."""
    stored = hashlib.sha256(picture.jpeg).hexdigest()
    with write():
        case = lock_case(case_id)
        if Photo.objects.filter(case=case).count() >= MOST_PHOTOS:
            raise Conflict(
                "photo.too_many",
                f"Case {case.number} holds {MOST_PHOTOS} photos already.",
                f"案卷 {case.number} 已有 {MOST_PHOTOS} 张照片。",
            )
        photo = Photo(
            case=case,
            report_id=report_id,
            stage=stage,
            width=picture.width,
            height=picture.height,
            sha256=stored,
            original_sha256=picture.sha256_original,
            claimed=picture.claims,
            added_by=actor.user_id,
            added_at=now,
        )
        name = f"{stored[:20]}.jpg"
        photo.image.save(name, ContentFile(picture.jpeg), save=False)
        photo.thumbnail.save(f"t-{name}", ContentFile(picture.thumbnail), save=False)
        photo.save()
        more = {"photo": photo.pk, "stage": stage, "sha256": stored}
        record(
            Draft("case.photo", "case", case.pk, case_data(case, case.state, **more)),
            actor=actor,
            now=now,
        )
    return photo
