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


KEEPS_CARDS = frozenset({Role.SUPERVISOR_COMMUNITY})


def need_planner(actor: Viewer, path: tuple[int | None, ...] | None) -> None:
    """Plans: the system administrator anywhere, a supervisor in the own area."""
    need_scope(actor, "places:write")
    if path is not None and actor.holds_in(path, *SUPERVISORS):
        return
    need_role(actor, *sorted(KEEPS))


def need_card_keeper(actor: Viewer, path: tuple[int | None, ...]) -> None:
    """Cards of persons are the community supervisor's of that community, nobody else's.

    Not the administrators' and no token's. Raises: NotAllowed("persons.not_yours").
    """
    if actor.kind == "person" and actor.holds_in(path, *KEEPS_CARDS):
        return
    raise NotAllowed(
        "persons.not_yours",
        "Cards of persons are kept and opened by the supervisor of their community alone.",
        "人员卡片仅由所属社区的督办人员维护和查看。",
    )
