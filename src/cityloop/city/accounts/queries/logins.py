"""Log-ins and roles asked for, as lists for a viewer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cityloop.city.accounts.domain import ROLE_NAMES, Role, Viewer
from cityloop.city.accounts.models import LoginSession, RoleRequest, User
from cityloop.city.accounts.rules import may_see_people, need_person, need_role
from cityloop.kernel.errors import NotAllowed

MOST = 200


def login_sessions(
    *, viewer: Viewer, user_id: int | None, live: bool, before: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Log-ins, newest first: one's own; everybody's for the security and the audit administrator.

    live: only those that nobody ended and whose time is not over.
    Raises: NotAllowed("role.needed") for those of others.
    """
    own = need_person(viewer)
    if user_id != own:
        if user_id is not None or not viewer.holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            user_id = own if user_id is None else user_id
        if user_id != own:
            need_role(viewer, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    rows = LoginSession.objects.select_related("user").order_by("-pk")
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if live:
        rows = rows.filter(ended_at__isnull=True)
    if before:
        rows = rows.filter(pk__lt=before)
    return [_login(row) for row in rows[: max(1, min(limit, MOST))]]


def role_requests(
    *, viewer: Viewer, state: str = "asked", after: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Roles asked for, oldest first, for the three administrators. Raises: NotAllowed."""
    need_role(viewer, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    rows = RoleRequest.objects.filter(state=state, pk__gt=after).order_by("pk")
    return requests_out(rows[: max(1, min(limit, MOST))])


def requests_out(rows: Any) -> list[dict[str, Any]]:
    """Roles asked for, in words."""
    joined = rows.select_related("user", "area", "department").defer("area__boundary")
    return [_request(row) for row in joined]


def names_for(user_ids: Iterable[int], *, viewer: Viewer) -> dict[int, str]:
    """Names of users by id, for those who may read the list of people.

    Raises: NotAllowed("people.closed").
    """
    if not may_see_people(viewer):
        raise NotAllowed(
            "people.closed",
            "Names are open to desks, supervisors, department leads and administrators.",
            "姓名仅对受理派遣席、督办、部门负责人和管理员开放。",
        )
    rows = User.objects.filter(pk__in=set(user_ids)).exclude(role_holdings__role=Role.CITIZEN)
    return {user.pk: str(user) for user in rows}


def _login(row: LoginSession) -> dict[str, Any]:
    names = ("opened_at", "seen_at", "ends_at", "source", "agent", "ended_at", "ended_how")
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    return shown | {
        "id": row.pk,
        "user_id": row.user_id,
        "user_name": str(row.user),
        "idle_minutes": row.idle_s // 60,
    }


def _request(row: RoleRequest) -> dict[str, Any]:
    zh, en = ROLE_NAMES[Role(row.role)]
    names = ("role", "area_id", "department_id", "until", "asked_at", "asked_by", "state")
    shown: dict[str, Any] = {name: getattr(row, name) for name in names}
    return shown | {
        "id": row.pk,
        "user_id": row.user_id,
        "username": row.user.username,
        "user_name": str(row.user),
        "role_zh": zh,
        "role_en": en,
        "area_name": row.area.name_zh if row.area else None,
        "department_name": row.department.name_zh if row.department else None,
        "problem": row.problem,
    }
