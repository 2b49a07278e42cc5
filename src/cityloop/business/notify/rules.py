"""Who may manage what leaves the platform."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role


def need_webhooks(viewer: Viewer) -> None:
    """Connections to other systems are the system administrator's. Raises: NotAllowed."""
    need_role(viewer, Role.SYSTEM_ADMIN)
