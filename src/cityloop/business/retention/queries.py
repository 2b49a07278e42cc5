"""Times in force, what is due, what went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cityloop.business.retention.domain import Bounds, checked_days, moment
from cityloop.business.retention.kinds import KINDS, KeptKind, kind_of
from cityloop.business.retention.models import Rule, Run
from cityloop.business.retention.rules import need_reader
from cityloop.city.accounts.domain import Viewer


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind with the time in force."""

    kind: KeptKind
    bounds: Bounds
    days: int
    active: bool
    changed_at: datetime | None
    changed_by: int | None


def in_force() -> list[Kept]:
    """Every kind with its time; days chosen under wider bounds are brought within them."""
    chosen = {row.key: row for row in Rule.objects.all()}
    found = []
    for kind in KINDS.values():
        bounds, row = kind.bounds(), chosen.get(kind.key)
        days = min(max(row.days, bounds.least), bounds.most) if row else bounds.default
        found.append(
            Kept(
                kind,
                bounds,
                days,
                row.active if row else True,
                row.changed_at if row else None,
                row.changed_by if row else None,
            )
        )
    return found


def rules(*, viewer: Viewer) -> list[Kept]:
    """The same for an administrator. Raises: NotAllowed."""
    need_reader(viewer)
    return in_force()


def due(key: str, days: int, *, viewer: Viewer, now: datetime) -> int:
    """How many would go if this time were in force; nothing is changed.

    Raises: NotAllowed, NotFound("retention.unknown"), DomainError("retention.days").
    """
    need_reader(viewer)
    kind = kind_of(key)
    return kind.due(moment(checked_days(days, kind.bounds()), now))


def runs(*, viewer: Viewer, limit: int = 50) -> list[Run]:
    """Runs that erased something, newest first. Raises: NotAllowed."""
    need_reader(viewer)
    return list(Run.objects.order_by("-pk")[: min(limit, 200)])
