"""Each supervisor sees the own area and what lies below it."""

from __future__ import annotations

from cityloop.business.supervision.domain import LEVEL_OF
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.places.domain import AreaInfo
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotAllowed

READERS = frozenset(LEVEL_OF) | {Role.ANALYST}


def own_areas(viewer: Viewer) -> list[AreaInfo]:
    """Areas the viewer supervises, highest first; a role held everywhere: the roots."""
    known, found = tree(), {}
    for holding in viewer.holdings:
        if holding.role not in READERS:
            continue
        held = known.roots if holding.area_id is None else [known.get(holding.area_id)]
        found.update({area.id: area for area in held})
    order = ("city", "district", "subdistrict", "community", "cell")
    return sorted(found.values(), key=lambda a: (order.index(a.level.value), a.code))


def watched_area(viewer: Viewer, area_id: int | None) -> AreaInfo:
    """The area asked for, the viewer's highest by default.

    Raises: NotAllowed("supervision.not_yours"), NotFound("place.unknown").
    """
    own = own_areas(viewer)
    if not own:
        raise _not_yours()
    if area_id is None:
        return own[0]
    area = tree().get(area_id)
    above = {a.id for a in tree().chain(area.id)}
    if not above & {a.id for a in own}:
        raise _not_yours()
    return area


def _not_yours() -> NotAllowed:
    return NotAllowed(
        "supervision.not_yours",
        "Supervision is for supervisors of the area or of one above it.",
        "督办页面仅供本区域及上级督办人员使用。",
    )
