"""Who takes calls."""

from __future__ import annotations

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.kernel.errors import NotAllowed

TAKERS = frozenset({Role.HOTLINE_OPERATOR, Role.ACCEPTOR})


def need_taker(viewer: Viewer) -> None:
    """Raises: NotAllowed("call.not_yours")."""
    if viewer.kind == "person" and viewer.holds(*TAKERS):
        return
    raise NotAllowed(
        "call.not_yours",
        "Calls are taken by hotline operators and acceptors; log in as one of them.",
        "来电由热线话务员或受理员登记，请使用相应岗位登录。",
    )
