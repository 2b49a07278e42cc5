"""Who sets how long data is kept, and who reads it."""

from __future__ import annotations

from cityloop.city.accounts.domain import ADMINISTRATORS, Role, Viewer
from cityloop.city.accounts.rules import need_role


def need_keeper(actor: Viewer) -> None:
    """Raises: NotAllowed unless the security administrator acts."""
    need_role(actor, Role.SECURITY_ADMIN)


def need_reader(viewer: Viewer) -> None:
    """Raises: NotAllowed unless one of the three administrators looks."""
    need_role(viewer, *sorted(ADMINISTRATORS))
