"""The three administrators of a new city: three persons, made together or not at all."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.accounts.commands.roles import grant_role
from cityloop.city.accounts.commands.users import Created, create_user
from cityloop.city.accounts.domain import ADMINISTRATORS, ROLE_NAMES, SYSTEM, Role
from cityloop.city.accounts.models import RoleHolding
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict

PERSONS = {
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditadmin": Role.AUDIT_ADMIN,
}


def appoint_administrators(*, now: datetime) -> list[Created]:
    """sysadmin, secadmin and auditadmin, each with a one-time password.

    Raises: Conflict("setup.done") when one of the three posts is held already.
    """
    with write():
        held = RoleHolding.objects.filter(role__in=[*ADMINISTRATORS], ended_at__isnull=True)
        if held.exists():
            raise Conflict(
                "setup.done",
                "The administrators exist already; on the console `create user` and `grant role` "
                "replace one.",
                "三员已设立；如需更换，请在控制台使用 create user 与 grant role。",
            )
        return [_appoint(name, role, now) for name, role in PERSONS.items()]


def _appoint(name: str, role: Role, now: datetime) -> Created:
    made = create_user(name, display_name=ROLE_NAMES[role][0], actor=SYSTEM, now=now)
    grant_role(made.user_id, role, actor=SYSTEM, now=now)
    return made
