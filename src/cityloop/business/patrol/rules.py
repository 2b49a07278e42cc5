"""Who plans patrols, who sees coverage, who may open a track."""

from __future__ import annotations

from collections.abc import Iterable

from cityloop.city.accounts.domain import DESK, SUPERVISORS, Role, Viewer
from cityloop.city.accounts.rules import need_person, need_role
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotAllowed

SEES_COVERAGE = frozenset({*SUPERVISORS, *DESK, Role.ANALYST, Role.GRID_WORKER, Role.SYSTEM_ADMIN})
SEES_PATROLS = SUPERVISORS
# The whole of a plan must lie in the area of who keeps it.
KEEPS_PLANS = frozenset({*SUPERVISORS, Role.SYSTEM_ADMIN})


def need_worker(viewer: Viewer) -> int:
    """The user id of a grid worker. Raises: NotAllowed("login.needed", "role.needed")."""
    user_id = need_person(viewer)
    need_role(viewer, Role.GRID_WORKER)
    return user_id


def need_in_all(viewer: Viewer, area_ids: Iterable[int], roles: frozenset[Role]) -> None:
    """Raises: NotAllowed("patrol.not_your_area") unless a role is held above each of the areas."""
    if viewer.is_system:
        return
    need_role(viewer, *sorted(roles))
    areas = tree()
    for area_id in area_ids:
        if not viewer.holds_in(areas.path(area_id).ids(), *roles):
            area = areas.get(area_id)
            raise NotAllowed(
                "patrol.not_your_area",
                f"{area.code} {area.name_en or area.name_zh} lies outside the areas in which you "
                "hold this role.",
                f"{area.code} {area.name_zh} 不在您的管辖区域内。",
            )
