"""Who keeps areas, duty grids and shifts."""

from __future__ import annotations

from cityloop.city.accounts.domain import ADMINISTRATORS, DESK, SUPERVISORS, Role, Viewer
from cityloop.city.accounts.rules import need_role, need_scope

KEEPS_AREAS = frozenset({Role.SYSTEM_ADMIN})
KEEPS_DUTY = frozenset({Role.SYSTEM_ADMIN, *SUPERVISORS})
SEES_ROLES = frozenset({*ADMINISTRATORS, *SUPERVISORS})
SEES_DUTY = frozenset({*ADMINISTRATORS, *DESK, *SUPERVISORS, Role.GRID_WORKER, Role.ANALYST})


def need_area_keeper(actor: Viewer) -> None:
    """Areas, boundaries and names are the system administrator's, or a token's with the scope."""
    _need(actor, KEEPS_AREAS)


def need_duty_keeper(actor: Viewer, path: tuple[int | None, ...] | None = None) -> None:
    """Duty grids and shifts: the system administrator, or a supervisor of the area."""
    if path is not None and not actor.is_system and actor.holds(*SUPERVISORS):
        if actor.holds_in(path, *KEEPS_DUTY):
            return
        _need(actor, KEEPS_AREAS)
        return
    _need(actor, KEEPS_DUTY if path is None else KEEPS_AREAS)


def need_duty_reader(viewer: Viewer) -> None:
    """Who is on duty is for those who work with grid workers, not for the public."""
    need_scope(viewer, "places:read")
    need_role(viewer, *SEES_DUTY)


def _need(actor: Viewer, roles: frozenset[Role]) -> None:
    need_scope(actor, "places:write")
    need_role(actor, *sorted(roles))
