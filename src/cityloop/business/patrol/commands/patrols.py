"""Walks: begun on duty, ended, cells ticked, tracks sealed. Called by `deliveries`, in its
transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.patrol.domain import (
    AHEAD,
    Point,
    cells_seen,
    check_moment,
    check_on_duty,
    check_points,
    seal_context,
)
from cityloop.business.patrol.models import Consent, Patrol, Plan, TrackPart, Visit
from cityloop.business.patrol.settings import patrol_settings
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import grids_of_worker, locate, shifts_of, tree
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound


def start_patrol(
    client_id: str, *, user_id: int, plan: str = "", at: datetime, actor: Viewer, now: datetime
) -> Patrol:
    """Begin a walk. A walk that was left open ends where the new one begins.

    Raises: NotAllowed("patrol.off_duty"), NotFound("plan.unknown"), DomainError of the moment.
    """
    keep = patrol_settings()
    check_moment(at, now, keep=keep.track)
    shifts = shifts_of(user_id, at, at)
    check_on_duty(at, shifts)
    followed = Plan.objects.filter(code=plan).first() if plan else None
    if plan and followed is None:
        raise NotFound("plan.unknown", f"There is no plan {plan!r}.", f"没有巡查计划 {plan!r}。")
    close_open(user_id, at)
    row = Patrol.objects.create(
        user_id=user_id,
        client_id=client_id,
        area_id=_home(user_id, actor),
        plan=followed,
        started_at=at,
        until=max(s.ends_at for s in shifts if s.holds(at)),
    )
    record(
        Draft("patrol.started", "patrol", row.pk, {"plan": plan or None, "at": at.isoformat()}),
        actor=actor,
        now=now,
    )
    return row


def end_patrol(
    client_id: str, *, user_id: int, at: datetime, actor: Viewer, now: datetime
) -> Patrol:
    """End a walk, at its shift's end at the latest. Raises: NotFound("patrol.unknown")."""
    row = own_patrol(user_id, client_id)
    check_moment(at, now, keep=patrol_settings().track)
    ended = max(row.started_at, min(at, row.until))
    if row.ended_at is None or row.ended_at > ended:
        Patrol.objects.filter(pk=row.pk).update(ended_at=ended)
        row.ended_at = ended
    data = {"at": ended.isoformat(), "cells": row.visits.count()}
    record(Draft("patrol.ended", "patrol", row.pk, data), actor=actor, now=now)
    return row


def _home(user_id: int, actor: Viewer) -> int | None:
    grids = grids_of_worker(user_id)
    if grids:
        return grids[0].community_id
    held = [h.area_id for h in actor.holdings if h.role is Role.GRID_WORKER]
    return held[0] if held else None


def close_open(user_id: int, at: datetime) -> None:
    """End what was left open."""
    for row in Patrol.objects.filter(user_id=user_id, ended_at=None):
        ended = max(row.started_at, min(at, row.until))
        Patrol.objects.filter(pk=row.pk).update(ended_at=ended)


def tick_cell(
    client_id: str,
    cell_code: str,
    answers: Mapping[str, str],
    *,
    user_id: int,
    at: datetime,
    now: datetime,
) -> Visit:
    """A cell was looked at, with the answers to the checklist of the plan.

    Raises: DomainError("visit.answers", "visit.not_a_cell"), Conflict("visit.outside_patrol").
    """
    row = own_patrol(user_id, client_id)
    check_moment(at, now, keep=patrol_settings().track)
    if not row.started_at - AHEAD <= at <= (row.ended_at or row.until) + AHEAD:
        raise Conflict(
            "visit.outside_patrol",
            "The visit lies outside the patrol's time.",
            "到格时间不在本次巡查的起止时间内。",
            where="at",
        )
    cell = tree().by_code(cell_code)
    if cell.level is not Level.CELL:
        raise DomainError(
            "visit.not_a_cell",
            f"{cell_code} is no cell.",
            f"{cell_code} 不是单元网格。",
            where="cell_code",
        )
    _check_answers(row, answers)
    found, made = Visit.objects.get_or_create(
        patrol=row,
        cell_id=cell.id,
        defaults={"day": _day(at), "at": at, "by": "hand", "answers": dict(answers)},
    )
    if not made:
        found.answers = {**found.answers, **answers}
        found.save(update_fields=["answers"])
    return found


