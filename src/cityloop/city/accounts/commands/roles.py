"""Roles: granted and ended by the security administrator, to others only."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError

from cityloop.city.accounts.domain import ADMINISTRATORS, DEPARTMENT_ROLES, SYSTEM, Role, Viewer
from cityloop.city.accounts.models import Department, RoleHolding, User
from cityloop.city.accounts.rules import LEVEL_OF_ROLE, need_role, refuse_self
from cityloop.city.audit.commands import Draft, record, record_many
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

_ADMINISTRATORS = [r.value for r in sorted(ADMINISTRATORS)]


def grant_role(
    user_id: int,
    role: Role | str,
    *,
    area_id: int | None = None,
    department_id: int | None = None,
    until: datetime | None = None,
    actor: Viewer,
    now: datetime,
) -> RoleHolding:
    """A role for a user in an area (None = whole city), for a department where it needs one.

    until: the moment it ends by itself; None = until somebody ends it.

    Raises: NotAllowed("role.needed" | "role.self" | "role.three_persons"), NotFound for user, area
        or department, DomainError("role.unknown" | "role.department" | "role.level" |
        "role.until"), Conflict("role.held").
    """
    need_role(actor, Role.SECURITY_ADMIN)
    refuse_self(actor, user_id)
    holding = RoleHolding(
        user_id=user_id,
        role=known_role(role),
        area_id=area_id,
        department_id=department_id,
        granted_at=now,
        granted_by_id=actor.user_id,
        until=_future(until, now),
    )
    with write():
        user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
        if user is None:
            raise NotFound(
                "account.unknown",
                f"There is no active user {user_id}.",
                f"没有在用用户 {user_id}。",
            )
        _check_department(holding)
        _check_area(holding)
        _refuse_held(holding)
        _refuse_second_administrator(holding)
        _save(holding)
        _follow_site_access(user)
        record(_draft("role.granted", holding), actor=actor, now=now)
    return holding


def end_role(holding_id: int, *, actor: Viewer, now: datetime) -> RoleHolding:
    """End a role; the row stays as history.

    Raises: Conflict("role.ended" | "role.last_administrator").
    """
    need_role(actor, Role.SECURITY_ADMIN)
    with write():
        holding = (
            RoleHolding.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(pk=holding_id)
            .first()
        )
        if holding is None:
            raise NotFound(
                "role.no_such", f"There is no role holding {holding_id}.", "没有此任职。"
            )
        if holding.ended_at is not None:
            raise Conflict("role.ended", "This role has already ended.", "该任职已结束。")
        _keep_one_administrator(holding, actor)
        holding.ended_at = now
        holding.save(update_fields=["ended_at"])
        _follow_site_access(holding.user)
        record(_draft("role.ended", holding), actor=actor, now=now)
    return holding


def end_expired_roles(*, now: datetime) -> int:
    """End the roles whose period is over, on record; how many there were."""
    with write():
        rows = RoleHolding.objects.select_for_update(of=("self",)).select_related("user")
        due = list(rows.filter(ended_at__isnull=True, until__lte=now).order_by("pk")[:500])
        for holding in due:
            holding.ended_at = now
            holding.save(update_fields=["ended_at"])
            _follow_site_access(holding.user)
        if due:
            record_many([_draft("role.expired", h) for h in due], actor=SYSTEM, now=now)
    return len(due)


def _future(until: datetime | None, now: datetime) -> datetime | None:
    if until is not None and until <= now:
        raise DomainError(
            "role.until",
            f"The period ends at {until.isoformat()}, which is not in the future.",
            f"任期截止时间 {until.isoformat()} 不在将来。",
            where="until",
        )
    return until


def known_role(role: Role | str) -> Role:
    """A role by its key. Raises: DomainError("role.unknown")."""
    try:
        return Role(role)
    except ValueError:
        raise DomainError(
            "role.unknown",
            f"There is no role {role!r:.60}. Roles: {', '.join(r.value for r in Role)}.",
            f"没有角色 {role!r:.60}。可选：{'、'.join(r.value for r in Role)}。",
            where="role",
        ) from None


def _check_department(holding: RoleHolding) -> None:
    if Role(holding.role) in DEPARTMENT_ROLES and holding.department_id is None:
        raise DomainError(
            "role.department",
            "A handler or department lead is appointed for a department: give department_id.",
            "处置人、部门负责人须指定部门。",
            where="department_id",
        )
    wanted = holding.department_id
    if wanted and not Department.objects.filter(pk=wanted, active=True).exists():
        raise NotFound(
            "department.unknown",
            f"There is no active department {wanted}.",
            f"没有在用部门 {wanted}。",
            where="department_id",
        )


def _check_area(holding: RoleHolding) -> None:
    level = LEVEL_OF_ROLE.get(Role(holding.role))
    found = None
    if holding.area_id is not None:
        try:
            found = holding.area
        except ObjectDoesNotExist:
            found = None
        if found is None or found.valid_until is not None:
            raise NotFound(
                "place.unknown",
                f"There is no area {holding.area_id} now.",
                f"当前没有区域 {holding.area_id}。",
                where="area_id",
            )
    if level and (found is None or found.level != level):
        raise DomainError(
            "role.level",
            f"{holding.role} is held in an area of level {level}"
            + (f", not {found.level}." if found else "; give area_id."),
            f"{holding.role} 须在 {level} 级区域任职。",
            where="area_id",
        )


def _refuse_held(holding: RoleHolding) -> None:
    held = RoleHolding.objects.filter(
        user_id=holding.user_id,
        role=holding.role,
        area_id=holding.area_id,
        department_id=holding.department_id,
        ended_at__isnull=True,
    )
    if held.exists():
        raise Conflict(
            "role.held", "This user already holds this role there.", "该用户已在此任该角色。"
        )


def _refuse_second_administrator(holding: RoleHolding) -> None:
    if Role(holding.role) not in ADMINISTRATORS:
        return
    if RoleHolding.objects.filter(
        user_id=holding.user_id, role__in=_ADMINISTRATORS, ended_at__isnull=True
    ).exists():
        raise _three_persons()


def _save(holding: RoleHolding) -> None:
    try:
        with write():
            holding.save(force_insert=True)
    except IntegrityError as error:
        if Role(holding.role) in ADMINISTRATORS:
            raise _three_persons() from error
        raise


def _three_persons() -> NotAllowed:
    return NotAllowed(
        "role.three_persons",
        "System, security and audit administrator are three different persons; this user "
        "already is one of them. Appoint somebody else, or end the other role first.",
        "系统、安全、审计管理员必须由三人分任，该用户已任其一。请另选他人，或先免去原角色。",
        where="role",
    )


def _keep_one_administrator(holding: RoleHolding, actor: Viewer) -> None:
    if Role(holding.role) not in ADMINISTRATORS or actor.is_system:
        return
    others = RoleHolding.objects.filter(
        role=holding.role, ended_at__isnull=True, user__is_active=True
    ).exclude(pk=holding.pk)
    if not others.exists():
        raise Conflict(
            "role.last_administrator",
            f"This is the last {holding.role}. Appoint a successor first.",
            f"这是最后一位 {holding.role}，请先任命继任者。",
        )


def _follow_site_access(user: User) -> None:
    """The staff site is open to whoever holds a post; what it shows follows from the roles."""
    posts = RoleHolding.objects.filter(user=user, ended_at__isnull=True)
    staff = posts.exclude(role=Role.CITIZEN).exists()
    if user.is_staff != staff:
        user.is_staff = staff
        user.save(update_fields=["is_staff"])


def _draft(kind: str, holding: RoleHolding) -> Draft:
    return Draft(
        kind,
        "user",
        holding.user_id,
        {
            "holding": holding.pk,
            "role": str(Role(holding.role)),
            "area": holding.area_id,
            "department": holding.department_id,
            **({"until": holding.until.isoformat()} if holding.until else {}),
        },
    )
