"""Who may change how cases are routed, and who may read it."""

from __future__ import annotations

from cityloop.city.accounts.domain import DEPARTMENT_ROLES, DESK, SUPERVISORS, Role, Viewer
from cityloop.city.accounts.rules import need_role, need_scope

MAY_WRITE = (Role.SUPERVISOR_DISTRICT, Role.SYSTEM_ADMIN)
MAY_READ = tuple(
    sorted(
        DESK
        | SUPERVISORS
        | DEPARTMENT_ROLES
        | {Role.ANALYST, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
    )
)


def need_writer(actor: Viewer) -> None:
    """Raises: NotAllowed unless a district supervisor or the system administrator acts."""
    need_scope(actor, "catalogue:write")
    need_role(actor, *MAY_WRITE)


def need_reader(viewer: Viewer) -> None:
    """Raises: NotAllowed for citizens, grid workers and the public."""
    need_scope(viewer, "catalogue:read")
    need_role(viewer, *MAY_READ)