def _check_answers(row: Patrol, answers: Mapping[str, str]) -> None:
    known = {item["key"] for item in (row.plan.checklist if row.plan else [])}
    wrong = [
        key for key, said in answers.items() if key not in known or said not in {"ok", "found"}
    ]
    if wrong:
        raise DomainError(
            "visit.answers",
            f"{', '.join(wrong[:5])}: not on the checklist, or neither ok nor found.",
            f"{'、'.join(wrong[:5])}：不在检查项中，或取值不是 ok / found。",
            where="answers",
        )


def add_track(
    client_id: str, points: Sequence[Point], *, user_id: int, now: datetime
) -> tuple[TrackPart | None, int]:
    """Seal some minutes of a track and count the cells it proves.

    All points or none: within a shift, after the consent, within the patrol.
    Returns: the part (None when no point lies in the city), and points outside every cell, which
    are not kept.
    Raises: NotAllowed("track.no_consent", "track.off_duty", "track.before_consent"),
        Conflict("track.outside_patrol"), DomainError("track.*", "patrol.future").
    """
    agreed = Consent.objects.filter(user_id=user_id, withdrawn_at=None).first()
    if agreed is None or agreed.version != patrol_settings().consent_version:
        raise NotAllowed(
            "track.no_consent",
            "You have not agreed to tracks (or to the present text). Nothing was stored; agree "
            "under Me, or patrol without a track.",
            "您尚未同意采集轨迹（或告知书已更新）。未保存任何数据；可在“我的”中同意，或不带轨迹巡查。",
        )
    row = own_patrol(user_id, client_id)
    keep = patrol_settings().track
    for point in points[:1] + points[-1:]:
        check_moment(point.at, now, keep=keep)
    first, last = (points[0].at, points[-1].at) if points else (now, now)
    check_points(
        points,
        shifts=shifts_of(user_id, first, last),
        consent_since=agreed.given_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
    cells, _ = locate([p.lon for p in points], [p.lat for p in points])
    inside = [(p, int(c)) for p, c in zip(points, cells, strict=True) if c >= 0]
    outside = len(points) - len(inside)
    if not inside:
        return None, outside
    part = _sealed(row, [p for p, _ in inside], now)
    for cell, at in cells_seen([c for _, c in inside], [p for p, _ in inside]).items():
        Visit.objects.get_or_create(
            patrol=row, cell_id=cell, defaults={"day": _day(at), "at": at, "by": "track"}
        )
    return part, outside


def _sealed(row: Patrol, points: Sequence[Point], now: datetime) -> TrackPart:
    first = points[0].at
    text = json.dumps([p.packed() for p in points], separators=(",", ":"))
    return TrackPart.objects.create(
        patrol=row,
        first_at=first,
        count=len(points),
        points=key_ring().seal(text, context=seal_context(row.pk, first)),
        erase_after=(first + patrol_settings().track).date(),
    )


def own_patrol(user_id: int, client_id: str) -> Patrol:
    """Raises: NotFound("patrol.unknown")."""
    row = Patrol.objects.filter(user_id=user_id, client_id=client_id).select_related("plan").first()
    if row is None:
        raise NotFound(
            "patrol.unknown",
            "There is no such patrol of yours; start it first.",
            "没有该次巡查记录，请先开始巡查。",
            where="patrol",
        )
    return row


def end_forgotten(*, now: datetime) -> int:
    """Walks end with their shift, also when nobody said so."""
    return Patrol.objects.filter(ended_at=None, until__lte=now).update(ended_at=F("until"))


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
