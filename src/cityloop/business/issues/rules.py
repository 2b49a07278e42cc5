"""Who reads issues, and who decides on them."""

from __future__ import annotations

from django.db.models import Q

from cityloop.city.accounts.domain import DESK, SUPERVISORS, Role, Viewer
from cityloop.city.viewer import Holding
from cityloop.kernel.errors import NotAllowed

READERS = DESK | SUPERVISORS | {Role.ANALYST}
DECIDERS = frozenset(
    {Role.ACCEPTOR, Role.DISPATCHER, Role.SUPERVISOR_SUBDISTRICT, Role.SUPERVISOR_DISTRICT}
)


def readable_areas(viewer: Viewer) -> Q | None:
    """Filter on members by area; None = the whole city. Raises: NotAllowed("issue.readers")."""
    held = [h for h in viewer.holdings if h.role in READERS]
    if not held or not viewer.may_use("cases:read"):
        raise NotAllowed(
            "issue.readers",
            "Hot issues are for the desk, supervisors and analysts.",
            "热点问题供受理、派遣、话务、督办和分析人员查看。",
        )
    return _areas(held)


def check_decides(viewer: Viewer) -> Q | None:
    """Areas in which the viewer decides. Raises: NotAllowed("issue.deciders")."""
    held = [h for h in viewer.holdings if h.role in DECIDERS]
    if not held or viewer.kind != "person":
        raise NotAllowed(
            "issue.deciders",
            "Acceptors, dispatchers and supervisors of subdistrict or district decide on issues.",
            "热点问题由受理员、派遣员或街道、区级督办人员确认。",
        )
    return _areas(held)


def decides(viewer: Viewer) -> bool:
    """Whether the viewer decides anywhere."""
    return viewer.kind == "person" and viewer.holds(*DECIDERS)


def sees_small_counts(viewer: Viewer) -> bool:
    """The desk and supervisors work on the cases themselves; others see counts from five on."""
    return viewer.holds(*DESK, *SUPERVISORS)


def _areas(held: list[Holding]) -> Q | None:
    if any(h.area_id is None or h.level == "city" for h in held):
        return None
    areas = Q(pk__in=[])
    for holding in held:
        if holding.level in {"district", "subdistrict", "community"}:
            areas |= Q(**{f"{holding.level}_id": holding.area_id})
    return areas
