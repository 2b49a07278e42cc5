"""Plans are set as a whole, by code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from cityloop.business.patrol.models import Plan
from cityloop.business.patrol.queries.plans import cells_of
from cityloop.business.patrol.rules import KEEPS_PLANS, need_in_all
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import grids, tree
from cityloop.kernel.errors import DomainError, NotFound

KEY = re.compile(r"^[a-z0-9_]{1,24}$")
MOST_ITEMS = 20


def set_plan(
    code: str,
    *,
    name_zh: str,
    name_en: str = "",
    cell_codes: Sequence[str] = (),
    duty_grid_codes: Sequence[str] = (),
    every_days: int = 1,
    checklist: Sequence[Mapping[str, str]] = (),
    active: bool = True,
    actor: Viewer,
    now: datetime,
) -> Plan:
    """Make or replace a plan.

    Args:
        every_days: how often each cell wants a visit; 1 = daily, at most 366.
        checklist: what to look at in each cell: key, zh, en.
    Raises: DomainError("plan.code", "plan.name", "plan.every", "plan.checklist", "plan.no_cells",
        "plan.not_cells", "plan.no_grid"), NotAllowed("patrol.not_your_area").
    """
    _check_words(code, name_zh, name_en, every_days)
    items = _checked_list(checklist)
    cells, known = _checked_cells(cell_codes), _checked_grids(duty_grid_codes)
    plan = Plan(cell_codes=cells, duty_grid_codes=known)
    everywhere = cells_of([plan])[0]
    if not everywhere:
        raise DomainError(
            "plan.no_cells",
            "A plan needs at least one cell or duty grid.",
            "巡查计划至少应包含一个网格或责任网格。",
            where="cell_codes",
        )
    need_in_all(actor, everywhere, KEEPS_PLANS)
    with write():
        old = Plan.objects.select_for_update().filter(code=code).first()
        if old is not None:
            need_in_all(actor, cells_of([old])[0], KEEPS_PLANS)
            plan.pk = old.pk
        plan.code, plan.name_zh, plan.name_en = code, name_zh.strip(), name_en.strip()
        plan.every_days, plan.checklist, plan.active = every_days, items, active
        plan.changed_at = now
        plan.save()
        data = {"plan": code, "cells": len(everywhere), "every_days": every_days, "active": active}
        record(Draft("patrol.plan_set", "patrol_plan", plan.pk, data), actor=actor, now=now)
    return plan


def end_plan(code: str, *, actor: Viewer, now: datetime) -> None:
    """A plan is no longer followed; what was patrolled by it stays. Raises: NotFound."""
    with write():
        plan = Plan.objects.select_for_update().filter(code=code).first()
        if plan is None:
            raise NotFound(
                "plan.unknown", f"There is no plan {code!r}.", f"没有巡查计划 {code!r}。"
            )
        need_in_all(actor, cells_of([plan])[0], KEEPS_PLANS)
        Plan.objects.filter(pk=plan.pk).update(active=False, changed_at=now)
        record(Draft("patrol.plan_ended", "patrol_plan", plan.pk), actor=actor, now=now)


def _check_words(code: str, name_zh: str, name_en: str, every_days: int) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,24}", code):
        raise DomainError(
            "plan.code",
            f"{code!r:.40} is no code: 1 to 24 letters, digits, _ . -",
            f"{code!r:.40} 不是有效编码，应为 1 至 24 位字母、数字或 _ . -",
            where="code",
        )
    if not 0 < len(name_zh.strip()) <= 120 or len(name_en) > 120 or "\x00" in name_zh + name_en:
        raise DomainError(
            "plan.name",
            "A plan needs a name of 1 to 120 characters.",
            "计划名称应为 1 至 120 字。",
            where="name_zh",
        )
    if not 1 <= every_days <= 366:
        raise DomainError(
            "plan.every",
            f"Every {every_days} days is not possible; 1 to 366.",
            f"巡查周期 {every_days} 天无效，应为 1 至 366 天。",
            where="every_days",
        )


def _checked_list(checklist: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    items = [
        {name: str(row.get(name, "")).strip() for name in ("key", "zh", "en")} for row in checklist
    ]
    keys = [item["key"] for item in items]
    good = all(
        KEY.match(i["key"]) and 0 < len(i["zh"]) <= 120 and len(i["en"]) <= 120 for i in items
    )
    if len(items) > MOST_ITEMS or not good or len(set(keys)) < len(keys):
        raise DomainError(
            "plan.checklist",
            f"A checklist has at most {MOST_ITEMS} items, each with its own key (a-z 0-9 _) and a "
            "Chinese text of 1 to 120 characters.",
            f"检查项最多 {MOST_ITEMS} 项，每项应有不重复的 key（小写字母、数字、_）"
            "和 1 至 120 字的中文。",
            where="checklist",
        )
    return items


def _checked_cells(codes: Sequence[str]) -> list[str]:
    cells = [tree().by_code(code) for code in dict.fromkeys(codes)]
    wrong = [c.code for c in cells if c.level is not Level.CELL]
    if wrong:
        raise DomainError(
            "plan.not_cells",
            f"{', '.join(wrong[:5])}: no cells. Name cells or duty grids.",
            f"{'、'.join(wrong[:5])} 不是单元网格，请填写网格或责任网格编码。",
            where="cell_codes",
        )
    return [c.code for c in cells]


def _checked_grids(codes: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(codes))
    missing = sorted(set(wanted) - {g.code for g in grids(wanted)})
    if missing:
        raise DomainError(
            "plan.no_grid",
            f"There is no duty grid {', '.join(missing[:5])}.",
            f"没有责任网格 {'、'.join(missing[:5])}。",
            where="duty_grid_codes",
        )
    return wanted
