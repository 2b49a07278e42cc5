"""Who divides communities: whoever keeps the areas."""

from __future__ import annotations

from cityloop.city.places.rules import need_area_keeper

__all__ = ["need_area_keeper"]
