"""Setting times, and erasing what is past them."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.retention.domain import checked_days, moment
from cityloop.business.retention.kinds import kind_of
from cityloop.business.retention.models import Rule, Run
from cityloop.business.retention.queries import Kept, in_force
from cityloop.business.retention.rules import need_keeper
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write

BATCH = 500
MOST_A_RUN = 20_000


def set_rule(key: str, *, days: int, active: bool, actor: Viewer, now: datetime) -> Rule:
    """How long a kind is kept from now on.

    Raises: NotAllowed, NotFound("retention.unknown"), DomainError("retention.days").
    """
    need_keeper(actor)
    checked_days(days, kind_of(key).bounds())
    with write():
        values = {"days": days, "active": active, "changed_at": now, "changed_by": actor.user_id}
        row, _ = Rule.objects.update_or_create(key=key, defaults=values)
        data = {"rule": key, "days": days, "active": active}
        record(Draft("retention.set", "retention", 0, data), actor=actor, now=now)
    return row


def erase_due(*, now: datetime) -> dict[str, int]:
    """Erase what is past its time, batch by batch; how many of each kind went.

    A large backlog is worked off over several runs, so that the worker does other things too.
    """
    return {kept.kind.key: _erase(kept, now) for kept in in_force() if kept.active}


def _erase(kept: Kept, now: datetime) -> int:
    before, total = moment(kept.days, now), 0
    while total < MOST_A_RUN:
        gone = kept.kind.erase(before, BATCH, now)
        total += gone
        if gone < BATCH:
            break
    if total:
        with write():
            Run.objects.create(key=kept.kind.key, before=before, erased=total, at=now)
            data = {"rule": kept.kind.key, "days": kept.days, "erased": total}
            record(Draft("retention.ran", "retention", 0, data), actor=SYSTEM, now=now)
    return total
