"""Who may see the overview of which area."""

from __future__ import annotations

from cityloop.city.accounts.domain import ADMINISTRATORS, SUPERVISORS, Role, Viewer
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotAllowed, NotFound

READERS = SUPERVISORS | {
    Role.ANALYST,
    Role.ACCEPTOR,
    Role.DISPATCHER,
    Role.HOTLINE_OPERATOR,
    Role.DEPARTMENT_LEAD,
    Role.GRID_WORKER,
}


def check_may_overview(viewer: Viewer, area_id: int | None) -> int:
    """The area to show: as asked, or the viewer's widest.

    Raises: NotAllowed("overview.not_yours"), NotFound("area.none") before areas are imported.
    """
    areas = tree()
    if not areas.roots:
        raise NotFound(
            "area.none",
            "No area has been imported yet. Run `cityloop import areas FILE`.",
            "尚未导入区域，请先运行 cityloop import areas。",
        )
    root = areas.roots[0].id
    if viewer.is_system:
        return area_id or root
    held = [h for h in viewer.holdings if h.role in READERS - ADMINISTRATORS]
    if not held or not viewer.may_use("stats:read"):
        raise _not_yours()
    if area_id is None:
        return next((h.area_id for h in held if h.area_id), None) or root
    if any(h.area_id is None or h.area_id in areas.path(area_id).ids() for h in held):
        return area_id
    raise _not_yours()


def _not_yours() -> NotAllowed:
    return NotAllowed(
        "overview.not_yours",
        "The overview of this area is for its desks, supervisors and analysts.",
        "该区域总览仅限本区域的受理、派遣、督办与分析岗位查看。",
    )
