"""Which elements lie in an area."""

from __future__ import annotations

from django.db.models import Q

from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level


def conditions(area_code: str) -> Q:
    """For current elements of an area, a cell or anything above it.

    Raises: NotFound("place.unknown_code").
    """
    tree = places.tree()
    area = tree.by_code(area_code)
    if area.level is Level.CELL:
        return Q(community_id=area.parent_id, cell_id=area.id)
    return Q(community_id__in=communities_below(area.id))


def communities_below(area_id: int | None) -> list[int]:
    """Communities at or below an area, their ids; None = all."""
    tree = places.tree()
    if area_id is not None and tree.get(area_id).level is Level.CELL:
        parent = tree.get(area_id).parent_id
        return [] if parent is None else [parent]
    return [a.id for a in tree.below(area_id, Level.COMMUNITY)]
