"""Roles: asked for by the system administrator, decided by the security administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cityloop.city.accounts.commands.roles import grant_role, known_role
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.models import RoleHolding, RoleRequest, User
from cityloop.city.accounts.rules import need_role
from cityloop.city.audit.commands import Draft, record, record_many
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError, NotFound


@dataclass(slots=True)
class Decided:
    """What came of a decision: how many, and those that could not be granted, by id."""

    granted: int = 0
    refused: int = 0
    problems: list[int] = field(default_factory=list)


def ask_for_role(
    user_id: int,
    role: Role | str,
    *,
    area_id: int | None = None,
    department_id: int | None = None,
    until: datetime | None = None,
    actor: Viewer,
    now: datetime,
) -> int | None:
    """Put a role before the security administrator; None where it is held or asked for already.

    Raises: NotAllowed, DomainError("role.unknown"), NotFound("account.unknown").
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    wanted = {
        "user_id": user_id,
        "role": known_role(role).value,
        "area_id": area_id,
        "department_id": department_id,
    }
    with write():
        if not User.objects.filter(pk=user_id).exists():
            raise NotFound("account.unknown", f"There is no user {user_id}.", "没有此用户。")
        held = RoleHolding.objects.live().filter(**wanted).exists()
        if held or RoleRequest.objects.filter(state=RoleRequest.ASKED, **wanted).exists():
            return None
        row = RoleRequest.objects.create(
            **wanted, until=until, asked_at=now, asked_by=actor.user_id
        )
        data = {"request": row.pk, "role": row.role, "area": area_id, "department": department_id}
        record(Draft("role.asked", "user", user_id, data), actor=actor, now=now)
    return row.pk


def decide_roles(ids: Sequence[int], *, grant: bool, actor: Viewer, now: datetime) -> Decided:
    """Grant or refuse roles asked for. One that cannot be granted says why and waits on.

    Raises: NotAllowed.
    """
    need_role(actor, Role.SECURITY_ADMIN)
    done = Decided()
    for pk in ids:
        with write():
            rows = RoleRequest.objects.select_for_update(of=("self",))
            row = rows.filter(pk=pk, state=RoleRequest.ASKED).first()
            if row is None:
                continue
            _decide(row, grant, done, actor, now)
    return done


def _decide(row: RoleRequest, grant: bool, done: Decided, actor: Viewer, now: datetime) -> None:
    if grant:
        try:
            with write():
                grant_role(
                    row.user_id,
                    row.role,
                    area_id=row.area_id,
                    department_id=row.department_id,
                    until=row.until,
                    actor=actor,
                    now=now,
                )
        except DomainError as error:
            row.problem = error.message(actor.language)[:400]
            row.save(update_fields=["problem"])
            done.problems.append(row.pk)
            return
        done.granted += 1
    else:
        draft = Draft("role.refused", "user", row.user_id, {"request": row.pk, "role": row.role})
        record_many([draft], actor=actor, now=now)
        done.refused += 1
    row.state = RoleRequest.GRANTED if grant else RoleRequest.REFUSED
    row.decided_at, row.decided_by, row.problem = now, actor.user_id, ""
    row.save(update_fields=["state", "decided_at", "decided_by", "problem"])
