"""Who may manage what leaves the platform."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.kernel.errors import NotAllowed


def need_webhooks(viewer: Viewer) -> None:
    """Connections to other systems are the system administrator's. Raises: NotAllowed."""
    need_role(viewer, Role.SYSTEM_ADMIN)


def need_person(viewer: Viewer) -> int:
    """Who is told is a person, not a token. Returns the user's id. Raises: NotAllowed."""
    if viewer.kind != "person" or viewer.user_id is None:
        raise NotAllowed(
            "notice.person",
            "Notices are for the person they were written to; log in.",
            "提醒只给本人查看，请登录。",
        )
    return viewer.user_id
