"""Duty grids, their workers, shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import holds_now
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places import queries
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.models import DutyGrid, DutyWorker, Shift
from cityloop.city.places.rules import need_duty_keeper
from cityloop.kernel.errors import Conflict, DomainError, NotFound

LONGEST_SHIFT = timedelta(hours=48)


def set_duty_grid(
    code: str, *, name: str, cell_codes: Sequence[str], actor: Viewer, now: datetime
) -> int:
    """The duty grid of this code with exactly these cells, made or changed; its id.

    Raises: NotFound("place.unknown_code"), DomainError duty.no_cells, duty.not_cells,
        duty.two_communities, duty.code.
    """
    _check_names(code, name)
    cells = _cells(cell_codes)
    community = _one_community(cells)
    need_duty_keeper(actor, queries.tree().path(community).ids())
    with write():
        grid = DutyGrid.objects.select_for_update().filter(code=code).first()
        grid = grid or DutyGrid(code=code)
        if grid.pk:  # who keeps one community must not take a grid out of another
            need_duty_keeper(actor, queries.tree().path(grid.community_id).ids())
        grid.name, grid.community_id = name.strip(), community
        grid.save()
        grid.cells.set([cell.id for cell in cells])
        data = {"code": code, "cells": [cell.code for cell in cells]}
        record(Draft("duty.grid_set", "duty_grid", grid.pk, data), actor=actor, now=now)
    return grid.pk


def assign_worker(
    grid_code: str, user_id: int, *, rank: int = 1, actor: Viewer, now: datetime
) -> None:
    """A grid worker of a duty grid; the lowest rank answers first. Again: the rank changes.

    Raises: NotFound("duty.no_grid"), DomainError("duty.not_a_grid_worker" | "duty.rank").
    """
    grid = get_grid(grid_code, actor)
    if not 1 <= rank <= 100:
        raise DomainError(
            "duty.rank", f"Rank {rank} is not 1-100; 1 answers first.", f"顺位 {rank} 须为 1-100。"
        )
    _check_worker(user_id)
    with write():
        DutyWorker.objects.update_or_create(
            duty_grid=grid, user_id=user_id, defaults={"rank": rank}
        )
        data = {"user": user_id, "rank": rank}
        record(Draft("duty.assigned", "duty_grid", grid.pk, data), actor=actor, now=now)


def release_worker(grid_code: str, user_id: int, *, actor: Viewer, now: datetime) -> None:
    """Take a worker off a duty grid. Raises: NotFound("duty.no_grid" | "duty.not_assigned")."""
    grid = get_grid(grid_code, actor)
    with write():
        gone, _ = DutyWorker.objects.filter(duty_grid=grid, user_id=user_id).delete()
        if not gone:
            raise NotFound(
                "duty.not_assigned",
                f"User {user_id} is not in the duty grid {grid_code}.",
                f"用户 {user_id} 不在责任网格 {grid_code} 中。",
            )
        data = {"user": user_id}
        record(Draft("duty.released", "duty_grid", grid.pk, data), actor=actor, now=now)


def add_shift(
    user_id: int, starts_at: datetime, ends_at: datetime, *, actor: Viewer, now: datetime
) -> int:
    """A span on duty; the same span twice is one. Its id.

    Raises: DomainError("shift.length") unless it lasts up to 48 h, "shift.naive" without a zone.
    """
    need_duty_keeper(actor)
    check_span(starts_at, ends_at)
    _check_worker(user_id)
    with write():
        known = Shift.objects.filter(user_id=user_id, starts_at=starts_at, ends_at=ends_at).first()
        if known is not None:
            return known.pk
        shift = Shift.objects.create(user_id=user_id, starts_at=starts_at, ends_at=ends_at)
        data = {"shift": shift.pk, "from": starts_at.isoformat(), "until": ends_at.isoformat()}
        record(Draft("duty.shift_added", "user", user_id, data), actor=actor, now=now)
    return shift.pk


def remove_shift(shift_id: int, *, actor: Viewer, now: datetime) -> None:
    """Take back a shift that has not ended. Raises: NotFound, Conflict("shift.over")."""
    need_duty_keeper(actor)
    with write():
        shift = Shift.objects.select_for_update().filter(pk=shift_id).first()
        if shift is None:
            raise NotFound("shift.unknown", f"There is no shift {shift_id}.", "没有此班次。")
        if shift.ends_at <= now:
            raise Conflict(
                "shift.over", "This shift is over; it stays as it was.", "班次已结束，不可撤销。"
            )
        shift.delete()
        data = {"shift": shift_id}
        record(Draft("duty.shift_removed", "user", shift.user_id, data), actor=actor, now=now)


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raises: DomainError("shift.naive" | "shift.length")."""
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise DomainError(
            "shift.naive",
            "A shift needs times with a zone, e.g. 2026-05-01T08:00:00+08:00.",
            "班次时间须带时区，例如 2026-05-01T08:00:00+08:00。",
        )
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SHIFT:
        raise DomainError(
            "shift.length",
            f"A shift ends after it starts and lasts at most 48 h: {starts_at} - {ends_at}.",
            f"班次须先起后止且不超过 48 小时：{starts_at} 至 {ends_at}。",
            where="ends_at",
        )


def _check_names(code: str, name: str) -> None:
    if not 0 < len(code) <= 24 or not 0 < len(name.strip()) <= 120 or "\x00" in code + name:
        raise DomainError(
            "duty.code",
            f"A duty grid needs a code of 1-24 and a name of 1-120 characters: {code!r:.40}, "
            f"{name!r:.40}.",
            f"责任网格编码 1-24 字、名称 1-120 字：{code!r:.40}，{name!r:.40}。",
            where="code",
        )


def _cells(codes: Sequence[str]) -> list[AreaInfo]:
    cells = [queries.tree().by_code(code) for code in dict.fromkeys(codes)]
    wrong = [c.code for c in cells if c.level is not Level.CELL]
    if wrong or not cells:
        raise DomainError(
            "duty.not_cells" if wrong else "duty.no_cells",
            f"A duty grid is a set of cells; {', '.join(wrong[:5]) or 'nothing'} is not.",
            f"责任网格由单元网格组成；{'、'.join(wrong[:5]) or '未给出网格'}。",
            where="cell_codes",
        )
    return cells


def _one_community(cells: Sequence[AreaInfo]) -> int:
    communities = {cell.parent_id for cell in cells}
    if len(communities) > 1 or None in communities:
        raise DomainError(
            "duty.two_communities",
            "All cells of a duty grid lie in one community; make one duty grid for each.",
            "责任网格不得跨社区，请按社区分设。",
            where="cell_codes",
        )
    return next(c for c in communities if c is not None)


def get_grid(code: str, actor: Viewer) -> DutyGrid:
    """A duty grid the actor keeps. Raises: NotFound("duty.no_grid"), NotAllowed."""
    grid = DutyGrid.objects.filter(code=code).first()
    if grid is None:
        raise NotFound(
            "duty.no_grid", f"There is no duty grid {code!r}.", f"没有责任网格 {code!r}。"
        )
    need_duty_keeper(actor, queries.tree().path(grid.community_id).ids())
    return grid


def _check_worker(user_id: int) -> None:
    if not holds_now(user_id, Role.GRID_WORKER):
        raise DomainError(
            "duty.not_a_grid_worker",
            f"User {user_id} is no active grid worker. The security administrator grants the "
            "role first.",
            f"用户 {user_id} 不是在任网格员，请先由安全管理员授予角色。",
            where="user_id",
        )
