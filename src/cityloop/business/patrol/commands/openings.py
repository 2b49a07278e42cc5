"""Somebody other than its worker looks at a track: for a purpose, on record, told to the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cityloop.business.patrol.models import Patrol, TrackOpening
from cityloop.business.patrol.queries.tracks import seen_by, walk
from cityloop.business.patrol.rules import SEES_PATROLS
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_person, need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError, NotFound


def open_track(patrol_id: int, *, purpose: str, actor: Viewer, now: datetime) -> dict[str, Any]:
    """The path of a walk, to a supervisor of its area who says what for.

    Raises: NotAllowed("role.needed"), NotFound("patrol.unknown"), DomainError("track.purpose").
    """
    user_id = need_person(actor)
    need_role(actor, *sorted(SEES_PATROLS))
    said = purpose.strip()
    if not 4 <= len(said) <= 200:
        raise DomainError(
            "track.purpose",
            "Say for what purpose you open the track (4 to 200 characters); the worker sees it.",
            "请填写查看轨迹的用途（4 至 200 字），网格员本人可见。",
            where="purpose",
        )
    with write():
        row = Patrol.objects.filter(seen_by(actor), pk=patrol_id).first()
        if row is None:
            raise NotFound(
                "patrol.unknown",
                f"There is no patrol {patrol_id} in your areas.",
                f"您的管辖区域内没有编号为 {patrol_id} 的巡查。",
            )
        TrackOpening.objects.create(
            worker_id=row.user_id,
            opened_by=user_id,
            opened_at=now,
            patrol_id=row.pk,
            purpose=said,
        )
        record(
            Draft(
                "patrol.track_opened", "patrol", row.pk, {"worker": row.user_id}, {"purpose": said}
            ),
            actor=actor,
            now=now,
        )
        return walk(row)
