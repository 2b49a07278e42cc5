"""Who may practise, and whose record somebody may see."""

from __future__ import annotations

from cityloop.city.accounts.domain import DEPARTMENT_ROLES, SUPERVISORS, Role, Viewer
from cityloop.city.viewer import Holding
from cityloop.kernel.errors import NotAllowed


def check_may_practise(viewer: Viewer) -> int:
    """The person's id. Raises: NotAllowed("practice.staff_only")."""
    staff = viewer.holds(*(set(Role) - {Role.CITIZEN}))
    if viewer.kind == "person" and viewer.user_id is not None and staff:
        return viewer.user_id
    raise NotAllowed(
        "practice.staff_only",
        "Practice is for people with a post; log in as one of them.",
        "练习仅供在岗人员使用，请以工作人员身份登录。",
    )


def looks_after(viewer: Viewer, holdings: tuple[Holding, ...], areas: dict[int, set[int]]) -> bool:
    """Whether the viewer supervises an area in which this person holds a post, or leads the
    person's department.

    Args:
        areas: area id → the areas it lies in (its path).
    """
    leads = viewer.departments(Role.DEPARTMENT_LEAD)
    for held in holdings:
        if held.role in DEPARTMENT_ROLES and held.department_id in leads:
            return True
        if held.role in DEPARTMENT_ROLES or held.role is Role.CITIZEN:
            continue
        path = areas.get(held.area_id or 0, set())
        if viewer.holds_in(path, *SUPERVISORS):
            return True
    return False
