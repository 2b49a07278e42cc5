"""Who may read the figures."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.kernel.errors import NotAllowed

READERS = frozenset(
    {
        Role.SUPERVISOR_DISTRICT,
        Role.SUPERVISOR_SUBDISTRICT,
        Role.ANALYST,
        Role.SYSTEM_ADMIN,
    }
)


def check_may_read(viewer: Viewer) -> None:
    """Raises: NotAllowed("usage.not_yours")."""
    if viewer.is_system or viewer.holds(*READERS):
        return
    raise NotAllowed(
        "usage.not_yours",
        "Usage figures are for district and subdistrict supervisors, analysts and the system "
        "administrator. Your own history is at /usage/mine.",
        "使用情况仅限区级、街道督办、分析员和系统管理员查看；您自己的记录见“我的使用记录”。",
    )


def check_is_person(viewer: Viewer) -> int:
    """The person's id. Raises: NotAllowed("usage.person_only")."""
    if viewer.kind != "person" or viewer.user_id is None:
        raise NotAllowed(
            "usage.person_only",
            "Only a person has a history of use. Log in as one.",
            "只有登录的人员才有使用记录。",
        )
    return viewer.user_id
