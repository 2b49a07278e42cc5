"""Who may read the catalogue and write a new version of it."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role, need_scope
from cityloop.kernel.errors import NotAllowed


def need_writer(actor: Viewer) -> None:
    """Raises: NotAllowed unless the system administrator (or the system) acts."""
    need_scope(actor, "catalogue:write")
    need_role(actor, Role.SYSTEM_ADMIN)


def need_reader(viewer: Viewer) -> None:
    """Raises: NotAllowed unless somebody is logged in, with a token that may read it."""
    if viewer.kind == "public":
        raise NotAllowed("login.needed", "Log in first.", "请先登录。", status=401)
    need_scope(viewer, "catalogue:read")
