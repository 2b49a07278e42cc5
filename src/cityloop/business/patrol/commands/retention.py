"""Tracks, hours of visits and keys of deliveries go when their day has come."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.patrol.models import Delivery, TrackPart, Visit
from cityloop.business.patrol.settings import patrol_settings
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write


def erase_old(*, now: datetime, limit: int = 1_000) -> int:
    """Delete what is past its day. Returns: rows deleted or coarsened; call again at `limit`."""
    keep = patrol_settings()
    with write():
        due = TrackPart.objects.filter(erase_after__lt=now.date()).order_by("pk")
        ids = list(due.values_list("pk", flat=True)[:limit])
        TrackPart.objects.filter(pk__in=ids).delete()
        hours = Visit.objects.filter(at__lt=now - keep.track).order_by("pk")
        coarse = list(hours.values_list("pk", flat=True)[:limit])
        Visit.objects.filter(pk__in=coarse).update(at=None)
        old = Delivery.objects.filter(at__lt=now - keep.deliveries).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=keys).delete()
        if ids:
            record(
                Draft("patrol.tracks_erased", "patrol", 0, {"parts": len(ids)}),
                actor=SYSTEM,
                now=now,
            )
    return max(len(ids), len(coarse), len(keys))
