"""Lists of departments, users and tokens, each for a viewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from cityloop.city.accounts.domain import ADMINISTRATORS, Role, Viewer
from cityloop.city.accounts.models import ApiToken, Department, RoleHolding, RoleRequest, User
from cityloop.city.accounts.rules import (
    may_see_people,
    need_role,
    need_scope,
    sees_everybody,
)
from cityloop.kernel.errors import NotAllowed, NotFound

MOST = 200


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A user as shown in a list, with the roles held now."""

    id: int
    username: str
    display_name: str
    language: str
    is_active: bool
    last_login: datetime | None
    holdings: list[dict[str, Any]]


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people at their posts, by id; citizens keep theirs to themselves."""
    rows = User.objects.filter(pk__in={i for i in user_ids if i})
    at_post = rows.filter(role_holdings__role__in=[r.value for r in Role if r is not Role.CITIZEN])
    return {u.pk: str(u) for u in at_post.distinct()}


def departments_by_key() -> dict[str, Department]:
    """All departments, by their key."""
    return {d.key: d for d in Department.objects.all()}


def holders(role: Role, area_ids: Iterable[int]) -> dict[int, list[int]]:
    """Active users who hold a role in each of these areas now, oldest holding first."""
    wanted = set(area_ids)
    rows = RoleHolding.objects.live().filter(role=role, user__is_active=True, area_id__isnull=False)
    if len(wanted) <= MOST:  # more would not fit one statement: read all of the role
        rows = rows.filter(area_id__in=wanted)
    found: dict[int, list[int]] = {}
    for area_id, user_id in rows.order_by("pk").values_list("area_id", "user_id"):
        if area_id in wanted:
            found.setdefault(area_id, []).append(user_id)
    return found


def active_users(usernames: Iterable[str], *, role: Role | None = None) -> dict[str, int]:
    """Ids of active users by name, of those who hold the role where one is asked for."""
    rows = User.objects.filter(is_active=True, username__in=set(usernames))
    if role is not None:
        held = RoleHolding.objects.live().filter(role=role)
        rows = rows.filter(pk__in=held.values("user_id"))
    return dict(rows.values_list("username", "pk"))


def holds_now(user_id: int, role: Role) -> bool:
    """Whether an active user holds a role anywhere."""
    return (
        RoleHolding.objects.live().filter(user_id=user_id, user__is_active=True, role=role).exists()
    )


def users_holding(role: Role, user_ids: Iterable[int]) -> set[int]:
    """Those of these active users who hold a role anywhere now."""
    rows = RoleHolding.objects.live().filter(role=role, user__is_active=True)
    return set(rows.filter(user_id__in=set(user_ids)).values_list("user_id", flat=True))


def live_holdings(roles: Iterable[Role]) -> dict[Role, int]:
    """How many active users hold each of these roles."""
    rows = RoleHolding.objects.live().filter(role__in=list(roles), user__is_active=True)
    counted = rows.order_by().values_list("role").annotate(n=Count("user_id", distinct=True))
    return {Role(role): n for role, n in counted}


def waiting_requests() -> int:
    """How many roles are asked for and not decided."""
    return RoleRequest.objects.filter(state=RoleRequest.ASKED).count()


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Who holds which role where. area_id None = the whole city."""

    holding_id: int
    user_id: int
    name: str
    role: str
    area_id: int | None
    area_name: str | None
    department_name: str | None
    until: datetime | None


def role_holders(area_ids: Iterable[int]) -> list[RoleHolder]:
    """Active staff whose role is held in one of these areas or in the whole city."""
    rows = RoleHolding.objects.live().filter(user__is_active=True).exclude(role=Role.CITIZEN)
    rows = rows.filter(area_id__in=set(area_ids)) | rows.filter(area_id__isnull=True)
    joined = rows.select_related("user", "area", "department").defer("area__boundary")
    return [
        RoleHolder(
            h.pk,
            h.user_id,
            str(h.user),
            h.role,
            h.area_id,
            h.area.name_zh if h.area else None,
            h.department.name_zh if h.department else None,
            h.until,
        )
        for h in joined.order_by("role", "pk")[:2000]
    ]


