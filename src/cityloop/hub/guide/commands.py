"""Remembering tours."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_person
from cityloop.city.db import write
from cityloop.hub.guide.models import TourSeen
from cityloop.kernel.errors import DomainError

MOST = 50


def see_tour(tour: str, *, actor: Viewer, now: datetime) -> None:
    """This tour does not begin by itself again. Raises: DomainError("guide.too_many")."""
    user_id = need_person(actor)
    with write():
        known = set(TourSeen.objects.filter(user_id=user_id).values_list("tour", flat=True))
        if tour not in known and len(known) >= MOST:
            raise DomainError(
                "guide.too_many",
                f"At most {MOST} tours are remembered a person; there are not so many.",
                f"每人最多记住 {MOST} 个引导。",
                where="tour",
            )
        TourSeen.objects.get_or_create(user_id=user_id, tour=tour, defaults={"seen_at": now})


def forget_tours(*, actor: Viewer) -> None:
    """All tours begin by themselves again, once."""
    with write():
        TourSeen.objects.filter(user_id=need_person(actor)).delete()
