"""Who brings geography in."""

from __future__ import annotations

from cityloop.city.accounts.domain import Viewer
from cityloop.city.places.rules import need_area_keeper


def need_geographer(actor: Viewer) -> None:
    """Areas and registers are the system administrator's, or a token's with places:write."""
    need_area_keeper(actor)
