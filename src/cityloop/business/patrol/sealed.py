"""What is sealed here."""

from __future__ import annotations

from cityloop.business.patrol.domain import seal_context
from cityloop.business.patrol.models import TrackPart
from cityloop.city.key_rings import Sealed, register

register(
    Sealed(
        "reporters",
        TrackPart,
        ("points",),
        lambda row, _: seal_context(row.patrol_id, row.first_at),
    )
)
