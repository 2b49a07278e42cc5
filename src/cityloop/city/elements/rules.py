"""Who keeps the registers, who reads them, who inspects."""

from __future__ import annotations

from cityloop.city.accounts.domain import (
    ADMINISTRATORS,
    DEPARTMENT_ROLES,
    DESK,
    SUPERVISORS,
    Role,
    Viewer,
)
from cityloop.city.accounts.rules import need_role, need_scope
from cityloop.kernel.errors import NotAllowed

KEEPS = frozenset({Role.SYSTEM_ADMIN})
READS = frozenset(
    {*ADMINISTRATORS, *DESK, *SUPERVISORS, *DEPARTMENT_ROLES, Role.GRID_WORKER, Role.ANALYST}
)
INSPECTS = frozenset({Role.GRID_WORKER})


def need_keeper(actor: Viewer) -> None:
    """Registers are kept by the system administrator, or by a token's bearer with the scope."""
    need_scope(actor, "places:write")
    need_role(actor, *sorted(KEEPS))


def need_reader(viewer: Viewer) -> None:
    """Registers hold no persons; whoever works in the city reads them, the public does not."""
    need_scope(viewer, "places:read")
    need_role(viewer, *sorted(READS))


def need_inspector(actor: Viewer, path: tuple[int | None, ...]) -> None:
    """A grid worker inspects where the role is held; the system administrator anywhere.

    Raises: NotAllowed("element.not_your_cells").
    """
    need_scope(actor, "places:write")
    need_role(actor, *sorted(INSPECTS | KEEPS))
    if actor.is_system or actor.holds(*KEEPS) or actor.holds_in(path, *INSPECTS):
        return
    raise NotAllowed(
        "element.not_your_cells",
        "This component stands outside the area in which you are a grid worker. Tell the "
        "dispatcher what you saw, or report it.",
        "该部件不在您任职的区域内，请告知派遣员或直接上报。",
    )
