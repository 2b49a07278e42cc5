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
