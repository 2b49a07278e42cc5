"""Keeping, sharing and dropping filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cityloop.business.cases.queries import count_cases
from cityloop.business.desk.models import SavedFilter
from cityloop.business.desk.rules import check_may_keep, check_may_share
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError, NotFound

MOST = 40


def save_filter(
    name: str,
    filters: Mapping[str, Any],
    *,
    actor: Viewer,
    now: datetime,
    order: str = "due",
    role: str = "",
    filter_id: int | None = None,
) -> SavedFilter:
    """Keep a filter, or change one of the own.

    Args:
        filters: as `case_page` takes them, JSON values.
        role: shared with whoever holds it; each of them sees only the cases they may know of.
    Raises: NotAllowed("desk.not_yours", "filter.share"), NotFound("filter.unknown"),
        Conflict("filter.name"), DomainError("filter.most", "list.filter", ...).
    """
    owner = check_may_keep(actor)
    if role:
        check_may_share(actor, Role(role))
    count_cases(actor, filters, most=1)  # a filter that cannot be asked is refused, not kept
    with write():
        row = _own(owner, filter_id) if filter_id is not None else _new(owner)
        others = SavedFilter.objects.filter(owner_id=owner, name=name.strip()).exclude(pk=row.pk)
        if others.exists():
            raise Conflict(
                "filter.name",
                f"You have a filter named '{name.strip()}' already. Give another name.",
                f"已有名为“{name.strip()}”的筛选，请换一个名称。",
                where="name",
            )
        was = row.role
        row.name, row.filters, row.order = name.strip(), dict(filters), order
        row.role, row.saved_at = role, now
        row.save()
        if role or was:
            data = {"role": role, "was": was, "filters": sorted(row.filters)}
            record(Draft("filter.shared", "filter", row.pk, data), actor=actor, now=now)
    return row


def drop_filter(filter_id: int, *, actor: Viewer, now: datetime) -> None:
    """Drop one of the own filters. Raises: NotFound("filter.unknown")."""
    owner = check_may_keep(actor)
    with write():
        row = _own(owner, filter_id)
        if row.role:
            data = {"role": "", "was": row.role, "filters": sorted(row.filters)}
            record(Draft("filter.shared", "filter", row.pk, data), actor=actor, now=now)
        row.delete()


def _own(owner: int, filter_id: int) -> SavedFilter:
    row = SavedFilter.objects.select_for_update().filter(pk=filter_id, owner_id=owner).first()
    if row is None:
        raise NotFound(
            "filter.unknown",
            f"You have no filter {filter_id}; a shared one is changed by who made it.",
            f"您没有编号为 {filter_id} 的筛选；共享的筛选由创建人修改。",
            where="filter_id",
        )
    return row


def _new(owner: int) -> SavedFilter:
    if SavedFilter.objects.filter(owner_id=owner).count() >= MOST:
        raise DomainError(
            "filter.most",
            f"You keep {MOST} filters, as many as there may be. Delete one first.",
            f"常用筛选最多保存 {MOST} 个，请先删除一个。",
        )
    return SavedFilter(owner_id=owner)
