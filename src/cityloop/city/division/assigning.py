"""Duty grids as they were shared out, and the workers who answer for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.city.division.ground import community_of
from cityloop.city.places.commands import (
    assign_worker,
    release_worker,
    remove_duty_grid,
    set_duty_grid,
)
from cityloop.city.places.queries import rota, tree
from cityloop.city.places.rules import need_duty_keeper
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Share:
    """One duty grid: its cells, and who answers first (None: as it is)."""

    code: str
    name: str
    cells: tuple[str, ...]
    user_id: int | None = None


def share_cells(
    community: str, shares: Sequence[Share], *, actor: Viewer, now: datetime
) -> dict[str, int]:
    """The duty grids of a community are these and no others, with their workers.

    Raises: NotAllowed, DomainError("division.shares") unless every cell is in exactly one share,
        and those of set_duty_grid and assign_worker; nothing is written then.
    """
    area = community_of(community)
    need_duty_keeper(actor, tree().path(area.id).ids())
    _need_all_once(area.id, shares)
    with write():
        before = rota.duty_grids(viewer=actor, area_id=area.id, limit=rota.MOST)
        given = {share.code for share in shares}
        for grid in before:
            if grid["code"] not in given:
                remove_duty_grid(grid["code"], actor=actor, now=now)
        firsts = {
            grid["code"]: [w["user_id"] for w in grid["workers"] if w["rank"] == 1]
            for grid in before
        }
        for share in shares:
            set_duty_grid(share.code, name=share.name, cell_codes=share.cells, actor=actor, now=now)
            _put_first(share, firsts.get(share.code, []), actor, now)
    return {"grids": len(shares), "removed": sum(g["code"] not in given for g in before)}


def _put_first(share: Share, firsts: Sequence[int], actor: Viewer, now: datetime) -> None:
    if share.user_id is None or list(firsts) == [share.user_id]:
        return
    for user_id in firsts:
        if user_id != share.user_id:
            release_worker(share.code, user_id, actor=actor, now=now)
    assign_worker(share.code, share.user_id, actor=actor, now=now)


def _need_all_once(community_id: int, shares: Sequence[Share]) -> None:
    cells = {cell.code for cell in tree().children(community_id)}
    given = Counter(code for share in shares for code in share.cells)
    missing, foreign = sorted(cells - set(given)), sorted(set(given) - cells)
    twice = sorted(code for code, n in given.items() if n > 1)
    codes = [code for code, n in Counter(share.code for share in shares).items() if n > 1]
    for found, en, zh in (
        (missing, "is in no share", "未分给任何责任网格"),
        (foreign, "is no cell of this community now", "不是本社区的现行网格"),
        (twice, "is in two shares", "分给了两个责任网格"),
        (codes, "is the code of two shares", "是两个责任网格的编码"),
    ):
        if found:
            shown = ", ".join(found[:5])
            raise DomainError(
                "division.shares", f"{shown} {en}. Every cell belongs to exactly one share; "
                "ask for the proposal again.",
                f"{shown} {zh}。每个网格须且只须属于一个责任网格，请重新生成方案。",
                where="shares", details={"codes": found[:50]},
            )  # fmt: skip