def department_rows(
    *, viewer: Viewer, after: int = 0, limit: int = 50, active: bool | None = True
) -> list[Department]:
    """Departments by id; everybody who is logged in may know them."""
    if viewer.kind == "public":
        raise NotAllowed("login.needed", "Log in first.", "请先登录。", status=401)
    need_scope(viewer, "accounts:read")
    rows = Department.objects.filter(pk__gt=after).order_by("pk")
    if active is not None:
        rows = rows.filter(active=active)
    return list(rows[: _bounded(limit)])


def users(
    *,
    viewer: Viewer,
    after: int = 0,
    limit: int = 50,
    role: Role | None = None,
    department_id: int | None = None,
    area_id: int | None = None,
    search: str = "",
    active: bool | None = None,
) -> list[PersonRow]:
    """Users the viewer may know of, by id.

    Administrators see all, desks and supervisors those who hold or held a post, a department lead
    the own department.
    Raises: NotAllowed("people.closed") for everybody else.
    """
    rows = _visible(viewer).filter(pk__gt=after).order_by("pk")
    held = {"role": role, "department_id": department_id, "area_id": area_id}
    asked = {name: value for name, value in held.items() if value is not None}
    if asked:
        holdings = RoleHolding.objects.live().filter(**asked)
        rows = rows.filter(pk__in=holdings.values("user_id"))
    if active is not None:
        rows = rows.filter(is_active=active)
    if search:
        rows = rows.filter(display_name__icontains=search) | rows.filter(username__icontains=search)
    return [_row(user) for user in rows.prefetch_related(_live())[: _bounded(limit)]]


def person(user_id: int, *, viewer: Viewer) -> PersonRow:
    """One user; everybody may see themselves.

    Raises: NotFound("account.unknown") when there is none, or the viewer may not know.
    """
    rows = User.objects.all() if viewer.user_id == user_id else _visible(viewer)
    user = rows.filter(pk=user_id).prefetch_related(_live()).first()
    if user is None:
        raise NotFound("account.unknown", f"There is no user {user_id}.", f"没有用户 {user_id}。")
    return _row(user)


def tokens(*, viewer: Viewer, after: int = 0, limit: int = 50) -> list[ApiToken]:
    """Tokens by id, without their secrets, for the security and the audit administrator."""
    need_role(viewer, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    rows = ApiToken.objects.filter(pk__gt=after).order_by("pk").select_related("user")
    return list(rows[: _bounded(limit)])


def _visible(viewer: Viewer) -> QuerySet[User]:
    need_scope(viewer, "accounts:read")
    if not may_see_people(viewer):
        raise NotAllowed(
            "people.closed",
            "The list of users is open to desks, supervisors, department leads and administrators.",
            "人员名单仅对受理派遣席、督办、部门负责人和管理员开放。",
        )
    if viewer.is_system or viewer.holds(*ADMINISTRATORS):
        return User.objects.all()
    if sees_everybody(viewer):  # at their posts: citizens keep their names to themselves
        posts = RoleHolding.objects.exclude(role=Role.CITIZEN)
        return User.objects.filter(pk__in=posts.values("user_id"))
    own = RoleHolding.objects.live().filter(
        department_id__in=viewer.departments(Role.DEPARTMENT_LEAD),
    )
    return User.objects.filter(pk__in=own.values("user_id"))


def _live() -> Prefetch[Any]:
    return Prefetch(
        "role_holdings",
        RoleHolding.objects.live()
        .select_related("area", "department")
        .defer("area__boundary")
        .order_by("pk"),
        to_attr="live_holdings",
    )


def _row(user: User) -> PersonRow:
    return PersonRow(
        id=user.pk,
        username=user.username,
        display_name=user.display_name,
        language=user.language,
        is_active=user.is_active,
        last_login=user.last_login,
        holdings=[_holding(h) for h in user.live_holdings],  # type: ignore[attr-defined]
    )


def _holding(held: RoleHolding) -> dict[str, Any]:
    return {
        "id": held.pk,
        "role": held.role,
        "area_id": held.area_id,
        "area_code": held.area.code if held.area else None,
        "area_name": held.area.name_zh if held.area else None,
        "department_id": held.department_id,
        "department_key": held.department.key if held.department else None,
        "department_name": held.department.name_zh if held.department else None,
        "granted_at": held.granted_at,
        "until": held.until,
    }


def _bounded(limit: int) -> int:
    return max(1, min(limit, MOST))
