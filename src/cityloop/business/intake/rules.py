"""Who may import."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.kernel.errors import NotAllowed

IMPORTERS = frozenset(
    {Role.HOTLINE_OPERATOR, Role.ACCEPTOR, Role.DISPATCHER, Role.SUPERVISOR_DISTRICT}
)


def need_importer(viewer: Viewer) -> None:
    """Raises: NotAllowed("import.not_yours")."""
    if viewer.is_system or (viewer.holds(*IMPORTERS) and viewer.may_use("reports:write")):
        return
    raise NotAllowed(
        "import.not_yours",
        "Files of reports are imported by the desk (hotline operator, acceptor, dispatcher) or "
        "the district supervisor.",
        "批量导入由热线话务员、受理员、派遣员或区级督办办理。",
    )
