"""Who keeps filters, and who may share them with whom."""

from __future__ import annotations

from cityloop.business.desk.domain import READERS
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.kernel.errors import NotAllowed


def check_may_keep(viewer: Viewer) -> int:
    """The id of the person. Raises: NotAllowed("desk.not_yours")."""
    if viewer.kind == "person" and viewer.user_id is not None and viewer.holds(*READERS):
        return viewer.user_id
    raise NotAllowed(
        "desk.not_yours",
        "The desk is for people who work on cases; log in with such a role.",
        "工作台仅供办理案卷的人员使用，请使用相应岗位登录。",
    )


def check_may_share(viewer: Viewer, role: Role) -> None:
    """With the own role; the district's supervisor with every role of the desk.

    Raises: NotAllowed("filter.share").
    """
    if role in READERS and (viewer.holds(role) or viewer.holds(Role.SUPERVISOR_DISTRICT)):
        return
    raise NotAllowed(
        "filter.share",
        f"A filter is shared with a role that you hold yourself; you do not hold '{role.value}'.",
        f"只能共享给自己所在的岗位，您未担任“{role.value}”。",
        where="role",
    )
